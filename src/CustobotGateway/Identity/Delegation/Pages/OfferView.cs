using System.Text.Json;
using CustobotGateway.Common.Pages;

namespace CustobotGateway.Identity.Delegation.Pages;

/// <summary>An offer as its person reads it: exactly what the approval is bound to, and nothing that is computed beside it.</summary>
internal static class OfferView
{
    /// <summary>One line of the offer.</summary>
    public sealed record Line(string Title, int Quantity, string UnitPrice, string Total);

    /// <summary>The lines.</summary>
    public static IReadOnlyList<Line> LinesOf(JsonElement offer)
    {
        var currency = TextOf(offer, "currency") ?? "";
        return [.. ItemsOf(offer, "line_items").Select(line => new Line(
            TextOf(line, "title") ?? TextOf(line, "name") ?? TextOf(line, "product_id") ?? "?", (int)(NumberOf(line, "quantity") ?? 0),
            Written.Amount(NumberOf(line, "unit_price") ?? 0, currency), Written.Amount(NumberOf(line, "total") ?? 0, currency)))];
    }

    /// <summary>The sums, the last of which is charged.</summary>
    public static IReadOnlyList<(string Title, string Amount)> TotalsOf(JsonElement offer)
    {
        var currency = TextOf(offer, "currency") ?? "";
        return [.. ItemsOf(offer, "totals").Select(total => (TextOf(total, "type") switch
        {
            "subtotal" => "Before discounts",
            "items_discount" => "Discount",
            "total" => "Charged",
            var other => (other ?? "").Replace('_', ' '),
        }, Written.Amount(NumberOf(total, "amount") ?? 0, currency)))];
    }

    private static JsonElement.ArrayEnumerator ItemsOf(JsonElement offer, string name) =>
        offer.ValueKind == JsonValueKind.Object && offer.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : default;

    private static string? TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static long? NumberOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value) ? value : null;
}
