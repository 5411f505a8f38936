using System.Globalization;
using System.Text.Json;
using CustobotGateway.Common.Pages;
using CustobotGateway.Common.Preferences;

namespace CustobotGateway.Identity.Delegation.Pages;

/// <summary>The fields of preferences on a page, and what a person wrote into them. Pure.</summary>
internal static class PreferencesForm
{
    /// <summary>Rows for wishes about attributes, those that are empty included.</summary>
    public const int MostRows = 32;

    private const int MostItems = 32;
    private const int LongestText = 256;
    private const string Separators = ",\n\r";

    /// <summary>A wish about an attribute, as it stands in its row.</summary>
    public sealed record Row(string Attribute, string Direction, string Value, double Weight);

    /// <summary>The rows of a form that shows these preferences: each wish, and some more to fill in.</summary>
    public static IReadOnlyList<Row> Rows(BuyingPreferences preferences)
    {
        var rows = (preferences.Weights ?? []).Select(wish =>
            new Row(wish.Attribute, wish.Direction.ToString(), wish.Value is { } value ? PreferenceWords.Value(value) : "", wish.Weight)).ToList();
        rows.AddRange(Enumerable.Repeat(new Row("", nameof(WishDirection.Higher), "", 0.5), Math.Min(3, MostRows - rows.Count)));
        return rows;
    }

    /// <summary>The name of a row's field.</summary>
    public static string NameOf(int row, string field) => string.Create(CultureInfo.InvariantCulture, $"wish_{row}_{field}");

    /// <summary>What the form holds, and what of it is none of the kind.</summary>
    public static (BuyingPreferences Preferences, IReadOnlyList<string> Faults) Read(IFormCollection form)
    {
        var faults = new List<string>();
        var wishes = new List<AttributeWish>();
        for (var row = 0; row < MostRows; row++)
        {
            if (form.Field(NameOf(row, "attribute")) is { } attribute)
            {
                wishes.Add(new(attribute, Choice(form.Field(NameOf(row, "direction")), WishDirection.Higher), WeightOf(form.Field(NameOf(row, "weight"))), ValueOf(form.Field(NameOf(row, "value")))));
            }
        }
        var (prefer, avoid, labels) = (Items(form, "prefer_brands", faults), Items(form, "avoid_brands", faults), Items(form, "labels", faults));
        DeliveryWish? delivery = null;
        if (form.Field("delivery_days")?.Trim() is { Length: > 0 } days)
        {
            if (int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var most))
            {
                delivery = new(most);
            }
            else
            {
                faults.Add("Write the days until delivery as a whole number, or leave them empty.");
            }
        }
        var (repairable, recycled, efficient) = (form.Field("repairable") == "yes", form.Field("recycled") == "yes", form.Field("efficient") == "yes");
        var green = repairable || recycled || efficient || labels.Length > 0
            ? new SustainabilityWish(WeightOf(form.Field("green_weight")), repairable, recycled, efficient, labels.Length > 0 ? labels : null) : null;
        BudgetStance? stance = Enum.TryParse<BudgetStance>(form.Field("stance"), out var chosen) && Enum.IsDefined(chosen) ? chosen : null;
        var brands = prefer.Length + avoid.Length > 0 ? new BrandWishes(prefer.Length > 0 ? prefer : null, avoid.Length > 0 ? avoid : null) : null;
        return (new(wishes.Count > 0 ? wishes : null, brands, delivery, green, stance), faults);
    }

    private static T Choice<T>(string? text, T otherwise)
        where T : struct, Enum => Enum.TryParse<T>(text, out var chosen) && Enum.IsDefined(chosen) ? chosen : otherwise;

    private static double WeightOf(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) ? weight : 0.5;

    private static JsonElement? ValueOf(string? text) => text?.Trim() switch
    {
        null or "" => null,
        "yes" or "true" => JsonSerializer.SerializeToElement(true),
        "no" or "false" => JsonSerializer.SerializeToElement(false),
        var other when decimal.TryParse(other, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => JsonSerializer.SerializeToElement(number),
        var other => JsonSerializer.SerializeToElement(other),
    };

    private static string[] Items(IFormCollection form, string name, List<string> faults)
    {
        string[] items = [.. (form.Field(name) ?? "").Split(Separators.ToCharArray(), StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];
        if (items.Length > MostItems || items.Any(item => item.Length > LongestText))
        {
            faults.Add($"Write at most {MostItems} names of at most {LongestText} letters, with commas between them.");
            return [];
        }
        return items;
    }
}
