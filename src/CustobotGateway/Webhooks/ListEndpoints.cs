using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Webhooks;

/// <summary>The endpoints of the caller, and one by its id.</summary>
public static class ListEndpoints
{
    /// <summary>The most endpoints of a page.</summary>
    public const int MaxSize = 100;

    /// <summary>One page.</summary>
    /// <param name="Endpoints">The oldest first.</param>
    /// <param name="Page">How to go on.</param>
    public sealed record Response(IReadOnlyList<WebhookEndpoint> Endpoints, NextPage Page);

    /// <summary>How to go on.</summary>
    /// <param name="Next">The <c>after</c> of the next page; null at the end.</param>
    public sealed record NextPage(string? Next);

    internal static void Map(RouteGroupBuilder endpoints)
    {
        endpoints.MapGet("/", ListAsync).WithName("listWebhookEndpoints").RequireScope(Scopes.OrdersRead)
            .WithSummary("List webhook endpoints").WithDescription("Your own, the oldest first; the administrator sees everybody's. `page.next` is the `after` of the next page.")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);
        endpoints.MapGet("/{id}", GetAsync).WithName("getWebhookEndpoint").RequireScope(Scopes.OrdersRead)
            .WithSummary("Read a webhook endpoint").WithDescription("Where to, of what, and whether anything arrives. The secret is not told again.")
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> ListAsync(
        AgentPrincipal agent, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken, string? after = null, int? size = null) =>
        (await RunAsync(after, size ?? MaxSize, agent, database, clock, cancellationToken)).ToHttp();

    private static async Task<Results<Ok<WebhookEndpoint>, ProblemHttpResult>> GetAsync(
        string id, AgentPrincipal agent, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await EndpointRow.FindAsync(connection, null, id, agent, cancellationToken) is { } row ? TypedResults.Ok(row.ToEndpoint(clock.GetUtcNow())) : EndpointRow.NotFound(id).ToHttp();
    }

    internal static async Task<Outcome<Response>> RunAsync(
        string? after, int size, AgentPrincipal agent, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (size is < 1 or > MaxSize)
        {
            return CommonProblems.InvalidRequest.With($"'size' is 1 to {MaxSize}.", [new FieldError("?size", "out_of_range", $"1 to {MaxSize}.")]);
        }
        var owner = EndpointOwner.Of(agent);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<EndpointRow>(new CommandDefinition(
            $"select {EndpointRow.Columns} from webhooks.endpoints where {EndpointOwner.Sees} and id > @after order by id limit @limit",
            new { owner.IsMerchant, owner.ClientId, owner.GrantId, owner.IsTest, after = (after ?? "").Replace("\0", "", StringComparison.Ordinal), limit = size + 1 }, cancellationToken: cancellationToken))).AsList();
        var now = clock.GetUtcNow();
        return new Response([.. rows.Take(size).Select(row => row.ToEndpoint(now))], new NextPage(rows.Count > size ? rows[size - 1].Id : null));
    }
}
