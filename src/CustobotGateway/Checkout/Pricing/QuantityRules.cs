namespace CustobotGateway.Checkout.Pricing;

/// <summary>What the catalogue says of how many can be ordered, and what the stock says of how many there are.</summary>
internal static class QuantityRules
{
    /// <summary>What has to be said of a line. An agreed quantity is not questioned.</summary>
    public static IEnumerable<Message> Of(BasketLine line, int index)
    {
        var (goods, quantity, path) = (line.Goods, line.Quantity, $"$.line_items[{index}]");
        if (line.Agreed is null)
        {
            if (quantity < goods.Fewest)
            {
                yield return Message.Fault("minimum_order_quantity", $"Of {goods.Title} at least {goods.Fewest} have to be ordered.", path + ".quantity", "Raise the quantity, or remove the line.", new() { Quantity = goods.Fewest });
            }
            if (goods.Most is { } most && quantity > most)
            {
                yield return Message.Fault("maximum_order_quantity", $"Of {goods.Title} at most {most} can be ordered.", path + ".quantity", "Lower the quantity.", new() { Quantity = most });
            }
            if (quantity % goods.MultipleOf != 0)
            {
                yield return Message.Fault("order_increment", $"{goods.Title} is ordered in multiples of {goods.MultipleOf}.", path + ".quantity", "Change the quantity to a multiple.", new() { Quantity = goods.MultipleOf });
            }
        }
        var available = goods.Available;
        if (available < quantity)
        {
            yield return Message.Warning("out_of_stock",
                goods.CanBackorder ? $"Of {goods.Title} {available} can be sent now; {quantity} are sent later." : $"Of {goods.Title} only {available} can be sent.",
                path, goods.CanBackorder ? null : "Lower the quantity, or choose another product.",
                new() { Available = available, Backorder = goods.CanBackorder, LeadTimeDays = line.LeadDays, AvailableFrom = goods.RestockDate });
        }
    }
}
