using System.Text.Json.Serialization;

namespace CustobotGateway.Search;

/// <summary>What a <see cref="ConstraintValue"/> holds.</summary>
public enum ConstraintValueKind
{
    /// <summary>A JSON number.</summary>
    Number,

    /// <summary>A JSON string.</summary>
    Text,

    /// <summary>true.</summary>
    True,

    /// <summary>false.</summary>
    False,

    /// <summary><c>{"amount":24900,"currency":"USD"}</c>.</summary>
    Money,

    /// <summary><c>{"value":2.6,"unit":"kg"}</c>.</summary>
    Measure,

    /// <summary><c>{"lat":52.5,"lon":13.4,"radius":25,"unit":"km"}</c>.</summary>
    Circle,

    /// <summary>A number too large to be held; no attribute has such values.</summary>
    OutOfRange,
}

/// <summary>An operand as it was given: a number, a string, a boolean, money, a measure with its unit, or a circle.</summary>
[JsonConverter(typeof(ConstraintValueConverter))]
public readonly record struct ConstraintValue
{
    private readonly object? _detail;

    private ConstraintValue(ConstraintValueKind kind, decimal number, object? detail) => (Kind, Number, _detail) = (kind, number, detail);

    /// <summary>What it holds.</summary>
    public ConstraintValueKind Kind { get; }

    /// <summary>The number, the amount in minor units, or the measure's number.</summary>
    public decimal Number { get; }

    /// <summary>The string, the currency, or the measure's unit.</summary>
    public string? Text => _detail as string;

    /// <summary>The circle.</summary>
    public Circle? Circle => _detail as Circle;

    /// <summary>A number.</summary>
    public static ConstraintValue Of(decimal number) => new(ConstraintValueKind.Number, number, null);

    /// <summary>A string.</summary>
    public static ConstraintValue Of(string text) => new(ConstraintValueKind.Text, 0, text);

    /// <summary>A boolean.</summary>
    public static ConstraintValue Of(bool value) => new(value ? ConstraintValueKind.True : ConstraintValueKind.False, 0, null);

    /// <summary>An amount in minor units.</summary>
    public static ConstraintValue Money(decimal amount, string currency) => new(ConstraintValueKind.Money, amount, currency);

    /// <summary>A number with its unit; null for the attribute's own.</summary>
    public static ConstraintValue Measure(decimal number, string? unit) => new(ConstraintValueKind.Measure, number, unit);

    /// <summary>A circle.</summary>
    public static ConstraintValue Of(Circle circle) => new(ConstraintValueKind.Circle, 0, circle);

    /// <summary>A number that cannot be held.</summary>
    public static ConstraintValue OutOfRange { get; } = new(ConstraintValueKind.OutOfRange, 0, null);
}

/// <summary>A circle on earth.</summary>
/// <param name="Lat">Degrees north, -90 to 90.</param>
/// <param name="Lon">Degrees east, -180 to 180.</param>
/// <param name="Radius">How far from the point; above 0.</param>
/// <param name="Unit">The radius' unit of length; <c>km</c> when null.</param>
public sealed record Circle(double Lat, double Lon, double Radius, string? Unit = null);
