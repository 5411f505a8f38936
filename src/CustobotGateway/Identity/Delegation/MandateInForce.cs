using System.Text.Json;
using CustobotGateway.Common;

namespace CustobotGateway.Identity.Delegation;

/// <summary>
/// The mandate of a grant as the ledger enforces it. What a person limited and the ledger does not know how to hold yet refuses every purchase: a limit that
/// nobody enforces is worse than no purchase.
/// </summary>
internal static class MandateInForce
{
    private static readonly string[] Enforced = ["type", PurchaseMandateType.MandateId, "actions", "currency", "limits", "not_before", "not_after"];
    private static readonly string[] EnforcedLimits = ["per_order", "total"];

    /// <summary>Reads it.</summary>
    /// <param name="mandate">The thin grant's mandate; null for a grant of the authorization server.</param>
    /// <param name="details">What was granted in detail; null if nothing was.</param>
    /// <param name="presented">What the token that is presented caps it to: ids of mandates, and limits that are at most theirs. Null where the grant itself is presented.</param>
    public static Outcome<PurchaseMandate> Read(string? mandate, string? details, IReadOnlyList<JsonElement>? presented)
    {
        if (mandate is not null)
        {
            return JsonSerializer.Deserialize<PurchaseMandate>(mandate, StoredJson.Options)!;
        }
        List<JsonElement> granted = details is null ? [] : OfType(JsonElement.Parse(details).EnumerateArray());
        var asked = presented is null ? granted : OfType(presented);
        if (granted.Count == 0 || asked.Count == 0)
        {
            return IdentityProblems.MandateRequired.With("The grant, or the token from it, holds no purchase mandate.", remedy: IdentityProblems.AskPerson);
        }
        // The budget is counted by the grant: with two mandates nobody could say whose it was.
        if (granted.Count > 1 || asked.Count != 1 || IdOf(asked[0]) != IdOf(granted[0]))
        {
            return NotEnforced("several mandates in one grant");
        }
        if ((FirstUnknown(granted[0]) ?? FirstUnknown(asked[0])) is { } member)
        {
            return NotEnforced($"'{member}'");
        }
        return OfElement(asked[0]);
    }

    private static List<JsonElement> OfType(IEnumerable<JsonElement> details) =>
        [.. details.Where(element => element.GetProperty("type").ValueEquals(PurchaseMandate.TypeName))];

    private static string? IdOf(JsonElement element) => element.TryGetProperty(PurchaseMandateType.MandateId, out var id) ? id.GetString() : null;

    private static string? FirstUnknown(JsonElement element)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (!Enforced.Contains(member.Name))
            {
                return member.Name;
            }
        }
        return element.TryGetProperty("limits", out var limits)
            && limits.EnumerateObject().Select(limit => limit.Name).FirstOrDefault(limit => !EnforcedLimits.Contains(limit)) is { } name ? "limits." + name : null;
    }

    private static PurchaseMandate OfElement(JsonElement element)
    {
        var limits = element.TryGetProperty("limits", out var given) ? given : default;
        return new PurchaseMandate
        {
            Type = PurchaseMandate.TypeName,
            Actions = [.. element.GetProperty("actions").EnumerateArray().Select(action => action.GetString()!)],
            Currency = element.GetProperty("currency").GetString()!,
            Limits = new MandateLimits(Amount(limits, "per_order"), Amount(limits, "total")),
            NotBefore = Time(element, "not_before"),
            NotAfter = Time(element, "not_after"),
        };
    }

    // No limit is a limit that no order reaches.
    private static long Amount(JsonElement limits, string name) =>
        limits.ValueKind == JsonValueKind.Object && limits.TryGetProperty(name, out var amount) ? amount.GetInt64() : long.MaxValue;

    private static DateTimeOffset? Time(JsonElement element, string name) => element.TryGetProperty(name, out var time) ? time.GetDateTimeOffset() : null;

    private static Problem NotEnforced(string what) => IdentityProblems.MandateNotEnforced.With(
        $"The mandate has a limit that is not enforced here yet: {what}. Nothing is bought under it.", remedy: IdentityProblems.AskPerson);
}
