namespace CustobotGateway.Checkout.Orders;

/// <summary>What the buyer may expect: what the session promised for what has not left, and what each shipment promises.</summary>
internal static class Promises
{
    /// <summary>The beginning of the ids of what shipments promise.</summary>
    public const string OfShipment = "exp_shp_";

    /// <summary>The session's promises, a group of lines each, as far as the pieces have not left; from the fulfillment that the order copied.</summary>
    public static IEnumerable<Expectation> Of(Fulfillment? fulfillment, IReadOnlyDictionary<string, LineState> states)
    {
        foreach (var method in fulfillment?.Methods ?? [])
        {
            foreach (var group in method.Groups)
            {
                LineQuantity[] open = [.. group.LineItemIds.Where(states.ContainsKey).Select(id => new LineQuantity(id, states[id].Open)).Where(one => one.Quantity > 0)];
                if (open.Length > 0 && group.Options.FirstOrDefault(option => option.Id == group.SelectedOptionId) is { } chosen)
                {
                    yield return new Expectation($"exp_{method.Id}_{group.Id}", open, method.Type, DestinationOf(method), chosen.Title, chosen.EarliestFulfillmentTime, chosen.LatestFulfillmentTime);
                }
            }
        }
    }

    /// <summary>What a shipment promises.</summary>
    public static Expectation Of(Shipment shipment, Fulfillment? fulfillment)
    {
        var method = fulfillment?.Methods.FirstOrDefault(one => one.LineItemIds.Any(id => shipment.LineItems.Any(piece => piece.Id == id)));
        return new Expectation("exp_" + shipment.Id, shipment.LineItems, method?.Type ?? FulfillmentType.Shipping, method is null ? null : DestinationOf(method),
            shipment.Carrier is null ? null : $"By {shipment.Carrier}", shipment.Promise!.Earliest, shipment.Promise.Latest);
    }

    private static Destination? DestinationOf(FulfillmentMethod method) => method.Destinations.FirstOrDefault(one => one.Id is not null && one.Id == method.SelectedDestinationId);
}
