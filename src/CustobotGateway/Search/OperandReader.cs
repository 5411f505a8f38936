using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using CustobotGateway.Catalog;
using CustobotGateway.Catalog.Values;
using CustobotGateway.Common;

namespace CustobotGateway.Search;

/// <summary>What an operand comes to in the index: a number, or the numbers from one to another (a whole day, for a date).</summary>
/// <param name="Lowest">The lowest.</param>
/// <param name="Highest">The highest.</param>
internal readonly record struct OperandNumber(double Lowest, double Highest);

/// <summary>Why an operand is refused.</summary>
/// <param name="Type">The refusal.</param>
/// <param name="Member">The member at fault, below the operand's own pointer: <c>unit</c>, or empty.</param>
/// <param name="Detail">What is wrong and what would be right.</param>
internal readonly record struct OperandFault(ProblemType Type, string Member, string Detail);

/// <summary>Turns operands as given into the numbers that the index keeps: units converted, dates as seconds, digits as numbers.</summary>
internal static class OperandReader
{
    private const decimal LargestNumber = 1_000_000_000_000_000m;
    private const decimal LargestInteger = 9_007_199_254_740_991m;
    private const int GtinLength = 14;
    private const int SecondsPerDay = 86_400;

    private static readonly string[] InstantForms =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK",
    ];

    private static readonly Unit Metre = Units.TryParse("m", out var metre) ? metre : throw new InvalidOperationException("The unit table has no metre.");

    /// <summary>Reads an operand of an attribute that the index keeps as a number.</summary>
    public static bool TryRead(SearchableAttribute attribute, in ConstraintValue value, string? unit, out OperandNumber number, out OperandFault fault)
    {
        number = default;
        if (value.Kind == ConstraintValueKind.OutOfRange)
        {
            fault = OutOfRange(attribute);
            return false;
        }
        if (attribute.Unit is null && (unit ?? (value.Kind == ConstraintValueKind.Measure ? value.Text : null)) is not (null or "1"))
        {
            fault = new(SearchProblems.UnitNotConvertible, "unit", $"{attribute.Key} has no unit.");
            return false;
        }
        return attribute.Type switch
        {
            AttributeType.Boolean => TryReadBoolean(attribute, value, out number, out fault),
            AttributeType.Gtin => TryReadGtin(attribute, value, out number, out fault),
            AttributeType.Date => TryReadDate(attribute, value, out number, out fault),
            AttributeType.Money => TryReadMoney(attribute, value, out number, out fault),
            _ => TryReadQuantity(attribute, value, unit, out number, out fault),
        };
    }

    /// <summary>The radius of a circle in metres.</summary>
    public static bool TryReadCircle(Circle circle, string? unit, out double metres, out OperandFault fault)
    {
        (metres, fault) = (0, default);
        if (circle.Lat is < -90 or > 90 || circle.Lon is < -180 or > 180)
        {
            fault = new(SearchProblems.ValueOutOfRange, circle.Lat is < -90 or > 90 ? "lat" : "lon", "Latitude is -90 to 90 degrees north, longitude -180 to 180 degrees east.");
            return false;
        }
        if (circle.Radius is not > 0 || circle.Radius >= (double)LargestNumber)
        {
            fault = new(SearchProblems.ValueOutOfRange, "radius", "A radius is above 0.");
            return false;
        }
        if (!TryConvert((decimal)circle.Radius, circle.Unit ?? unit ?? "km", Metre, out var converted, out fault))
        {
            return false;
        }
        metres = (double)converted;
        return true;
    }

    /// <summary>The shortest date form of what the index keeps: a day, or an instant in UTC where it has a time.</summary>
    public static string FormatDate(double seconds)
    {
        var instant = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return instant.TimeOfDay == TimeSpan.Zero
            ? instant.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
    }

    private static bool TryReadBoolean(SearchableAttribute attribute, in ConstraintValue value, out OperandNumber number, out OperandFault fault)
    {
        if (value.Kind is not (ConstraintValueKind.True or ConstraintValueKind.False))
        {
            return Refuse(out number, out fault, SearchProblems.ValueTypeMismatch, $"{attribute.Key} is true or false.");
        }
        return Accept(value.Kind == ConstraintValueKind.True ? 1 : 0, out number, out fault);
    }

    private static bool TryReadGtin(SearchableAttribute attribute, in ConstraintValue value, out OperandNumber number, out OperandFault fault)
    {
        if (value.Kind != ConstraintValueKind.Text)
        {
            return Refuse(out number, out fault, SearchProblems.ValueTypeMismatch, $"{attribute.Key} is a GTIN: a string of 8, 12, 13 or 14 digits.");
        }
        Span<byte> given = stackalloc byte[GtinLength], digits = stackalloc byte[GtinLength];
        return Ascii.FromUtf16(value.Text!, given, out var length) == OperationStatus.Done && Gtin.TryNormalize(given[..length], digits, out length)
            && Utf8Parser.TryParse(digits[..length], out long item, out _)
            ? Accept(item, out number, out fault)
            : Refuse(out number, out fault, SearchProblems.ValueInvalid, "A GTIN has 8, 12, 13 or 14 digits, the last of which is the check digit of the others.");
    }

    private static bool TryReadDate(SearchableAttribute attribute, in ConstraintValue value, out OperandNumber number, out OperandFault fault)
    {
        if (value.Kind != ConstraintValueKind.Text)
        {
            return Refuse(out number, out fault, SearchProblems.ValueTypeMismatch, $"{attribute.Key} is a date: \"2026-01-31\", or \"2026-01-31T12:00:00Z\".");
        }
        var text = value.Text!;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            var start = (day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) - DateTime.UnixEpoch).TotalSeconds;
            // The whole day: products that carry a time of that day are of that day, too.
            (number, fault) = (new OperandNumber(start, Math.BitDecrement(start + SecondsPerDay)), default);
            return true;
        }
        if (text.AsSpan().IndexOfAny('Z', '+') > 0 || text.LastIndexOf('-') > 10)
        {
            if (DateTimeOffset.TryParseExact(text, InstantForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
            {
                return Accept((instant - DateTimeOffset.UnixEpoch).TotalSeconds, out number, out fault);
            }
        }
        return Refuse(out number, out fault, SearchProblems.ValueInvalid, "A date is \"2026-01-31\", or an instant with its offset: \"2026-01-31T12:00:00Z\".");
    }

    private static bool TryReadMoney(SearchableAttribute attribute, in ConstraintValue value, out OperandNumber number, out OperandFault fault)
    {
        if (value.Kind != ConstraintValueKind.Money)
        {
            return Refuse(out number, out fault, SearchProblems.ValueTypeMismatch, $"{attribute.Key} is money: {{\"amount\":24900,\"currency\":\"USD\"}}, in minor units.");
        }
        if (value.Number != decimal.Truncate(value.Number))
        {
            return Refuse(out number, out fault, SearchProblems.ValueInvalid, "An amount is a whole number of minor units: 249.00 USD is 24900.");
        }
        return TryBound(attribute, value.Number, out number, out fault);
    }

    private static bool TryReadQuantity(SearchableAttribute attribute, in ConstraintValue value, string? unit, out OperandNumber number, out OperandFault fault)
    {
        decimal converted;
        switch (value.Kind)
        {
            case ConstraintValueKind.Text when attribute.Type == AttributeType.Duration && unit is null:
                if (!IsoDuration.TryParse(value.Text, attribute.Unit!, out converted))
                {
                    return Refuse(out number, out fault, SearchProblems.ValueInvalid, "A duration as a string is one of ISO 8601: P3Y, P2W, PT36H.");
                }
                break;
            case ConstraintValueKind.Number or ConstraintValueKind.Measure:
                if (attribute.Unit is null || (value.Kind == ConstraintValueKind.Measure ? value.Text ?? unit : unit) is not { } given)
                {
                    converted = value.Number;
                }
                else if (!TryConvert(value.Number, given, attribute.Unit, out converted, out fault))
                {
                    number = default;
                    return false;
                }
                break;
            default:
                return Refuse(out number, out fault, SearchProblems.ValueTypeMismatch, attribute.Unit is { } own
                    ? $"{attribute.Key} is a number, in {own.Code} unless a unit is given{(attribute.Type == AttributeType.Duration ? ", or an ISO 8601 duration" : "")}."
                    : $"{attribute.Key} is a number.");
        }
        return TryBound(attribute, converted, out number, out fault);
    }

    private static bool TryConvert(decimal value, string given, Unit to, out decimal converted, out OperandFault fault)
    {
        (converted, fault) = (value, default);
        if (ReferenceEquals(given, to.Code) || given == to.Code)
        {
            return true;
        }
        if (!Units.TryParse(given, to, out var from))
        {
            fault = new(SearchProblems.UnknownUnit, "unit", $"'{given}' is no unit that is known here; {OrSo(Units.Suggest(given, to), to)}");
            return false;
        }
        if (!from.IsCommensurable(to))
        {
            fault = new(SearchProblems.UnitNotConvertible, "unit", $"{from.Code} does not convert to {to.Code}; {OrSo(Units.ConvertibleTo(to), to)}");
            return false;
        }
        if (!Units.TryConvert(value, from, to, out converted))
        {
            fault = new(SearchProblems.ValueOutOfRange, "", $"The value in {to.Code} is too large.");
            return false;
        }
        return true;
    }

    private static string OrSo(IReadOnlyList<string> units, Unit to) =>
        units.Count == 0 ? $"the attribute's own is {to.Code}." : $"there are {string.Join(", ", units.Take(8))}.";

    private static bool TryBound(SearchableAttribute attribute, decimal value, out OperandNumber number, out OperandFault fault)
    {
        var largest = attribute.Type is AttributeType.Integer or AttributeType.Money ? LargestInteger : LargestNumber;
        if (value > largest || value < -largest)
        {
            (number, fault) = (default, OutOfRange(attribute));
            return false;
        }
        // Adding zero turns a negative zero into the zero that products have.
        return Accept((double)value + 0.0, out number, out fault);
    }

    private static OperandFault OutOfRange(SearchableAttribute attribute) => new(SearchProblems.ValueOutOfRange, "",
        attribute.Type is AttributeType.Integer or AttributeType.Money
            ? "A whole number is at most 9007199254740991 either way."
            : "A number is below 1000000000000000 either way.");

    private static bool Accept(double value, out OperandNumber number, out OperandFault fault)
    {
        (number, fault) = (new OperandNumber(value, value), default);
        return true;
    }

    private static bool Refuse(out OperandNumber number, out OperandFault fault, ProblemType type, string detail)
    {
        (number, fault) = (default, new OperandFault(type, "", detail));
        return false;
    }
}
