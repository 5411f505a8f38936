using System.Text.Json;

namespace CustobotGateway.Common.Preferences;

/// <summary>What a person would rather have, kept with a grant. Wishes and never limits: what must not be bought is said by the mandate.</summary>
/// <param name="Weights">Wishes about attributes of the registry, at most 32, each attribute and direction once.</param>
/// <param name="Brands">Brands that are liked and disliked.</param>
/// <param name="Delivery">How soon it should arrive.</param>
/// <param name="Sustainability">How much repair, recycling and thrift with energy count.</param>
/// <param name="BudgetStance">Whether to look for the cheap or the good; <c>balanced</c> when null.</param>
public sealed record BuyingPreferences(
    IReadOnlyList<AttributeWish>? Weights = null, BrandWishes? Brands = null, DeliveryWish? Delivery = null, SustainabilityWish? Sustainability = null,
    BudgetStance? BudgetStance = null)
{
    /// <summary>Nothing is wished.</summary>
    public static readonly BuyingPreferences None = new();
}

/// <summary>A wish about one attribute.</summary>
/// <param name="Attribute">The attribute's key in the registry.</param>
/// <param name="Direction">Which values are better.</param>
/// <param name="Weight">How much it counts, above 0 and at most 1.</param>
/// <param name="Value">From where on it is good, in the attribute's own unit; for <c>is</c> the value itself. Null for <c>higher</c> and <c>lower</c> wants as much or as little as there is.</param>
public sealed record AttributeWish(string Attribute, WishDirection Direction, double Weight, JsonElement? Value = null);

/// <summary>Which values of an attribute are better.</summary>
public enum WishDirection
{
    /// <summary>The more the better, at least the value.</summary>
    Higher,

    /// <summary>The less the better, at most the value.</summary>
    Lower,

    /// <summary>Exactly the value.</summary>
    Is,
}

/// <summary>Brands by name, as the catalogue writes them.</summary>
/// <param name="Prefer">Liked, at most 32.</param>
/// <param name="Avoid">Disliked, at most 32; none of the liked.</param>
public sealed record BrandWishes(IReadOnlyList<string>? Prefer = null, IReadOnlyList<string>? Avoid = null);

/// <summary>How soon it should arrive.</summary>
/// <param name="MaxDays">Days until delivery, 0 to 365.</param>
public sealed record DeliveryWish(int MaxDays);

/// <summary>How much the environment counts.</summary>
/// <param name="Weight">How much each of the wishes counts, above 0 and at most 1.</param>
/// <param name="Repairable">Prefers what can be repaired.</param>
/// <param name="Recycled">Prefers what is made of recycled material or can be recycled.</param>
/// <param name="Efficient">Prefers what uses little energy.</param>
/// <param name="Labels">Certificates that are liked, as the attribute <c>certifications</c> names them, at most 16.</param>
public sealed record SustainabilityWish(double Weight, bool Repairable = false, bool Recycled = false, bool Efficient = false, IReadOnlyList<string>? Labels = null);

/// <summary>What the money is for.</summary>
public enum BudgetStance
{
    /// <summary>Prefers the cheap.</summary>
    Frugal,

    /// <summary>Prefers neither.</summary>
    Balanced,

    /// <summary>Prefers the well rated, whatever it costs.</summary>
    Generous,
}
