using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout.Orders;

/// <summary>A system of the merchant's says how far it has dealt with the feed of orders.</summary>
public static class AcknowledgeOrderFeed
{
    /// <param name="Cursor">The next, or an entry's cursor, of an answer of the feed.</param>
    public sealed record Request(string Cursor);

    /// <summary>Where the feed goes on for the client.</summary>
    /// <param name="Cursor">After that.</param>
    /// <param name="AcknowledgedAt">When it was said.</param>
    public sealed record Response(string Cursor, DateTimeOffset AcknowledgedAt);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator() => RuleFor(request => request.Cursor).Must(cursor => FeedCursor.Read(cursor) is not null).WithErrorCode("bad_cursor")
            .WithMessage("'cursor' is the next, or an entry's cursor, of an answer of the feed, as it was.");
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/order_feed/acknowledgements", HandleAsync).WithName("acknowledgeOrderFeed").CanDryRun().WithTags("Orders").Validate<Request>().RequireOrderOperator()
        .WithSummary("Acknowledge the feed of orders")
        .WithDescription("Kept for each client: a feed that is read without after goes on there. An earlier cursor goes back.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken) =>
        (await RunAsync(request, idempotencyKey, agent, writes, clock, cancellationToken)).ToHttp();

    /// <summary>Writes it down.</summary>
    public static Task<Outcome<Response>> RunAsync(
        Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(clock);
        return writes.RunAsync<Response>(new WriteAttempt(agent, "order_feed/acknowledgements", idempotencyKey, request), async transaction =>
        {
            var now = agent.NowBy(clock);
            await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
                insert into checkout.order_feed_cursors (client_id, cursor, acknowledged_at) values (@client, @Cursor, @now)
                on conflict (client_id) do update set cursor = excluded.cursor, acknowledged_at = excluded.acknowledged_at
                """, new { client = ReaderOf(agent), request.Cursor, now }, transaction, cancellationToken: cancellationToken));
            return new Response(request.Cursor, now);
        }, cancellationToken);
    }

    /// <summary>Whose place it is.</summary>
    internal static string ReaderOf(AgentPrincipal agent) => agent.ClientId ?? "administrator";
}
