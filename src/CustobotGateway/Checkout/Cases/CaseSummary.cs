using System.Globalization;
using System.Text;
using System.Text.Json;
using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Pages;

namespace CustobotGateway.Checkout.Cases;

/// <summary>One thing that happened.</summary>
/// <param name="At">When.</param>
/// <param name="Type">What, as the log names it.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Text">In words.</param>
public sealed record TimelineEntry(DateTimeOffset At, string Type, string Actor, string Text);

/// <summary>What can be counted.</summary>
/// <param name="Ordered">Pieces that were ordered.</param>
/// <param name="Shipped">Pieces that were shipped and did not come back to the merchant.</param>
/// <param name="Delivered">Pieces that arrived.</param>
/// <param name="Canceled">Pieces that were canceled.</param>
/// <param name="Returned">Pieces that were taken back.</param>
/// <param name="Paid">What was paid, in minor units.</param>
/// <param name="Refunded">What went back.</param>
/// <param name="RefundsPending">What is on its way back.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="DaysSinceOrder">Whole days since it was placed.</param>
/// <param name="PromisedUntil">The latest promise for what has not arrived; null without one.</param>
/// <param name="IsLate">Whether that promise has passed.</param>
public sealed record CaseFacts(
    int Ordered, int Shipped, int Delivered, int Canceled, int Returned, long Paid, long Refunded, long RefundsPending, string Currency, int DaysSinceOrder, DateTimeOffset? PromisedUntil, bool IsLate);

/// <summary>What happened to an order, on one page.</summary>
/// <param name="Text">The page: plain text of at most 60 lines.</param>
/// <param name="Timeline">The same as data, the oldest first; where there was more than a page holds, the middle is left out.</param>
/// <param name="LeftOut">How many entries were left out.</param>
/// <param name="Facts">What can be counted.</param>
public sealed record CaseSummary(string Text, IReadOnlyList<TimelineEntry> Timeline, int LeftOut, CaseFacts Facts);

/// <summary>Makes the page from the order and its log alone: the same log and time always give the same page, and no text of a stranger is in it.</summary>
internal static class Summarise
{
    /// <summary>How many entries a page holds.</summary>
    public const int MaxEntries = 40;

    /// <summary>How many events of an order are read for it.</summary>
    public const int MaxEvents = 1_000;

    private const int LongestText = 160;

    /// <summary>The page.</summary>
    public static CaseSummary Of(StoredOrder stored, IReadOnlyList<Event> events, DateTimeOffset now)
    {
        var facts = FactsOf(stored, now);
        var all = events.Select(entry => new TimelineEntry(entry.At, entry.Type, entry.Actor, Cut(WordsOf(entry, stored.Order)))).ToList();
        var leftOut = Math.Max(0, all.Count - MaxEntries);
        List<TimelineEntry> shown = leftOut == 0 ? all : [.. all.Take(MaxEntries / 2), .. all.Skip(all.Count - (MaxEntries / 2))];
        return new CaseSummary(TextOf(stored.Order, facts, shown, leftOut, now), shown, leftOut, facts);
    }

    private static CaseFacts FactsOf(StoredOrder stored, DateTimeOffset now)
    {
        var (states, order) = (stored.States.Values, stored.Order);
        var open = stored.Shipments.Where(shipment => !shipment.HasEnded).Select(shipment => (DateTimeOffset?)shipment.Promise?.Latest)
            .Concat(order.Fulfillment.Expectations.Where(one => one.LineItems.Any(piece => stored.States.TryGetValue(piece.Id, out var state) && state.Open > 0)).Select(one => one.Latest)).Max();
        return new CaseFacts(
            states.Sum(one => one.Original), states.Sum(one => one.Shipped), states.Sum(one => one.Delivered), states.Sum(one => one.Canceled), states.Sum(one => one.Returned), order.Paid,
            stored.Refunds.Where(one => one.State == RefundState.Completed).Sum(one => one.Amount), stored.Refunds.Where(one => one.State == RefundState.Pending).Sum(one => one.Amount),
            order.Currency, Math.Max(0, (int)(now - order.PlacedAt).TotalDays), open, open < now);
    }

