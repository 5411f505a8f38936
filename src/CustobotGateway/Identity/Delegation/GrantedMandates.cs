using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.OAuth.Mandates;

namespace CustobotGateway.Identity.Delegation;

/// <summary>A mandate with the id by which its budget is counted.</summary>
internal sealed record GrantedMandate(string Id, PurchaseMandate Mandate);

/// <summary>The mandates of a grant, as they are stored and as a token caps them.</summary>
internal static class GrantedMandates
{
    /// <summary>Those of the grant.</summary>
    /// <param name="grantId">The grant; a mandate without an id of its own is counted by it.</param>
    /// <param name="mandate">The thin grant's mandate; null for a grant of the authorization server.</param>
    /// <param name="details">What was granted in detail; null if nothing was.</param>
    public static IReadOnlyList<GrantedMandate> Of(string grantId, string? mandate, string? details) =>
        mandate is not null ? [new(grantId, PurchaseMandate.Of(JsonElement.Parse(mandate)))]
        : details is not null ? Of(grantId, JsonElement.Parse(details).EnumerateArray())
        : [];

    /// <summary>
    /// Those that an agent may use: an access token may hold less than the grant that it came from, and each of its mandates points to one of the grant's by its id.
    /// </summary>
    public static IReadOnlyList<GrantedMandate> UsableBy(AgentPrincipal agent, IReadOnlyList<GrantedMandate> granted)
    {
        if (agent.TokenId is null)
        {
            return granted;
        }
        var capped = Of(agent.GrantId!, agent.Details?.Elements ?? []);
        return [.. capped.Where(some => granted.Any(known => known.Id == some.Id))];
    }

    private static IReadOnlyList<GrantedMandate> Of(string grantId, IEnumerable<JsonElement> details) =>
    [
        .. details.Where(element => element.GetProperty("type").ValueEquals(PurchaseMandate.TypeName)).Select(PurchaseMandate.Of)
            .Select(mandate => new GrantedMandate(mandate.MandateId ?? grantId, mandate)),
    ];
}
