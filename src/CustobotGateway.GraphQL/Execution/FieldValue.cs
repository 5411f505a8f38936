using System.Text.Json;

namespace CustobotGateway.GraphQL.Execution;

internal enum FieldValueKind : byte
{
    Null,
    Object,
    String,
    Integer,
    Number,
    Boolean,
    Json,
}

/// <summary>What a resolver answers: an object or a list to select from, or a leaf. Numbers and booleans are not boxed.</summary>
public readonly struct FieldValue
{
    internal readonly object? Reference;
    internal readonly long Bits;
    internal readonly FieldValueKind Kind;

    internal FieldValue(FieldValueKind kind, object? reference, long bits) => (Kind, Reference, Bits) = (kind, reference, bits);

    /// <summary>No value.</summary>
    public static FieldValue Null => default;

    /// <summary>Any value: the parent of the fields below, a list, or a leaf of a common type.</summary>
    public static FieldValue From(object? value) => value switch
    {
        null => default,
        string text => new(FieldValueKind.String, text, 0),
        // The object stays with it, in case it is a parent and no leaf.
        bool boolean => new(FieldValueKind.Boolean, value, boolean ? 1 : 0),
        int number => new(FieldValueKind.Integer, value, number),
        long number => new(FieldValueKind.Integer, value, number),
        short number => new(FieldValueKind.Integer, value, number),
        byte number => new(FieldValueKind.Integer, value, number),
        double number => new(FieldValueKind.Number, value, BitConverter.DoubleToInt64Bits(number)),
        float number => new(FieldValueKind.Number, value, BitConverter.DoubleToInt64Bits(number)),
        FieldValue wrapped => wrapped,
        JsonElement json => From(json),
        _ => new(FieldValueKind.Object, value, 0),
    };

    /// <summary>A leaf that is JSON already, in UTF-8; it is written as it is and not checked against its type.</summary>
    public static FieldValue Json(byte[] utf8) => new(FieldValueKind.Json, utf8, utf8.Length);

    /// <summary>A part of an array that is JSON already.</summary>
    public static FieldValue Json(byte[] utf8, int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)offset + (uint)length, (uint)utf8.Length);
        return new(FieldValueKind.Json, utf8, ((long)offset << 32) | (uint)length);
    }

    /// <summary>Text.</summary>
    public static implicit operator FieldValue(string? value) => value is null ? default : new(FieldValueKind.String, value, 0);

    /// <summary>A whole number.</summary>
    public static implicit operator FieldValue(int value) => new(FieldValueKind.Integer, null, value);

    /// <summary>A whole number.</summary>
    public static implicit operator FieldValue(long value) => new(FieldValueKind.Integer, null, value);

    /// <summary>A number.</summary>
    public static implicit operator FieldValue(double value) => new(FieldValueKind.Number, null, BitConverter.DoubleToInt64Bits(value));

    /// <summary>True or false.</summary>
    public static implicit operator FieldValue(bool value) => new(FieldValueKind.Boolean, null, value ? 1 : 0);

    internal double Double => BitConverter.Int64BitsToDouble(Bits);

    internal ReadOnlySpan<byte> Utf8 => ((byte[])Reference!).AsSpan((int)(Bits >> 32), (int)Bits);

    private static FieldValue From(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => default,
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? whole : json.GetDouble(),
        _ => new(FieldValueKind.Object, json, 0),
    };
}
