using System.Globalization;
using CustobotGateway.Checkout.Shop;

namespace CustobotGateway.Checkout.Pricing;

/// <summary>How the goods can reach the buyer, what was chosen, what it costs and what is missing.</summary>
/// <param name="Fulfillment">Null where the shop does not ask and nothing was said.</param>
/// <param name="Costs">What each method costs, in their order; null where no option is chosen.</param>
/// <param name="Places">Where each method goes; null while that is not known.</param>
/// <param name="Messages">What is missing.</param>
internal sealed record FulfillmentPlan(Fulfillment? Fulfillment, IReadOnlyList<long?> Costs, IReadOnlyList<TaxPlace?> Places, IReadOnlyList<Message> Messages)
{
    /// <summary>Where a line goes; null while that is not known.</summary>
    public TaxPlace? PlaceOf(string lineId)
    {
        for (var i = 0; i < Places.Count; i++)
        {
            if (Fulfillment!.Methods[i].LineItemIds.Contains(lineId))
            {
                return Places[i];
            }
        }
        return null;
    }
}

/// <summary>Makes the plan.</summary>
internal static class PlanFulfillment
{
    private const string Shipped = "Give an address in fulfillment.methods[].destinations.";

    /// <summary>Plans; <paramref name="worth"/> is what each line comes to after discounts.</summary>
    public static FulfillmentPlan Run(Basket basket, IReadOnlyList<long> worth, ShopSettings shop, DateTimeOffset now)
    {
        var ships = shop.Shipping.Rates.Count > 0;
        var asksForPlace = ships || shop.Checkout.RequireDestination || (shop.Taxes is { Rules.Count: > 0, Origin: null });
        if (basket.Fulfillment is null && !asksForPlace && shop.Pickup.Locations.Count == 0)
        {
            return new FulfillmentPlan(null, [], [], []);
        }
        var messages = new List<Message>();
        var wanted = basket.Fulfillment?.Methods ?? [new FulfillmentMethodRequest(ships || shop.Pickup.Locations.Count == 0 ? FulfillmentType.Shipping : FulfillmentType.Pickup)];
        var lines = Spread(basket, wanted, messages);
        var (methods, costs, places) = (new List<FulfillmentMethod>(), new List<long?>(), new List<TaxPlace?>());
        for (var i = 0; i < wanted.Count; i++)
        {
            var one = new MethodPlan(wanted[i], i, [.. basket.Lines.Index().Where(line => lines[i].Contains(line.Item.Id)).Select(line => (line.Item, worth[line.Index]))], basket.Currency, shop, now, messages);
            var (method, cost, place) = wanted[i].Type == FulfillmentType.Pickup ? one.Pickup() : one.Shipping(asksForPlace);
            methods.Add(method);
            costs.Add(cost);
            places.Add(place);
        }
        return new FulfillmentPlan(new Fulfillment(methods), costs, places, messages);
    }

