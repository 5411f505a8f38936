using System.Text.Json;
using CustobotGateway.Common.Events;
using CustobotGateway.Identity.Delegation;

namespace CustobotGateway.Checkout.Evidence;

/// <summary>Reads from a grant's history what it allowed when an order was paid. Pure: the same events always give the same answer.</summary>
internal static class GrantAtInstant
{
    /// <summary>The grant as it was.</summary>
    /// <param name="grantId">The grant.</param>
    /// <param name="events">Its history from the first event on.</param>
    /// <param name="reservation">The checkout session that was paid.</param>
    public static EvidenceGrant Of(string grantId, IReadOnlyList<Event> events, string reservation)
    {
        var paid = events.FirstOrDefault(entry => entry.Type == GrantSpent.Type && entry.Read<GrantSpent>().Reservation == reservation);
        var spent = new Dictionary<string, long>();
        var held = new Dictionary<string, (string Mandate, long Amount, DateTimeOffset Until)>();
        var isPaused = false;
        Event? given = null;
        foreach (var entry in events.TakeWhile(entry => paid is null || entry.Version < paid.Version))
        {
            switch (entry.Type)
            {
                case "grant.issued" or "grant.given":
                    given = entry;
                    break;
                case "grant.paused":
                    isPaused = true;
                    break;
                case "grant.resumed":
                    isPaused = false;
                    break;
                case "grant.held" when entry.Read<GrantHeld>() is var one:
                    held[one.Reservation] = (one.MandateId, one.Held.Amount, one.ExpiresAt);
                    break;
                case "grant.released" when entry.Read<GrantReleased>() is var one:
                    held.Remove(one.Reservation);
                    break;
                case "grant.spent" when entry.Read<GrantSpent>() is var one:
                    held.Remove(one.Reservation);
                    spent[one.MandateId ?? grantId] = spent.GetValueOrDefault(one.MandateId ?? grantId) + one.Paid.Amount;
                    break;
                case "grant.refunded" when entry.Read<GrantRefunded>() is var one:
                    spent[one.MandateId] = spent.GetValueOrDefault(one.MandateId) - one.Refunded.Amount;
                    break;
            }
        }
        var payment = paid?.Read<GrantSpent>();
        return new EvidenceGrant(grantId, paid?.Version, isPaused ? "paused" : "active", given?.At, [.. MandatesOf(grantId, given).Select(mandate =>
        {
            var (id, limits) = (mandate.Granted.Id, mandate.Granted.Mandate.Limits);
            var elsewhere = held.Where(one => one.Key != reservation && one.Value.Mandate == id && (paid is null || one.Value.Until > paid.At)).Sum(one => one.Value.Amount);
            return new EvidenceMandate(id, mandate.Json, mandate.Granted.Mandate.Currency, limits?.Total, spent.GetValueOrDefault(id), elsewhere,
                limits?.Total - spent.GetValueOrDefault(id) - elsewhere, payment is not null && (payment.MandateId ?? grantId) == id ? payment.Paid.Amount : 0);
        })]);
    }

    private static IEnumerable<(GrantedMandate Granted, JsonElement Json)> MandatesOf(string grantId, Event? given)
    {
        if (given is null)
        {
            return [];
        }
        if (given.Data.TryGetProperty("mandate", out var mandate))
        {
            return GrantedMandates.Of(grantId, mandate.GetRawText(), null).Select(one => (one, mandate));
        }
        if (!given.Data.TryGetProperty("authorization_details", out var details) || details.ValueKind != JsonValueKind.Array)
        {
            return [];
        }
        return details.EnumerateArray().SelectMany(detail => GrantedMandates.Of(grantId, null, $"[{detail.GetRawText()}]").Select(one => (one, detail)));
    }
}
