using System.Globalization;

namespace CustobotGateway.Bargaining.Domain;

/// <summary>What an issue's values are.</summary>
public enum IssueKind
{
    /// <summary>Whole numbers.</summary>
    Integer,

    /// <summary>Names.</summary>
    Categorical,
}

/// <summary>One value of an issue.</summary>
/// <param name="Text">The name, or the number's decimal digits: the key in tables of values.</param>
/// <param name="Number">The number, or null for a name.</param>
public readonly record struct IssueValue(string Text, long? Number)
{
    /// <summary>A number.</summary>
    public static IssueValue Of(long number) => new(number.ToString(CultureInfo.InvariantCulture), number);

    /// <summary>A name.</summary>
    public static IssueValue Of(string name) => new(name, null);
}

/// <summary>A negotiable term and the values it may have; an offer names exactly one of them.</summary>
/// <param name="Name">Unique among the issues.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="Values">In the merchant's order, none twice.</param>
/// <param name="Unit">Of the numbers, or null.</param>
public sealed record Issue(string Name, IssueKind Kind, IReadOnlyList<IssueValue> Values, string? Unit = null)
{
    /// <summary>The issue that utilities by profit know as the price of one unit, in minor units.</summary>
    public const string UnitPrice = "unit_price";

    /// <summary>The issue that utilities by profit know as the number of units.</summary>
    public const string Quantity = "quantity";

    /// <summary>The issue that utilities by profit know as the days until payment.</summary>
    public const string PaymentDays = "payment_days";
}
