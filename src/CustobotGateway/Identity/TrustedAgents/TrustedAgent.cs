using System.Text.Json;
using CustobotGateway.Common.Events;

namespace CustobotGateway.Identity.TrustedAgents;

/// <summary>An agent whose message signatures are believed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Agent">Its address, which is also its name.</param>
/// <param name="Authority">A host that its signatures may be over besides the gateway's own; empty for none.</param>
/// <param name="Keys">Its public keys, a JSON Web Key Set.</param>
/// <param name="Directory">Where more keys of it are fetched; null for nowhere.</param>
/// <param name="CreatedBy">Who added it.</param>
/// <param name="CreatedAt">When.</param>
public sealed record TrustedAgent(string Id, string Agent, string Authority, JsonElement Keys, string? Directory, string CreatedBy, DateTimeOffset CreatedAt);

/// <summary>An agent was added to those that are believed, or changed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Agent">Its address.</param>
/// <param name="Authority">The host that its signatures may be over besides the gateway's own.</param>
/// <param name="Keys">How many keys it has here.</param>
/// <param name="Directory">Where more keys are fetched.</param>
public sealed record TrustedAgentSaved(string Id, string Agent, string Authority, int Keys, string? Directory) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "trusted_agent.saved";
}

/// <summary>An agent is not believed any more.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Agent">Its address.</param>
public sealed record TrustedAgentRemoved(string Id, string Agent) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "trusted_agent.removed";
}
