using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>The merchant makes a new key to sign with, because the old one may be known to others.</summary>
public static class RotateMessageKeys
{
    /// <summary>The new key.</summary>
    /// <param name="KeyId">Its thumbprint, which is <c>keyid</c> in signatures.</param>
    /// <param name="SignsFrom">From then on it signs.</param>
    /// <param name="SignsUntil">From then on its successor does.</param>
    public sealed record Response(string KeyId, DateTimeOffset SignsFrom, DateTimeOffset SignsUntil);

    internal static void Map(RouteGroupBuilder bots) => bots.MapPost("/message-keys", HandleAsync).WithName("rotateMessageKeys").RequireAdministrator()
        .WithSummary("Make a new message signature key")
        .WithDescription("The gateway signs its answers and webhooks with a new key from now on. The old one stays in the key directory for another day. Keys follow each other by themselves; this is for one that others may know.")
        .ProducesProblem(401).ProducesProblem(503);

    private static async Task<Response> HandleAsync(AgentPrincipal agent, MessageKeyRing keys, AuditTrail trail, CancellationToken cancellationToken) =>
        Of(await RunAsync(agent, keys, trail, cancellationToken));

    /// <summary>Makes the key.</summary>
    public static async Task<KeyPeriod> RunAsync(AgentPrincipal agent, MessageKeyRing keys, AuditTrail trail, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(trail);
        var made = await keys.RotateAsync(cancellationToken);
        trail.Add(new AuditEntry("message_keys.rotate", agent.ClientId, agent.OnBehalfOf, null, new { made.KeyId }));
        return made;
    }

    private static Response Of(KeyPeriod period) => new(period.KeyId, period.SignsFrom, period.SignsUntil);
}
