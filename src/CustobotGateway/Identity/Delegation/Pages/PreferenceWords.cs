using System.Text.Json;
using CustobotGateway.Common.Goods;
using CustobotGateway.Common.Preferences;

namespace CustobotGateway.Identity.Delegation.Pages;

/// <summary>Preferences as their person reads them.</summary>
internal static class PreferenceWords
{
    /// <summary>How much a wish counts, in the three steps that the page offers; others are shown as they are.</summary>
    public static IReadOnlyList<(double Weight, string Words)> Weights { get; } = [(0.25, "a little"), (0.5, "quite"), (1, "very much")];

    /// <summary>A weight in words.</summary>
    public static string Weight(double weight) => Weights.FirstOrDefault(step => Math.Abs(step.Weight - weight) < 0.001).Words ?? $"by {weight:0.##} of 1";

    /// <summary>All wishes, a line each.</summary>
    public static IEnumerable<string> Lines(BuyingPreferences preferences, IGoodsWords words)
    {
        foreach (var wish in preferences.Weights ?? [])
        {
            var attribute = words.Attribute(wish.Attribute);
            var title = attribute?.Title ?? wish.Attribute;
            var value = wish.Value is { } given ? Value(given) + (attribute?.Unit is { Length: > 0 } unit and not "1" ? " " + unit : "") : null;
            yield return wish.Direction switch
            {
                WishDirection.Higher => value is null ? $"{title}: the more the better" : $"{title}: {value} or more",
                WishDirection.Lower => value is null ? $"{title}: the less the better" : $"{title}: {value} or less",
                _ => $"{title}: {value}",
            } + $" ({Weight(wish.Weight)})";
        }
        if (preferences.Brands?.Prefer is { Count: > 0 } liked)
        {
            yield return "Rather of " + MandateWords.List(liked, "or");
        }
        if (preferences.Brands?.Avoid is { Count: > 0 } disliked)
        {
            yield return "Rather not of " + MandateWords.List(disliked, "or");
        }
        if (preferences.Delivery is { } delivery)
        {
            yield return delivery.MaxDays == 0 ? "Rather delivered today" : delivery.MaxDays == 1 ? "Rather delivered by tomorrow" : $"Rather delivered within {delivery.MaxDays} days";
        }
        if (preferences.Sustainability is { } green)
        {
            string?[] parts = [green.Repairable ? "repairable" : null, green.Recycled ? "recycled or recyclable" : null, green.Efficient ? "thrifty with energy" : null, .. green.Labels ?? []];
            yield return $"Rather {MandateWords.List(parts.OfType<string>())} ({Weight(green.Weight)})";
        }
        if (preferences.BudgetStance is { } stance)
        {
            yield return Stance(stance);
        }
    }

    /// <summary>What the money is for.</summary>
    public static string Stance(BudgetStance stance) => stance switch
    {
        BudgetStance.Frugal => "Rather cheap",
        BudgetStance.Generous => "Rather good, whatever it costs",
        _ => "Neither cheap nor dear",
    };

    /// <summary>A value as the form shows it.</summary>
    public static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        _ => value.GetRawText(),
    };
}
