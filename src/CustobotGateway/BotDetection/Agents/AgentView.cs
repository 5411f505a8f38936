using System.Text.Json;
using CustobotGateway.Identity.TrustedAgents;
using CustobotGateway.MessageSignatures.WebBotAuth;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>An agent whose signatures are believed, as the merchant's staff sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Agent">Its address, which is its name.</param>
/// <param name="Authority">A host that its signatures may be over besides the gateway's own; null for none.</param>
/// <param name="KeyIds">The thumbprints (RFC 7638) of the keys that are kept here; those of a directory are not listed.</param>
/// <param name="Directory">Where its keys are fetched; null for nowhere.</param>
/// <param name="CreatedBy">Who added it: <c>seed</c>, or who called.</param>
/// <param name="CreatedAt">When.</param>
public sealed record AgentView(string Id, string Agent, string? Authority, IReadOnlyList<string> KeyIds, string? Directory, string CreatedBy, DateTimeOffset CreatedAt)
{
    internal static AgentView Of(TrustedAgent agent) => new(
        agent.Id, agent.Agent, agent.Authority.Length == 0 ? null : agent.Authority, KeyIdsOf(agent.Keys), agent.Directory, agent.CreatedBy, agent.CreatedAt);

    private static string[] KeyIdsOf(JsonElement keys)
    {
        if (!KeyDirectory.TryRead(keys, out var read, out _))
        {
            return [];
        }
        string[] ids = [.. read.Select(key => key.Thumbprint)];
        foreach (var key in read)
        {
            key.Dispose();
        }
        return ids;
    }
}
