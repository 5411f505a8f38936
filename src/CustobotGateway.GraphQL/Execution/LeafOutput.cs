using System.Globalization;
using System.Text.Json;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>Result coercion of scalars (spec §3.5) and enums (spec §3.9).</summary>
internal static class LeafOutput
{
    public static bool TryStore(ref ResultValue result, NamedType leaf, in FieldValue value, out string error)
    {
        error = "";
        if (value.Kind == FieldValueKind.Json)
        {
            (result.Kind, result.Reference, result.Bits) = (ResultKind.Json, value.Reference, value.Bits);
            return true;
        }
        switch (leaf)
        {
            case EnumType enumeration:
                if (Text(value) is { } name && enumeration.Values.Find(name) is { } known)
                {
                    (result.Kind, result.Reference) = (ResultKind.String, known.Name);
                    return true;
                }
                error = $"Enum \"{leaf}\" cannot represent value: {Show(value)}";
                return false;
            case ScalarType { ScalarKind: not ScalarKind.Custom } scalar:
                if (TryStore(ref result, scalar.ScalarKind, value))
                {
                    return true;
                }
                error = $"{leaf} cannot represent value: {Show(value)}";
                return false;
            default:
                Store(ref result, value);
                return true;
        }
    }

    private static bool TryStore(ref ResultValue result, ScalarKind kind, in FieldValue value)
    {
        switch (kind)
        {
            case ScalarKind.Int when value is { Kind: FieldValueKind.Integer, Bits: >= int.MinValue and <= int.MaxValue }:
            case ScalarKind.Boolean when value.Kind == FieldValueKind.Boolean:
            case ScalarKind.Float when value.Kind == FieldValueKind.Integer || (value.Kind == FieldValueKind.Number && double.IsFinite(value.Double)):
            case ScalarKind.Float when value is { Kind: FieldValueKind.Object, Reference: decimal }:
                Store(ref result, value);
                return true;
            case ScalarKind.Int when value.Kind == FieldValueKind.Number && double.IsInteger(value.Double)
                && value.Double is >= int.MinValue and <= int.MaxValue:
                (result.Kind, result.Bits) = (ResultKind.Integer, (long)value.Double);
                return true;
            case ScalarKind.String or ScalarKind.Id when Text(value) is { } text:
                (result.Kind, result.Reference) = (ResultKind.String, text);
                return true;
            default:
                return false;
        }
    }

    private static void Store(ref ResultValue result, in FieldValue value) =>
        (result.Kind, result.Reference, result.Bits) = value.Kind switch
        {
            FieldValueKind.String => (ResultKind.String, value.Reference, 0),
            FieldValueKind.Integer => (ResultKind.Integer, null, value.Bits),
            FieldValueKind.Number => (ResultKind.Number, null, value.Bits),
            FieldValueKind.Boolean => (ResultKind.Boolean, null, value.Bits),
            _ => (ResultKind.Other, value.Reference, 0L),
        };

    private static string? Text(in FieldValue value) => value.Kind switch
    {
        FieldValueKind.String => (string)value.Reference!,
        FieldValueKind.Integer => value.Bits.ToString(CultureInfo.InvariantCulture),
        FieldValueKind.Number => value.Double.ToString("R", CultureInfo.InvariantCulture),
        FieldValueKind.Boolean => value.Bits == 0 ? "false" : "true",
        _ => value.Reference switch
        {
            Enum or Guid => value.Reference.ToString(),
            DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
            decimal number => number.ToString(CultureInfo.InvariantCulture),
            Uri address => address.OriginalString,
            _ => null,
        },
    };

    // A class's name tells nothing to the client; a text might.
    private static string Show(in FieldValue value) => Text(value) is { } text ? JsonSerializer.Serialize(text) : "an object";
}
