using System.Globalization;
using System.Text.Json;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;
using CustobotGateway.GraphQL.Validation;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>Input coercion of scalars (spec §3.5) and enums (spec §3.9), from documents and from JSON.</summary>
internal static class LeafInput
{
    /// <summary>Reads a literal; the error is null where only the type can be named.</summary>
    public static bool TryRead(NamedType leaf, ValueNode node, VariableValues? variables, out object? value, out string? error)
    {
        value = null;
        error = null;
        switch (leaf)
        {
            case EnumType enumeration:
                return TryReadEnum(enumeration, node, out value, out error);
            case ScalarType { ScalarKind: ScalarKind.Custom } custom:
                return TryReadCustom(custom, Untyped(node, variables), out value, out error);
            case ScalarType scalar:
                error = ReadBuiltIn(scalar.ScalarKind, node, out value);
                return error is null;
            default:
                return false;
        }
    }

    /// <summary>Reads a variable's value.</summary>
    public static bool TryRead(NamedType leaf, JsonElement json, out object? value, out string? error)
    {
        value = null;
        error = null;
        switch (leaf)
        {
            case EnumType enumeration:
                return TryReadEnum(enumeration, json, out value, out error);
            case ScalarType { ScalarKind: ScalarKind.Custom } custom:
                return TryReadCustom(custom, Untyped(json), out value, out error);
            case ScalarType scalar:
                error = ReadBuiltIn(scalar.ScalarKind, json, out value);
                return error is null;
            default:
                return false;
        }
    }

    /// <summary>Whether a literal fits a scalar of the language; true for any other type.</summary>
    public static bool Fits(string scalar, ValueNode node)
    {
        ScalarKind? kind = scalar switch
        {
            "Int" => ScalarKind.Int,
            "Float" => ScalarKind.Float,
            "String" => ScalarKind.String,
            "Boolean" => ScalarKind.Boolean,
            "ID" => ScalarKind.Id,
            _ => null,
        };
        return kind is null || ReadBuiltIn(kind.Value, node, out _) is null;
    }

