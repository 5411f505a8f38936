using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Telemetry;

/// <summary>What was wanted, in the order in which it was recorded.</summary>
public static class ListDemandEvents
{
    /// <summary>The most events of a page.</summary>
    public const int MaxSize = 500;

    private const int DefaultSize = 100;
    private const string CursorPrefix = "dem";

    /// <summary>One page.</summary>
    /// <param name="Events">From the oldest.</param>
    /// <param name="Page">How to go on.</param>
    public sealed record DemandPage(IReadOnlyList<DemandEvent> Events, NextPage Page);

    /// <summary>How to go on.</summary>
    /// <param name="Next">The <c>after</c> of the next page; also at the end, where asking again later gives what came since.</param>
    public sealed record NextPage(string? Next);

    internal static void Map(RouteGroupBuilder demand) => demand
        .MapGet("/events", HandleAsync).WithName("listDemandEvents").RequireScope(Scopes.DemandRead)
        .WithSummary("List what was wanted")
        .WithDescription("Orders and negotiations by product, from the oldest. `page.next` is the `after` of the next page, also at the end, where asking again later gives what came since.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);

    private static async Task<Results<Ok<DemandPage>, ProblemHttpResult>> HandleAsync(
        string? after, int? size, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        (await RunAsync(after, size ?? DefaultSize, database, cancellationToken)).ToHttp();

    /// <summary>Reads a page from the oldest on.</summary>
    public static async Task<Outcome<DemandPage>> RunAsync(string? after, int size, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        long number = 0;
        if (after is not null && !Ids.TryGetNumber(CursorPrefix, after, out number))
        {
            return CommonProblems.InvalidRequest.With("'after' is not a cursor of this list.",
                [new FieldError("?after", "wrong_form", "Take page.next of the page before.")]);
        }
        if (size is < 1 or > MaxSize)
        {
            return CommonProblems.InvalidRequest.With($"'size' is 1 to {MaxSize}.", [new FieldError("?size", "out_of_range", $"1 to {MaxSize}.")]);
        }
        var events = await ReadAsync("where number > @number order by number", number, size, database, cancellationToken);
        return new DemandPage(events, new NextPage(events.Count > 0 ? events[^1].Id : after));
    }

    /// <summary>The latest events, newest first, for staff.</summary>
    public static Task<IReadOnlyList<DemandEvent>> LatestAsync(int size, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        ReadAsync("order by number desc", 0, Math.Clamp(size, 1, MaxSize), database, cancellationToken);

    private static async Task<IReadOnlyList<DemandEvent>> ReadAsync(
        string range, long number, int size, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition($"""
            select number, type, product_id as productid, quantity, amount, currency, source, at, recorded_at as recordedat
            from telemetry.demand_events {range} limit @size
            """, new { number, size }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new DemandEvent(Ids.FromNumber(CursorPrefix, row.Number), row.Type, row.ProductId, row.Quantity,
            new Money(row.Amount, row.Currency), row.Source, new DateTimeOffset(row.At), new DateTimeOffset(row.RecordedAt)))];
    }

    // Columns are aliased without underscores, since Dapper matches constructor parameters by name.
    private sealed record Row(
        long Number, string Type, string ProductId, long Quantity, long Amount, string Currency, string Source, DateTime At, DateTime RecordedAt);
}
