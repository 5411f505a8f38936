using System.Globalization;

namespace CustobotGateway.MessageSignatures.StructuredFields;

/// <summary>What a bare item is (RFC 9651 §3.3).</summary>
public enum FieldValueKind
{
    /// <summary><c>?1</c> or <c>?0</c>; also a parameter or member without a value.</summary>
    Boolean,

    /// <summary>Up to 15 digits.</summary>
    Integer,

    /// <summary>Up to 12 digits, a point, up to 3 digits; kept in thousandths.</summary>
    Decimal,

    /// <summary>ASCII between quotes.</summary>
    Text,

    /// <summary>A word without quotes.</summary>
    Token,

    /// <summary>Base64 between colons.</summary>
    Bytes,

    /// <summary><c>@</c> and whole seconds since 1970.</summary>
    Date,

    /// <summary>Unicode, percent-encoded between <c>%"</c> and <c>"</c>.</summary>
    DisplayText,
}

/// <summary>A bare item of a structured field.</summary>
public readonly record struct FieldValue
{
    private readonly object? _reference;
    private readonly long _number;

    private FieldValue(FieldValueKind kind, long number, object? reference) => (Kind, _number, _reference) = (kind, number, reference);

    /// <summary>What it is.</summary>
    public FieldValueKind Kind { get; }

    /// <summary>True, which is also what a missing value means.</summary>
    public static FieldValue True { get; } = OfBoolean(true);

    /// <summary>The number, seconds, thousandths of a decimal; 1 or 0 for a Boolean.</summary>
    public long Number => _number;

    /// <summary>The text, token or display text; empty for anything else.</summary>
    public string Text => _reference as string ?? "";

    /// <summary>The bytes; empty for anything else.</summary>
    public ReadOnlyMemory<byte> Bytes => _reference as byte[];

    /// <summary>Whether it is a Boolean that is true.</summary>
    public bool IsTrue => Kind == FieldValueKind.Boolean && _number == 1;

    /// <summary>A Boolean.</summary>
    public static FieldValue OfBoolean(bool value) => new(FieldValueKind.Boolean, value ? 1 : 0, null);

    /// <summary>An integer.</summary>
    public static FieldValue OfInteger(long value) => new(FieldValueKind.Integer, value, null);

    /// <summary>A decimal, in thousandths.</summary>
    public static FieldValue OfThousandths(long value) => new(FieldValueKind.Decimal, value, null);

    /// <summary>A text of printable ASCII.</summary>
    public static FieldValue OfText(string value) => new(FieldValueKind.Text, 0, value);

    /// <summary>A token.</summary>
    public static FieldValue OfToken(string value) => new(FieldValueKind.Token, 0, value);

    /// <summary>Bytes.</summary>
    public static FieldValue OfBytes(byte[] value) => new(FieldValueKind.Bytes, 0, value);

    /// <summary>A date, in seconds since 1970.</summary>
    public static FieldValue OfDate(long seconds) => new(FieldValueKind.Date, seconds, null);

    /// <summary>A display text.</summary>
    public static FieldValue OfDisplayText(string value) => new(FieldValueKind.DisplayText, 0, value);

    /// <summary>As it is written in a field.</summary>
    public override string ToString() => FieldWriter.Write(this);

    /// <inheritdoc/>
    public bool Equals(FieldValue other) => Kind == other.Kind && _number == other._number && Text == other.Text && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, _number, Text.GetHashCode(StringComparison.Ordinal), Bytes.Length);

    /// <summary>The decimal as a number.</summary>
    internal string Decimal()
    {
        var (whole, rest) = Math.DivRem(Math.Abs(_number), 1_000);
        var digits = rest.ToString("000", CultureInfo.InvariantCulture).TrimEnd('0');
        return string.Create(CultureInfo.InvariantCulture, $"{(_number < 0 ? "-" : "")}{whole}.{(digits.Length == 0 ? "0" : digits)}");
    }
}
