using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>The whole history of a grant, for whoever audits it: each event with its hash, which covers the hash before it.</summary>
public static class GetGrantEvents
{
    private const string MediaType = "application/x-ndjson";
    private const int AtOnce = 500;

    private static readonly byte[] NewLine = "\n"u8.ToArray();

    internal static void Map(RouteGroupBuilder grants) => grants
        .MapGet("/{id}/events", HandleAsync).WithName("getGrantEvents").RequireGrantManager()
        .WithSummary("Export the history of a grant")
        .WithDescription("Every event of the grant from its first, one JSON object a line, each with its version and its hash, which covers the hash before it. `gateway grants verify FILE` checks such a file offline; the header Event-Head names the last event's hash, without which a file that was cut off at its end cannot be told.")
        .Produces<EventLine>(StatusCodes.Status200OK, MediaType)
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<IResult> HandleAsync(string id, HttpContext context, AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken)
    {
        await using var connection = await grants.Database.OpenConnectionAsync(cancellationToken);
        var actor = GrantActor.Of(agent);
        var grant = grants.Note("grant.export", actor, id, await GrantRow.AllowAsync(connection, null, id, actor, GrantRight.Audit, cancellationToken));
        if (!grant.Succeeded)
        {
            return grant.Problem!.ToHttp();
        }
        await WriteAsync(context.Response, connection, id, cancellationToken);
        return Results.Empty;
    }

    // Up to the event that was the last when it began: what is appended meanwhile is another export's.
    private static async Task WriteAsync(HttpResponse response, NpgsqlConnection connection, string id, CancellationToken cancellationToken)
    {
        var head = (await EventLog.ReadLastAsync(connection, id, 1, null, cancellationToken))[0];
        response.ContentType = MediaType;
        response.Headers["Event-Head"] = Convert.ToHexStringLower(head.Hash);
        response.Headers.CacheControl = "no-store";
        for (var last = 0; last < head.Version;)
        {
            var events = await EventLog.ReadNextAsync(connection, id, last, Math.Min(AtOnce, head.Version - last), cancellationToken);
            foreach (var entry in events)
            {
                await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(EventLine.Of(entry), Json.Options), cancellationToken);
                await response.Body.WriteAsync(NewLine, cancellationToken);
            }
            last = events[^1].Version;
        }
    }
}
