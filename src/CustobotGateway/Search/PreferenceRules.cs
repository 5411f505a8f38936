using System.Globalization;
using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.Common;
using CustobotGateway.Common.Preferences;

namespace CustobotGateway.Search;

/// <summary>Which wishes make sense of this catalogue's attributes.</summary>
internal sealed class PreferenceRules(AttributeRegistryStore registry, CatalogIndex index) : IPreferenceRules
{
    public IReadOnlyList<FieldError> FaultsOf(BuyingPreferences preferences)
    {
        var attributes = registry.Current;
        var faults = new List<FieldError>();
        for (var i = 0; i < (preferences.Weights?.Count ?? 0); i++)
        {
            if ((FaultOf(preferences.Weights![i], attributes) ?? FaultAsWish(preferences.Weights[i])) is var (member, code, detail))
            {
                faults.Add(new FieldError(string.Create(CultureInfo.InvariantCulture, $"/weights/{i}/{member}"), code, detail));
            }
        }
        return faults;
    }

    /// <summary>What is wrong with a wish: the member, a code and words; null if nothing is.</summary>
    internal static (string Member, string Code, string Detail)? FaultOf(AttributeWish wish, AttributeRegistry registry)
    {
        // What only staff sees is told to nobody else, not even that it is there.
        if (registry.Find(wish.Attribute) is not { IsStaffOnly: false } attribute)
        {
            var nearest = registry.Nearest(wish.Attribute);
            return ("attribute", "unknown_attribute", $"There is no attribute '{wish.Attribute}'{(nearest.Count == 0 ? "" : $"; the nearest are {string.Join(", ", nearest)}")}.");
        }
        if (!attribute.IsSearchable)
        {
            return ("attribute", "not_searchable", $"{attribute.Key} cannot be searched by, so nothing can be wished of it.");
        }
        if (wish.Direction != WishDirection.Is && !HasOrder(attribute.Type))
        {
            return ("direction", "direction_not_supported", $"{attribute.Key} is of the type {TypeName(attribute)}, whose values have no order: wish what it 'is'.");
        }
        return wish.Value is { } value && !Fits(value, attribute.Type)
            ? ("value", "wrong_type", $"{attribute.Key} is of the type {TypeName(attribute)}; '{value}' is no value of it.")
            : null;
    }

    // As a search would find it: an unknown unit, a currency that no product has.
    private (string Member, string Code, string Detail)? FaultAsWish(AttributeWish wish) =>
        index.Current is { } catalog && PreferenceWishes.ConstraintOf(wish) is { } constraint && SearchBinder.FaultOf(catalog, new SearchRequest(), constraint) is { } fault
            ? ("value", fault.Errors.Count > 0 ? fault.Errors[0].Code : fault.Type.Code, fault.Errors.Count > 0 ? fault.Errors[0].Detail : fault.Detail)
            : null;

    private static bool HasOrder(AttributeType type) =>
        type is AttributeType.Integer or AttributeType.Decimal or AttributeType.Measure or AttributeType.Duration or AttributeType.Money or AttributeType.Date;

    private static bool Fits(JsonElement value, AttributeType type) => type switch
    {
        AttributeType.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        AttributeType.Integer => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        AttributeType.Decimal => value.ValueKind == JsonValueKind.Number,
        AttributeType.Measure or AttributeType.Duration => value.ValueKind == JsonValueKind.Number
            || (value.ValueKind == JsonValueKind.Object && Has(value, "value", JsonValueKind.Number) && (!value.TryGetProperty("unit", out _) || Has(value, "unit", JsonValueKind.String))),
        AttributeType.Money => value.ValueKind == JsonValueKind.Object && Has(value, "amount", JsonValueKind.Number) && Has(value, "currency", JsonValueKind.String),
        AttributeType.Geo => false,
        _ => value.ValueKind == JsonValueKind.String,
    };

    private static bool Has(JsonElement value, string member, JsonValueKind kind) => value.TryGetProperty(member, out var part) && part.ValueKind == kind;

    private static string TypeName(RegisteredAttribute attribute) => JsonNamingPolicy.SnakeCaseLower.ConvertName(attribute.Type.ToString());
}
