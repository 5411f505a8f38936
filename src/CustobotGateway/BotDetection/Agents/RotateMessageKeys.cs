using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity;
using CustobotGateway.OAuth.Jose;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>The merchant makes a new key to sign with, because the old one may be known to others.</summary>
public static class RotateMessageKeys
{
    /// <summary>The new key.</summary>
    /// <param name="KeyId">Its thumbprint, which is <c>keyid</c> in signatures.</param>
    /// <param name="SignsFrom">From then on it signs.</param>
    /// <param name="SignsUntil">From then on its successor does.</param>
    public sealed record Response(string KeyId, DateTimeOffset SignsFrom, DateTimeOffset SignsUntil);

    internal static void Map(RouteGroupBuilder bots) => bots.MapPost("/message-keys", HandleAsync).WithName("rotateMessageKeys").CanDryRun().RequireAdministrator()
        .WithSummary("Make a new message signature key")
        .WithDescription("The gateway signs its answers and webhooks with a new key from now on. The old one stays in the key directory for another day. Keys follow each other by themselves; this is for one that others may know.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, MessageKeyRing keys, AuditTrail trail, CancellationToken cancellationToken) =>
        (await RunAsync(idempotencyKey, agent, writes, keys, trail, cancellationToken)).ToHttp();

    /// <summary>Makes the key.</summary>
    public static async Task<Outcome<Response>> RunAsync(
        string? idempotencyKey, AgentPrincipal agent, Writes writes, MessageKeyRing keys, AuditTrail trail, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(trail);
        var outcome = await writes.RunAsync<Response>(
            new WriteAttempt(agent, "bot-detection/message-keys", idempotencyKey, "rotate"), async transaction => Of(await keys.RotateAsync(transaction, cancellationToken)), cancellationToken);
        if (outcome.Succeeded && !agent.IsDryRun)
        {
            trail.Add(new AuditEntry("message_keys.rotate", agent.ClientId, agent.OnBehalfOf, null, new { outcome.Value.KeyId }));
            await keys.ReadAsync(cancellationToken);
        }
        return outcome;
    }

    private static Response Of(KeyPeriod period) => new(period.KeyId, period.SignsFrom, period.SignsUntil);
}
