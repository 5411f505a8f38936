using System.Text.Json;

namespace CustobotGateway.Catalog.Values;

/// <summary>Why a value is refused; <see cref="ValueFaults.Code"/> gives the name on the wire.</summary>
public enum ValueFault : byte
{
    /// <summary>It is not refused.</summary>
    None,

    /// <summary>Null or an empty cell: the attribute is missing. Not a refusal.</summary>
    Missing,

    /// <summary>Another kind of value than the attribute holds.</summary>
    WrongType,

    /// <summary>No unit of that name.</summary>
    UnknownUnit,

    /// <summary>A unit of another dimension than the attribute's.</summary>
    UnitNotConvertible,

    /// <summary>More than 15 significant digits, 10^15 or more, or a whole number beyond 2^53-1.</summary>
    NumberOutOfRange,

    /// <summary>Not an ISO 8601 date, or a time without an offset.</summary>
    BadDate,

    /// <summary>Not a GTIN of 8, 12, 13 or 14 digits with a right check digit.</summary>
    BadGtin,

    /// <summary>Not an ISO 4217 code in upper case.</summary>
    BadCurrency,

    /// <summary>Not a place on earth.</summary>
    BadPlace,

    /// <summary>Longer than the attribute's type allows.</summary>
    TooLong,

    /// <summary>A NUL character, half a surrogate pair, or text that is not UTF-8.</summary>
    BadText,
}

/// <summary>The words for refused values.</summary>
public static class ValueFaults
{
    private static readonly string[] Codes =
        [.. Enum.GetNames<ValueFault>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>The stable name on the wire.</summary>
    public static string Code(this ValueFault fault) => Codes[(int)fault];

    /// <summary>What is wrong and what would be right, for an attribute.</summary>
    public static string Describe(this ValueFault fault, AttributeDefinition attribute) => fault switch
    {
        ValueFault.WrongType => $"'{attribute.Key}' takes {Expected(attribute)}.",
        ValueFault.UnknownUnit => $"No such unit; '{attribute.Key}' is kept in {Unit(attribute)}.",
        ValueFault.UnitNotConvertible => $"The unit does not convert to {Unit(attribute)}, in which '{attribute.Key}' is kept.",
        ValueFault.NumberOutOfRange when attribute.Type is AttributeType.Integer or AttributeType.Money => "A whole number from -(2^53-1) to 2^53-1 is taken.",
        ValueFault.NumberOutOfRange => "At most 15 significant digits are taken, below 10^15 either way.",
        ValueFault.BadDate => "A date is written 2026-03-01 or 2026-03-01T13:00:00Z; a time needs its offset.",
        ValueFault.BadGtin => "A GTIN has 8, 12, 13 or 14 digits, the last of which is the check digit.",
        ValueFault.BadCurrency => "The currency is an ISO 4217 code in upper case, such as USD.",
        ValueFault.BadPlace => "A place is [latitude, longitude] in degrees: -90 to 90 and -180 to 180.",
        ValueFault.TooLong => $"'{attribute.Key}' takes at most {Limit(attribute)}.",
        ValueFault.BadText => "Text may not hold NUL characters or half surrogate pairs.",
        _ => "The value is missing.",
    };

    private static string Expected(AttributeDefinition attribute) => attribute.Type switch
    {
        AttributeType.Text or AttributeType.Keyword => "a string",
        AttributeType.KeywordSet => "an array of strings",
        AttributeType.Boolean => "true or false",
        AttributeType.Integer => "a whole number",
        AttributeType.Decimal => "a number",
        AttributeType.Measure => $$"""a number in {{Unit(attribute)}} or {"value","unit"}""",
        AttributeType.Duration => $$"""a number in {{Unit(attribute)}}, {"value","unit"} or an ISO 8601 duration""",
        AttributeType.Money => """{"amount","currency"}, amount being whole minor units""",
        AttributeType.Date => "an ISO 8601 date",
        AttributeType.Geo => "[latitude, longitude]",
        AttributeType.Gtin => "a GTIN as a string of digits",
        _ => "another type",
    };

    private static string Unit(AttributeDefinition attribute) => attribute.Unit ?? RegisteredAttribute.DefaultUnit(attribute.Type) ?? "1";

    private static string Limit(AttributeDefinition attribute) => attribute.Type switch
    {
        AttributeType.Text => $"{ValueLimits.TextBytes} bytes",
        AttributeType.KeywordSet => $"{ValueLimits.Terms} terms of {ValueLimits.TermBytes} bytes",
        _ => $"{ValueLimits.TermBytes} bytes",
    };
}

/// <summary>How large values may be.</summary>
public static class ValueLimits
{
    /// <summary>Bytes of UTF-8 in a text.</summary>
    public const int TextBytes = 65_536;

    /// <summary>Bytes of UTF-8 in a keyword or a term of a set.</summary>
    public const int TermBytes = 1_024;

    /// <summary>Terms in a keyword set.</summary>
    public const int Terms = 1_000;

    /// <summary>Bytes of UTF-8 in the merchant's own key of a product.</summary>
    public const int ExternalIdBytes = 512;
}
