using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Webhooks;

/// <summary>What was told to an endpoint and what came of it.</summary>
public static class ListDeliveries
{
    /// <summary>The most deliveries of a page.</summary>
    public const int MaxSize = 100;

    private const int DefaultSize = 50;

    /// <summary>One page.</summary>
    /// <param name="Deliveries">The newest first.</param>
    /// <param name="Page">How to go on.</param>
    public sealed record Response(IReadOnlyList<WebhookDelivery> Deliveries, ListEndpoints.NextPage Page);

    internal static void Map(RouteGroupBuilder endpoints)
    {
        endpoints.MapGet("/{id}/deliveries", HandleAsync).WithName("listWebhookDeliveries").RequireScope(Scopes.OrdersRead)
            .WithSummary("List the deliveries of a webhook endpoint")
            .WithDescription("The newest first, each with its attempts: status, duration, what went wrong in a word, and how the answer began. `state` is pending, delivered or dead_letter; `page.next` is the `after` of the next page.")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);
        endpoints.MapGet("/{id}/deliveries/{delivery}", GetAsync).WithName("getWebhookDelivery").RequireScope(Scopes.OrdersRead)
            .WithSummary("Read a delivery").WithDescription("One delivery with its attempts and the body that was sent.")
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        string id, AgentPrincipal agent, NpgsqlDataSource database, CancellationToken cancellationToken, string? state = null, string? after = null, int? size = null) =>
        (await RunAsync(id, state, after, size ?? DefaultSize, agent, database, cancellationToken)).ToHttp();

    private static async Task<Results<Ok<WebhookDelivery>, ProblemHttpResult>> GetAsync(
        string id, string delivery, AgentPrincipal agent, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await EndpointRow.FindAsync(connection, null, id, agent, cancellationToken) is not { } endpoint ? EndpointRow.NotFound(id).ToHttp()
            : await FindAsync(connection, null, endpoint.Id, delivery, cancellationToken) is { } found ? TypedResults.Ok(found.ToDelivery(withPayload: true))
            : NotFound(delivery).ToHttp();
    }

    internal static async Task<Outcome<Response>> RunAsync(
        string id, string? state, string? after, int size, AgentPrincipal agent, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var before = long.MaxValue;
        if (state is not null && DeliveryRow.StateOf(state) is null)
        {
            return CommonProblems.InvalidRequest.With("'state' is pending, delivered or dead_letter.", [new FieldError("?state", "unknown_value", "pending, delivered or dead_letter.")]);
        }
        if (after is not null && !Ids.TryGetNumber(DeliveryRow.Prefix, after, out before))
        {
            return CommonProblems.InvalidRequest.With("'after' is not a cursor of this list.", [new FieldError("?after", "wrong_form", "Take page.next of the page before.")]);
        }
        if (size is < 1 or > MaxSize)
        {
            return CommonProblems.InvalidRequest.With($"'size' is 1 to {MaxSize}.", [new FieldError("?size", "out_of_range", $"1 to {MaxSize}.")]);
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await EndpointRow.FindAsync(connection, null, id, agent, cancellationToken) is not { } endpoint)
        {
            return EndpointRow.NotFound(id);
        }
        var rows = (await connection.QueryAsync<DeliveryRow>(new CommandDefinition(
            $"{DeliveryRow.Select} where d.endpoint_id = @Id and d.number < @before {(state is null ? "" : "and d.state = @state")} order by d.number desc limit @limit",
            new { endpoint.Id, before, state, limit = size + 1 }, cancellationToken: cancellationToken))).AsList();
        return new Response([.. rows.Take(size).Select(row => row.ToDelivery(withPayload: false))],
            new ListEndpoints.NextPage(rows.Count > size ? Ids.FromNumber(DeliveryRow.Prefix, rows[size - 1].Number) : null));
    }

    internal static async Task<DeliveryRow?> FindAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string endpointId, string id, CancellationToken cancellationToken) =>
        !Ids.TryGetNumber(DeliveryRow.Prefix, id, out var number) ? null
            : await connection.QuerySingleOrDefaultAsync<DeliveryRow?>(new CommandDefinition(
                $"{DeliveryRow.Select} where d.endpoint_id = @endpointId and d.number = @number", new { endpointId, number }, transaction, cancellationToken: cancellationToken));

    internal static Problem NotFound(string id) => WebhookProblems.DeliveryNotFound.With($"There is no delivery {id} in the log of this endpoint.");
}
