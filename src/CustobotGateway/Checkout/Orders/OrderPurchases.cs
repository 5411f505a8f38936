using CustobotGateway.Common;
using CustobotGateway.Common.Pages;
using CustobotGateway.Identity.Delegation;
using Npgsql;

namespace CustobotGateway.Checkout.Orders;

/// <summary>Tells a person in words what was bought under a grant.</summary>
internal sealed class OrderPurchases : IGrantPurchases
{
    private const int LinesNamed = 3;

    public async ValueTask<IReadOnlyList<GrantPurchase>> LatestAsync(NpgsqlConnection connection, string grantId, int count, CancellationToken cancellationToken) =>
        [.. (await StoredOrder.ListAsync(connection, "o.grant_id = @grantId", new { grantId }, count, cancellationToken)).Select(Of)];

    private static GrantPurchase Of(StoredOrder stored)
    {
        var order = stored.Order;
        var what = string.Join(", ", order.LineItems.Take(LinesNamed).Select(line => $"{line.Quantity} × {line.Title}"));
        return new GrantPurchase(
            order.Id, order.LineItems.Count > LinesNamed ? $"{what} and {order.LineItems.Count - LinesNamed} more" : what, new Money(order.Paid, order.Currency), order.PlacedAt, StateOf(stored),
            [.. order.Adjustments.Select(one => SinceOf(one, order.Currency))]);
    }

    private static string StateOf(StoredOrder stored)
    {
        var lines = stored.States.Values;
        return stored.Order.Status switch
        {
            FulfillmentStatus.Removed => lines.Any(line => line.Returned > 0) ? "sent back" : "canceled",
            FulfillmentStatus.Fulfilled => lines.All(line => line.Delivered >= line.Shipped) ? "delivered" : "on its way",
            FulfillmentStatus.Partial => "partly on its way",
            _ => "being prepared",
        };
    }

    private static string SinceOf(Adjustment adjustment, string currency)
    {
        var pieces = -adjustment.LineItems.Sum(one => one.Quantity);
        var what = adjustment.Type switch
        {
            "cancellation" => $"{Pieces(pieces)} canceled",
            "return" => pieces > 0 ? $"{Pieces(pieces)} sent back" : "sent back and not taken back",
            _ => "money back",
        };
        return adjustment.Totals is not [{ Amount: var amount }] ? what : adjustment.Status switch
        {
            AdjustmentStatus.Completed => $"{what}: got {Written.Amount(-amount, currency)} back",
            AdjustmentStatus.Pending => $"{what}: {Written.Amount(-amount, currency)} on its way back",
            _ => $"{what}: the payment provider did not give {Written.Amount(-amount, currency)} back",
        };
    }

    private static string Pieces(int count) => count == 1 ? "1 piece" : $"{count} pieces";
}