    // A line goes where it is named first; those that nobody names go with the first method that names none.
    private static List<HashSet<string>> Spread(Basket basket, IReadOnlyList<FulfillmentMethodRequest> wanted, List<Message> messages)
    {
        var left = basket.Lines.Select(line => line.Id).ToHashSet(StringComparer.Ordinal);
        var spread = new List<HashSet<string>>();
        foreach (var (i, method) in wanted.Index())
        {
            var named = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (j, id) in (method.LineItemIds ?? []).Index())
            {
                if (left.Remove(id))
                {
                    named.Add(id);
                }
                else if (!named.Contains(id))
                {
                    messages.Add(Message.Fault("line_item_unknown", $"The session has no line {id}, or another method carries it.", Path(i) + $".line_item_ids[{j}]", "Name each line of the session once."));
                }
            }
            spread.Add(named);
        }
        var rest = wanted.Index().FirstOrDefault(method => method.Item.LineItemIds is not { Count: > 0 });
        if (rest.Item is not null)
        {
            spread[rest.Index].UnionWith(left);
            left.Clear();
        }
        foreach (var (i, line) in basket.Lines.Index().Where(line => left.Contains(line.Item.Id)))
        {
            messages.Add(Message.Fault("fulfillment_missing", $"No method carries {line.Goods.Title}.", $"$.line_items[{i}]", "Name the line in fulfillment.methods[].line_item_ids."));
        }
        return spread;
    }

    internal static string Path(int method) => "$.fulfillment.methods[" + method.ToString(CultureInfo.InvariantCulture) + "]";

    private sealed class MethodPlan(
        FulfillmentMethodRequest wanted, int index, IReadOnlyList<(BasketLine Line, long Worth)> carried, string currency, ShopSettings shop, DateTimeOffset now, List<Message> messages)
    {
        private readonly string _path = Path(index);
        private readonly string _number = (index + 1).ToString(CultureInfo.InvariantCulture);

        private decimal LeadDays => carried.Select(one => one.Line.LeadDays ?? 0).DefaultIfEmpty().Max();

        public (FulfillmentMethod, long?, TaxPlace?) Shipping(bool asksForPlace)
        {
            var destinations = (wanted.Destinations ?? []).Select((one, i) => one with { Id = one.Id ?? "dest_" + (i + 1).ToString(CultureInfo.InvariantCulture) }).ToList();
            if (Choose(destinations) is not { } chosen)
            {
                if (asksForPlace && wanted.SelectedDestinationId is null)
                {
                    messages.Add(destinations.Count == 0
                        ? Message.Fault("destination_required", "Where the goods go is not known.", _path + ".destinations", Shipped)
                        : Message.Fault("destination_required", "Which of the destinations the goods go to is not known.", _path + ".selected_destination_id", "Choose one in selected_destination_id."));
                }
                return (Method(destinations, null, []), null, null);
            }
            var place = new TaxPlace(chosen.AddressCountry!, chosen.AddressRegion);
            if (shop.Shipping.Rates.Count == 0)
            {
                return (Method(destinations, chosen.Id, []), null, place);
            }
            var options = ShippingOptions.Of(shop.Shipping.Rates, place, currency,
                carried.Aggregate(0L, (sum, one) => checked(sum + one.Worth)), carried.Sum(one => one.Line.Goods.WeightGrams * one.Line.Quantity), now.AddDays((double)LeadDays));
            if (options.Count == 0)
            {
                messages.Add(Message.Fault("address_undeliverable", "The goods cannot be sent to this destination.", _path + ".selected_destination_id", "Choose another destination, pickup where there is one, or fewer goods."));
            }
            return Chosen(Method(destinations, chosen.Id, options), place);
        }

        public (FulfillmentMethod, long?, TaxPlace?) Pickup()
        {
            var locations = shop.Pickup.Locations.Where(location => carried.All(one => one.Line.Goods.Stock.GetValueOrDefault(location.Id) >= one.Line.Quantity)).ToList();
            var destinations = locations.ConvertAll(location => location.Address with { Id = location.Id, Name = location.Name });
            if (locations.Count == 0)
            {
                messages.Add(Message.Fault("pickup_unavailable", "At no location all of this can be fetched.", _path, "Choose shipping, or fewer goods."));
                return (Method([], null, []), null, null);
            }
            if (Choose(destinations) is not { } chosen)
            {
                if (wanted.SelectedDestinationId is null)
                {
                    messages.Add(Message.Fault("destination_required", "Where the goods are fetched is not known.", _path + ".selected_destination_id", "Choose one of the destinations in selected_destination_id."));
                }
                return (Method(destinations, null, []), null, null);
            }
            var location = locations.Find(one => one.Id == chosen.Id)!;
            var ready = now.AddDays((double)LeadDays).AddHours(location.ReadyHours);
            return Chosen(Method(destinations, chosen.Id, [new FulfillmentOption("pickup", "Pickup at " + location.Name, [new Total(TotalType.Total, 0)], null, ready)]), new TaxPlace(chosen.AddressCountry!, chosen.AddressRegion));
        }

        // The only one there is needs no choice.
        private Destination? Choose(List<Destination> destinations)
        {
            if (wanted.SelectedDestinationId is null)
            {
                return destinations is [var only] ? only : null;
            }
            var chosen = destinations.Find(one => one.Id == wanted.SelectedDestinationId);
            if (chosen is null)
            {
                messages.Add(Message.Fault("destination_unknown", "The chosen destination is none of those that there are.", _path + ".selected_destination_id", "Choose one of the destinations."));
            }
            return chosen;
        }

        private FulfillmentMethod Method(IReadOnlyList<Destination> destinations, string? chosen, IReadOnlyList<FulfillmentOption> options)
        {
            string[] ids = [.. carried.Select(one => one.Line.Id)];
            return new FulfillmentMethod("fm_" + _number, wanted.Type, ids, destinations, chosen, [new FulfillmentGroup("fg_" + _number, ids, options, null)]);
        }

        private (FulfillmentMethod, long?, TaxPlace?) Chosen(FulfillmentMethod method, TaxPlace place)
        {
            var options = method.Groups[0].Options;
            var asked = wanted.Groups is [var group] ? group.SelectedOptionId : null;
            var option = asked is null ? (options is [var only] ? only : null) : options.FirstOrDefault(one => one.Id == asked);
            if (option is null)
            {
                if (options.Count > 0)
                {
                    messages.Add(asked is null
                        ? Message.Fault("fulfillment_option_required", "How the goods are sent is not chosen.", _path + ".groups[0].selected_option_id", "Choose one of the options in selected_option_id.")
                        : Message.Fault("fulfillment_option_unknown", "The chosen option is none of those that there are.", _path + ".groups[0].selected_option_id", "Choose one of the options."));
                }
                return (method, null, place);
            }
            return (method with { Groups = [method.Groups[0] with { SelectedOptionId = option.Id }] }, option.Totals.Single(total => total.Type == TotalType.Total).Amount, place);
        }
    }
}
