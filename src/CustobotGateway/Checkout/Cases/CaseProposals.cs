using System.Globalization;
using System.Text.Json;
using CustobotGateway.Checkout.Orders;
using CustobotGateway.Checkout.Returns;
using CustobotGateway.Common;

namespace CustobotGateway.Checkout.Cases;

/// <summary>A request that the agent may send as it is.</summary>
/// <param name="Method"><c>GET</c> or <c>POST</c>.</param>
/// <param name="Path">Where to.</param>
/// <param name="Body">The body, or null without one.</param>
public sealed record ProposedRequest(string Method, string Path, JsonElement? Body = null);

/// <summary>A way to settle a case.</summary>
/// <param name="Id">Unique within the case: <c>p1</c>; resolveCase names it.</param>
/// <param name="Action"><c>wait</c>, <c>track</c>, <c>cancel</c>, <c>return</c>, <c>read</c> or <c>escalate</c>.</param>
/// <param name="Text">What it is, and why it is proposed.</param>
/// <param name="Until">Until when to wait; null for other actions.</param>
/// <param name="Request">What to send for it; null where nothing is sent to the gateway.</param>
public sealed record Proposal(string Id, string Action, string Text, DateTimeOffset? Until = null, ProposedRequest? Request = null);

/// <summary>Proposes how to settle a case, from where the order stands: rules in a table of kinds, no guess.</summary>
internal static class CaseProposals
{
    // A bank shows a refund about that long after the provider made it.
    private const int BankDays = 10;

    /// <summary>The ways, the likeliest first; a person can be asked always.</summary>
    public static IReadOnlyList<Proposal> Of(string caseId, CaseKind kind, StoredOrder stored, ReturnPolicy policy, DateTimeOffset now)
    {
        var ways = kind switch
        {
            CaseKind.WhereIsMyOrder or CaseKind.NotDelivered => OnItsWay(stored, now),
            CaseKind.Damaged => SendBack(stored, ReturnReason.Damaged, policy, now),
            CaseKind.WrongItem => SendBack(stored, ReturnReason.WrongItem, policy, now),
            CaseKind.Warranty => SendBack(stored, ReturnReason.Defective, policy, now),
            CaseKind.Return => SendBack(stored, ReturnReason.Unwanted, policy, now),
            CaseKind.Cancel => Cancel(stored).Concat(SendBack(stored, ReturnReason.Unwanted, policy, now)),
            CaseKind.RefundMissing => Refunds(stored),
            CaseKind.Invoice => [new("", "read", "The order with all its sums; the evidence holds the same, signed.", null, new("GET", $"/v1/orders/{stored.Order.Id}/evidence"))],
            _ => [],
        };
        return
        [
            .. ways.Append(new("", "escalate", "A person of the merchant's staff looks at it, with a page of what happened.", null, new("POST", $"/v1/cases/{caseId}/escalate", Body(new { }))))
                .Select((way, index) => way with { Id = "p" + (index + 1).ToString(CultureInfo.InvariantCulture) }),
        ];
    }

    private static IEnumerable<Proposal> OnItsWay(StoredOrder stored, DateTimeOffset now)
    {
        foreach (var shipment in stored.Shipments.Where(shipment => !shipment.HasEnded).Take(5))
        {
            if (shipment.TrackingUrl is not null || shipment.TrackingNumber is not null)
            {
                yield return new("", "track", $"{shipment.Carrier ?? "The carrier"} has it: {shipment.TrackingNumber ?? shipment.TrackingUrl}.");
            }
            if (shipment.Promise is { } promise && promise.Latest > now)
            {
                yield return new("", "wait", $"It is promised until {Day(promise.Latest)}.", promise.Latest);
            }
        }
        foreach (var expected in stored.Order.Fulfillment.Expectations.Where(one => one.Latest > now && !one.Id.StartsWith(Promises.OfShipment, StringComparison.Ordinal)).Take(5))
        {
            yield return new("", "wait", $"What has not left is promised until {Day(expected.Latest!.Value)}.", expected.Latest);
        }
        foreach (var way in Cancel(stored))
        {
            yield return way;
        }
    }

    private static IEnumerable<Proposal> Cancel(StoredOrder stored) =>
        stored.States.Values.All(state => state.Shipped == 0) && stored.States.Values.Any(state => state.Open > 0)
            ? [new("", "cancel", "Nothing has left yet: it can be canceled, and what was paid comes back.", null,
                new("POST", $"/v1/orders/{stored.Order.Id}/cancellations", Body(new { reason = "unwanted" })))]
            : [];

    private static IEnumerable<Proposal> SendBack(StoredOrder stored, ReturnReason reason, ReturnPolicy policy, DateTimeOffset now)
    {
        LineQuantity[] pieces =
        [
            .. stored.States.Select(line => new LineQuantity(line.Key, line.Value.Delivered - stored.Returned.GetValueOrDefault(line.Key)))
                .Where(piece => piece.Quantity > 0 && stored.Shipments.Where(one => one.DeliveredAt is not null && one.LineItems.Any(line => line.Id == piece.Id)).Max(one => one.DeliveredAt) is { } delivered
                    && now <= delivered.AddDays(ReturnDecisions.WindowDays(policy, null, ReturnDecisions.IsFault(reason)))),
        ];
        return pieces.Length == 0 ? []
            : [new("", "return", "Send it back; take out of the request what stays. The policy answers at once.", null,
                new("POST", $"/v1/orders/{stored.Order.Id}/returns", Body(new { line_items = pieces, reason })))];
    }

    private static IEnumerable<Proposal> Refunds(StoredOrder stored)
    {
        foreach (var refund in stored.Refunds.Reverse().Take(3))
        {
            var read = new ProposedRequest("GET", $"/v1/orders/{stored.Order.Id}/refunds/{refund.Id}");
            yield return refund.State switch
            {
                RefundState.Pending => new("", "wait", "The payment provider is being asked; nothing has to be done.", null, read),
                RefundState.Completed => new("", "wait", $"It went back on {Day(refund.SettledAt!.Value)}; a bank shows it within {BankDays} days.", refund.SettledAt.Value.AddDays(BankDays), read),
                _ => new("", "read", "The payment provider refused it: a person has to look at it.", null, read),
            };
        }
    }

    private static JsonElement Body<T>(T body) => JsonSerializer.SerializeToElement(body, Json.Options);

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