    private static string? ReadBuiltIn(ScalarKind kind, ValueNode node, out object? value)
    {
        value = null;
        switch (kind, node)
        {
            case (ScalarKind.Int, IntValueNode number):
                if (!int.TryParse(number.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
                {
                    return $"Int cannot represent non 32-bit signed integer value: {number.Value}";
                }
                value = whole;
                return null;
            case (ScalarKind.Float, IntValueNode number):
                value = double.Parse(number.Value, NumberStyles.Float, CultureInfo.InvariantCulture);
                return null;
            case (ScalarKind.Float, FloatValueNode number):
                value = double.Parse(number.Value, NumberStyles.Float, CultureInfo.InvariantCulture);
                return null;
            case (ScalarKind.String or ScalarKind.Id, StringValueNode text):
                value = text.Value;
                return null;
            case (ScalarKind.Id, IntValueNode number):
                value = number.Value;
                return null;
            case (ScalarKind.Boolean, BooleanValueNode boolean):
                value = boolean.Value;
                return null;
        }
        return Cannot(kind, "a non-string and non-integer value") + ValuePrinter.Show(node);
    }

    private static string? ReadBuiltIn(ScalarKind kind, JsonElement json, out object? value)
    {
        value = null;
        switch (kind, json.ValueKind)
        {
            case (ScalarKind.Int, JsonValueKind.Number) when json.TryGetInt32(out var whole):
                value = whole;
                return null;
            case (ScalarKind.Int, JsonValueKind.Number) when double.IsInteger(json.GetDouble()):
                if (json.GetDouble() is < int.MinValue or > int.MaxValue)
                {
                    return $"Int cannot represent non 32-bit signed integer value: {JsonInspection.Print(json)}";
                }
                value = (int)json.GetDouble();
                return null;
            case (ScalarKind.Float, JsonValueKind.Number) when double.IsFinite(json.GetDouble()):
                value = json.GetDouble();
                return null;
            case (ScalarKind.String or ScalarKind.Id, JsonValueKind.String):
                value = json.GetString();
                return null;
            case (ScalarKind.Id, JsonValueKind.Number) when json.TryGetInt64(out var whole):
                value = whole.ToString(CultureInfo.InvariantCulture);
                return null;
            case (ScalarKind.Boolean, JsonValueKind.True or JsonValueKind.False):
                value = json.GetBoolean();
                return null;
        }
        return (kind == ScalarKind.Id ? "ID cannot represent value: " : Cannot(kind, "")) + JsonInspection.Print(json);
    }

    private static string Cannot(ScalarKind kind, string id) => kind switch
    {
        ScalarKind.Int => "Int cannot represent non-integer value: ",
        ScalarKind.Float => "Float cannot represent non numeric value: ",
        ScalarKind.String => "String cannot represent a non string value: ",
        ScalarKind.Boolean => "Boolean cannot represent a non boolean value: ",
        _ => $"ID cannot represent {id}: ",
    };

    private static bool TryReadEnum(EnumType type, ValueNode node, out object? value, out string? error)
    {
        value = (node as EnumValueNode)?.Value;
        if (value is string name && type.Values.Find(name) is { } known)
        {
            (value, error) = (known.Name, null);
            return true;
        }
        var shown = ValuePrinter.Show(node);
        error = (value is null ? $"Enum \"{type}\" cannot represent non-enum value: {shown}." : $"Value \"{shown}\" does not exist in \"{type}\" enum.")
            + Suggestions.DidYouMean("the enum value ", shown, type.Values);
        value = null;
        return false;
    }

    private static bool TryReadEnum(EnumType type, JsonElement json, out object? value, out string? error)
    {
        var name = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        if (name is not null && type.Values.Find(name) is { } known)
        {
            (value, error) = (known.Name, null);
            return true;
        }
        value = null;
        var shown = name ?? JsonInspection.Print(json);
        error = (name is null ? $"Enum \"{type}\" cannot represent non-string value: {shown}." : $"Value \"{shown}\" does not exist in \"{type}\" enum.")
            + Suggestions.DidYouMean("the enum value ", shown, type.Values);
        return false;
    }

    private static bool TryReadCustom(ScalarType type, object? untyped, out object? value, out string? error)
    {
        (value, error) = (untyped, null);
        if (type.Read is null || untyped is null)
        {
            return true;
        }
        try
        {
            value = type.Read(untyped);
            return true;
        }
        catch (FormatException failure)
        {
            error = failure.Message;
            return false;
        }
    }

    private static object? Untyped(ValueNode node, VariableValues? variables) => node switch
    {
        IntValueNode number => long.TryParse(number.Value, CultureInfo.InvariantCulture, out var whole)
            ? (object)whole
            : double.Parse(number.Value, CultureInfo.InvariantCulture),
        FloatValueNode number => double.Parse(number.Value, CultureInfo.InvariantCulture),
        StringValueNode text => text.Value,
        BooleanValueNode boolean => boolean.Value,
        EnumValueNode member => member.Value,
        ListValueNode list => list.Values.Select(item => Untyped(item, variables)).ToArray(),
        ObjectValueNode fields => fields.Fields.GroupBy(field => field.Name)
            .ToDictionary(same => same.Key, same => Untyped(same.Last().Value, variables)),
        VariableNode variable when variables is not null && variables.TryGet(variable.Name.Value, out var value) => value,
        _ => null,
    };

    private static object? Untyped(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? (object)whole : json.GetDouble(),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => json.EnumerateArray().Select(Untyped).ToArray(),
        JsonValueKind.Object => json.EnumerateObject().GroupBy(member => member.Name)
            .ToDictionary(same => same.Key, same => Untyped(same.Last().Value)),
        _ => null,
    };
}
