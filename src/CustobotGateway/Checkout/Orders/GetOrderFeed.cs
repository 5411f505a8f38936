using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Checkout.Orders;

/// <summary>All that happens to orders, in the order in which it was committed, for the merchant's own systems.</summary>
public static class GetOrderFeed
{
    /// <summary>The most entries at once.</summary>
    public const int MaxLimit = 100;

    /// <summary>The prefix of the streams that the feed gives.</summary>
    private const string OrderStreams = "ord_";

    /// <summary>What happened, and the order as it stands now.</summary>
    /// <param name="Cursor">Where the feed goes on after this entry.</param>
    /// <param name="Type">What happened: <c>order.placed</c>, <c>order.shipped</c>, <c>return.requested</c> …</param>
    /// <param name="At">When.</param>
    /// <param name="Version">Its number in the order's history: 1, 2, 3 …</param>
    /// <param name="Actor">Who did it.</param>
    /// <param name="Data">All that was written down of it.</param>
    /// <param name="Order">The order as it stands when the feed is read, which may be later than the entry.</param>
    public sealed record Entry(string Cursor, string Type, DateTimeOffset At, int Version, string Actor, JsonElement Data, Order Order);

    /// <summary>A part of the feed.</summary>
    /// <param name="Entries">In the order of commits; those of one order in the order of its versions.</param>
    /// <param name="Next">Give it as <c>after</c> for what follows, also when nothing was there yet; acknowledge it when it is dealt with.</param>
    /// <param name="More">Whether more may be there already.</param>
    public sealed record Response(IReadOnlyList<Entry> Entries, string Next, bool More);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/order_feed", HandleAsync).WithName("getOrderFeed").WithTags("Orders").RequireOrderOperator()
        .WithSummary("Follow all orders")
        .WithDescription("What happened to orders in the order of commits, none left out and none twice for one cursor. Without after the feed goes on where the calling client acknowledged last, or begins with the first order. limit is 1 to 100, 50 by default.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        AgentPrincipal agent, NpgsqlDataSource database, CancellationToken cancellationToken, string? after = null, int? limit = null) =>
        (await RunAsync(after, limit, agent, database, cancellationToken)).ToHttp();

    /// <summary>Reads on.</summary>
    public static async Task<Outcome<Response>> RunAsync(string? after, int? limit, AgentPrincipal agent, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(database);
        if (limit is < 1 or > MaxLimit)
        {
            return CommonProblems.InvalidRequest.With($"limit is 1 to {MaxLimit}.", [new("?limit", "out_of_range", $"1 to {MaxLimit}.")]);
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        after ??= await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "select cursor from checkout.order_feed_cursors where client_id = @client", new { client = AcknowledgeOrderFeed.ReaderOf(agent) }, cancellationToken: cancellationToken));
        var cursor = after is null ? EventCursor.Start : FeedCursor.Read(after);
        if (cursor is null)
        {
            return BadCursor("?after");
        }
        var size = limit ?? 50;
        var (events, next) = await EventReader.ReadAsync(connection, cursor, size, cancellationToken, OrderStreams);
        var orders = (await StoredOrder.ListAsync(connection, "o.id = any(@ids) and o.is_test = @IsTest", new { agent.IsTest, ids = events.Select(one => one.Stream).Distinct().ToArray() }, size, cancellationToken))
            .ToDictionary(one => one.Order.Id, one => one.Order);
        // Between the two snapshots of the cursor each entry is a place of its own.
        return new Response(
            [.. events.Where(one => orders.ContainsKey(one.Stream)).Select(one => new Entry(FeedCursor.ToText(Within(next, cursor, one)), one.Type, one.At,
                one.Version, one.Actor, one.Data, orders[one.Stream]))],
            FeedCursor.ToText(next), next.Until is not null);
    }

    internal static Problem BadCursor(string pointer) =>
        CommonProblems.InvalidRequest.With("That is not a cursor of this feed.", [new(pointer, "bad_cursor", "Give the next or a cursor of an earlier answer as it was.")]);

    // What was read up to is in the next cursor: as its end where more follows, as its beginning where it caught up.
    private static EventCursor Within(EventCursor next, EventCursor cursor, Event entry) => new(cursor.From, next.Until ?? next.From, entry.Position);
}
