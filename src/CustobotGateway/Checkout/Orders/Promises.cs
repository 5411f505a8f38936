using System.Text.Json;

namespace CustobotGateway.Checkout.Orders;

/// <summary>What the buyer may expect: what the session promised for what has not left, and what each shipment promises.</summary>
internal static class Promises
{
    /// <summary>The session's promises, a group of lines each, as far as the pieces have not left; from the fulfillment that the order copied.</summary>
    public static IEnumerable<Expectation> Of(JsonElement? fulfillment, IReadOnlyDictionary<string, LineState> states)
    {
        foreach (var method in Items(fulfillment, "methods"))
        {
            var destination = Items(method, "destinations").Cast<JsonElement?>().FirstOrDefault(one => Text(one, "id") == Text(method, "selected_destination_id"));
            foreach (var (index, group) in Items(method, "groups").Index())
            {
                LineQuantity[] open = [.. Items(group, "line_item_ids").Select(id => id.GetString()!).Where(states.ContainsKey)
                    .Select(id => new LineQuantity(id, states[id].Open)).Where(one => one.Quantity > 0)];
                var option = Items(group, "options").Cast<JsonElement?>().FirstOrDefault(one => Text(one, "id") == Text(group, "selected_option_id"));
                if (open.Length > 0 && option is not null)
                {
                    yield return new Expectation($"exp_{Text(method, "id") ?? "1"}_{Text(group, "id") ?? $"{index + 1}"}", open, Text(method, "type") ?? "shipping", destination, Text(option, "title"),
                        Time(option, "earliest"), Time(option, "latest"));
                }
            }
        }
    }

    /// <summary>What a shipment promises.</summary>
    public static Expectation Of(Shipment shipment, JsonElement? fulfillment)
    {
        var method = Items(fulfillment, "methods").Cast<JsonElement?>().FirstOrDefault();
        var destination = method is null ? null : Items(method, "destinations").Cast<JsonElement?>().FirstOrDefault(one => Text(one, "id") == Text(method, "selected_destination_id"));
        return new Expectation("exp_" + shipment.Id, shipment.LineItems, Text(method, "type") ?? "shipping", destination,
            shipment.Carrier is null ? null : $"By {shipment.Carrier}", shipment.Promise!.Earliest, shipment.Promise.Latest);
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Array ? member.EnumerateArray() : default;

    private static string? Text(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static DateTimeOffset? Time(JsonElement? option, string name) => DateTimeOffset.TryParse(Text(option, name) ?? Text(option, name + "_delivery"),
        System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