    private static string TextOf(Order order, CaseFacts facts, IReadOnlyList<TimelineEntry> timeline, int leftOut, DateTimeOffset now)
    {
        var page = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"Order {order.Id} of {Day(order.PlacedAt)}, {facts.DaysSinceOrder} days ago, by {order.ClientId} for {order.Person}\n")
            .Append(CultureInfo.InvariantCulture, $"Paid {Written.Amount(facts.Paid, facts.Currency)}; back {Written.Amount(facts.Refunded, facts.Currency)}, on its way back {Written.Amount(facts.RefundsPending, facts.Currency)}\n")
            .Append(CultureInfo.InvariantCulture, $"Of {facts.Ordered} pieces {facts.Shipped} shipped, {facts.Delivered} delivered, {facts.Canceled} canceled, {facts.Returned} returned\n")
            .Append(facts.PromisedUntil is not { } promised ? "Nothing open is promised for a day.\n"
                : facts.IsLate ? $"LATE: what is open was promised until {Day(promised)}.\n" : $"What is open is promised until {Day(promised)}.\n");
        foreach (var line in order.LineItems.Take(8))
        {
            page.Append(CultureInfo.InvariantCulture, $"  {line.Id}: {line.Quantity} x {Cut(line.Title)}, {Wire.Of(line.Status)}\n");
        }
        if (order.LineItems.Count > 8)
        {
            page.Append(CultureInfo.InvariantCulture, $"  and {order.LineItems.Count - 8} more lines\n");
        }
        page.Append("What happened:\n");
        foreach (var (index, entry) in timeline.Index())
        {
            if (leftOut > 0 && index == MaxEntries / 2)
            {
                page.Append(CultureInfo.InvariantCulture, $"  … {leftOut} more …\n");
            }
            page.Append(CultureInfo.InvariantCulture, $"  {entry.At.UtcDateTime:yyyy-MM-dd HH:mm} {entry.Text}\n");
        }
        return page.Append(CultureInfo.InvariantCulture, $"As of {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC.").ToString();
    }

    private static string WordsOf(Event entry, Order order)
    {
        var data = entry.Data;
        return entry.Type switch
        {
            "order.placed" => $"placed and paid{Money(data, "total")}",
            "order.shipped" => $"shipped {PiecesOf(data)}{Named(data, "carrier", " by ")}{Named(data, "tracking_number", ", tracking ")}{Named(data, "promised_until", ", promised until ", isDay: true)}",
            "order.delivered" => $"delivered {PiecesOf(data)}",
            "order.shipment_updated" => $"shipment {Text(data, "state")?.Replace('_', ' ')}: {PiecesOf(data)}",
            "order.canceled" => $"canceled as a whole ({Text(data, "reason")})",
            "order.line_canceled" => $"canceled {PiecesOf(data)} ({Text(data, "reason")})",
            "order.refunded" => $"refunded{Money(data, "amount")} ({Text(data, "reason")})",
            "order.refund_failed" => $"refund of{Money(data, "amount")} refused by the payment provider ({Text(data, "failure")})",
            "return.requested" => $"asked to return {PiecesOf(data)} ({Text(data, "reason")})",
            "return.decided" => $"return {Text(data, "state")} by {Text(data, "decided_by")}",
            "return.received" => $"returned goods received: {PiecesOf(data)}",
            // A later version writes down what this one does not know.
            var other => other.Replace('.', ' ').Replace('_', ' ') + (order.LineItems.Count == 0 ? " (no lines)" : ""),
        };
    }

    private static string PiecesOf(JsonElement data) =>
        data.TryGetProperty("line_items", out var lines) && lines.ValueKind == JsonValueKind.Array
            ? string.Join(", ", lines.EnumerateArray().Take(8).Select(line => $"{(line.TryGetProperty("quantity", out var quantity) ? quantity.ToString() : "?")} of {Text(line, "id")}"))
            : "nothing";

    private static string? Text(JsonElement data, string name) => data.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static string Named(JsonElement data, string name, string before, bool isDay = false) =>
        Text(data, name) is { } text ? before + (isDay && text.Length >= 10 ? text[..10] : Cut(text)) : "";

    private static string Money(JsonElement data, string name) =>
        data.TryGetProperty(name, out var money) && money.TryGetProperty("amount", out var amount) && amount.TryGetInt64(out var minor) && Text(money, "currency") is { } currency
            ? " " + Written.Amount(minor, currency)
            : "";

    // One line each, however a title or a carrier's number is written.
    private static string Cut(string text)
    {
        var plain = new string([.. text.Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' ' : letter)]);
        return plain.Length <= LongestText ? plain : plain[..(char.IsHighSurrogate(plain[LongestText - 2]) ? LongestText - 2 : LongestText - 1)] + "…";
    }

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
