using CustobotGateway.Catalog.Products;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Catalog.Inventory;

/// <summary>The merchant says how much of what lies where, and what is going to arrive.</summary>
public static class SetStock
{
    /// <summary>All or nothing; where a product and location stand twice, the newest source version counts, and of equal ones the last.</summary>
    /// <param name="Stock">1 to 1,000 counts.</param>
    public sealed record Request(IReadOnlyList<Count> Stock);

    /// <summary>How many of a product a location has; it replaces what was known. What else is left out stays as it is.</summary>
    /// <param name="ProductId"><c>prd_…</c>, or the merchant's own key written <c>external_id:KEY</c>.</param>
    /// <param name="Location">The warehouse or shop, 1 to 100 characters.</param>
    /// <param name="OnHand">Pieces that can be sold, 0 to 1,000,000,000.</param>
    /// <param name="SourceVersion">Which state of the source this is, 0 or more: one that is older than what is known is left out, an equal one changes nothing. Null is always written.</param>
    /// <param name="BackOrder">Whether more is sold than lies there.</param>
    /// <param name="LeadTimeDays">Days until what does not lie there can leave, 0 to 3,650.</param>
    /// <param name="Expected">What is going to arrive, at most 100 days of it; replaces what was expected.</param>
    public sealed record Count(
        string ProductId, string Location, int OnHand, long? SourceVersion = null, bool? BackOrder = null, int? LeadTimeDays = null, IReadOnlyList<Receipt>? Expected = null);

    /// <summary>What is going to arrive on a day.</summary>
    /// <param name="Date">The day.</param>
    /// <param name="Quantity">Pieces, 1 to 1,000,000,000.</param>
    public sealed record Receipt(DateOnly Date, int Quantity);

    /// <summary>What became of the counts; together they are all of them.</summary>
    /// <param name="Written">Written.</param>
    /// <param name="Unchanged">Left out: the source version is the one that is known.</param>
    /// <param name="Stale">Left out: a newer one is known, or stands in the same request.</param>
    public sealed record Response(int Written, int Unchanged, int Stale);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request.Stock).Must(stock => stock.Count is > 0 and <= StockLimits.Counts && stock.All(count => count is not null))
                .WithErrorCode("wrong_length").WithMessage($"'stock' holds 1 to {StockLimits.Counts} counts.");
            RuleForEach(request => request.Stock).ChildRules(count =>
            {
                count.RuleFor(c => c.ProductId).NotEmpty().MaximumLength(500);
                count.RuleFor(c => c.Location).NotEmpty().MaximumLength(StockLimits.LocationLength);
                count.RuleFor(c => c.OnHand).InclusiveBetween(0, StockLimits.OnHand).WithMessage($"'on_hand' is 0 to {StockLimits.OnHand}.");
                count.RuleFor(c => c.SourceVersion).GreaterThanOrEqualTo(0).WithMessage("'source_version' is 0 or more.");
                count.RuleFor(c => c.LeadTimeDays).InclusiveBetween(0, StockLimits.LeadTimeDays).WithMessage($"'lead_time_days' is 0 to {StockLimits.LeadTimeDays}.");
                count.RuleFor(c => c.Expected).Must(expected => expected!.Count <= StockLimits.Receipts && expected.All(receipt => receipt is { Quantity: > 0 and <= StockLimits.OnHand })
                        && expected.Select(receipt => receipt.Date).Distinct().Count() == expected.Count)
                    .When(c => c.Expected is not null).WithErrorCode("invalid").WithMessage($"'expected' holds at most {StockLimits.Receipts} days, each once, of 1 to {StockLimits.OnHand} pieces.");
            });
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/inventory:batch", HandleAsync).WithName("setStock").CanDryRun().WithTags("Inventory").RequireScope(Scopes.CatalogWrite).Validate<Request>()
        .WithSummary("Say how much of what lies where")
        .WithDescription("Sets what locations have on hand; orders take from it. Also whether more is sold than lies there, how long it takes, and what is going to arrive. Counts with a `source_version` are ordered by it, whenever they come. All counts are dealt with or, where a product is not known, none.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, CancellationToken cancellationToken) =>
        (await RunAsync(request, idempotencyKey, agent, writes, cancellationToken)).ToHttp();

    /// <summary>Writes the counts.</summary>
    public static Task<Outcome<Response>> RunAsync(
        Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(writes);
        return writes.RunAsync<Response>(new WriteAttempt(agent, "inventory:batch", idempotencyKey, request), async transaction =>
        {
            var found = await FindNumbers.RunAsync(transaction, request.Stock.Select(count => count.ProductId), place => $"/stock/{place}/product_id", cancellationToken);
            if (!found.Succeeded)
            {
                return found.Problem!;
            }
            var counts = request.Stock.Zip(found.Value, (count, product) => (Count: count, Product: product)).GroupBy(one => (one.Product, one.Count.Location))
                .Select(same => same.Aggregate((newest, next) => (next.Count.SourceVersion ?? long.MaxValue) >= (newest.Count.SourceVersion ?? long.MaxValue) ? next : newest))
                .OrderBy(one => one.Product).ThenBy(one => one.Count.Location, StringComparer.Ordinal).ToList();
            var written = await WriteAsync(transaction, counts, cancellationToken);
            await WriteExpectedAsync(transaction, [.. counts.Where(one => one.Count.Expected is not null && written.Contains((one.Product, one.Count.Location)))], cancellationToken);
            var left = counts.Where(one => !written.Contains((one.Product, one.Count.Location))).ToList();
            var unchanged = await UnchangedAsync(transaction, left, cancellationToken);
            return new Response(written.Count, unchanged, request.Stock.Count - written.Count - unchanged);
        }, cancellationToken);
    }

    // In the order in which orders take stock, so that neither waits for the other in a circle.
    private static async Task<HashSet<(long Product, string Location)>> WriteAsync(
        NpgsqlTransaction transaction, List<(Count Count, long Product)> counts, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<(long, string)>(new CommandDefinition("""
            insert into catalog.stock as s (product, location, on_hand, source_version, back_order, lead_time_days)
            select product, location, on_hand, source_version, back_order, lead_time_days
            from unnest(@products, @locations, @quantities, @versions, @backOrders, @leadTimes) with ordinality
                as given (product, location, on_hand, source_version, back_order, lead_time_days, place) order by place
            on conflict (product, location, starts_at) do update set on_hand = excluded.on_hand, source_version = coalesce(excluded.source_version, s.source_version),
                back_order = coalesce(excluded.back_order, s.back_order), lead_time_days = coalesce(excluded.lead_time_days, s.lead_time_days), updated_at = now()
                where excluded.source_version is null or s.source_version is null or excluded.source_version > s.source_version
            returning product, location
            """,
            new
            {
                products = counts.Select(one => one.Product).ToArray(),
                locations = counts.Select(one => one.Count.Location).ToArray(),
                quantities = counts.Select(one => one.Count.OnHand).ToArray(),
                versions = counts.Select(one => one.Count.SourceVersion).ToArray(),
                backOrders = counts.Select(one => one.Count.BackOrder).ToArray(),
                leadTimes = counts.Select(one => one.Count.LeadTimeDays).ToArray(),
            }, transaction, cancellationToken: cancellationToken))).ToHashSet();

    private static Task WriteExpectedAsync(NpgsqlTransaction transaction, List<(Count Count, long Product)> counts, CancellationToken cancellationToken)
    {
        var receipts = counts.SelectMany(one => one.Count.Expected!.Select(receipt => (one.Product, one.Count.Location, Receipt: receipt))).ToList();
        return counts.Count == 0 ? Task.CompletedTask : transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            delete from catalog.expected_receipts e using unnest(@products, @locations) as given (product, location) where e.product = given.product and e.location = given.location;
            insert into catalog.expected_receipts (product, location, expected_on, quantity)
            select * from unnest(@expectedProducts, @expectedLocations, @dates, @quantities)
            """,
            new
            {
                products = counts.Select(one => one.Product).ToArray(),
                locations = counts.Select(one => one.Count.Location).ToArray(),
                expectedProducts = receipts.Select(one => one.Product).ToArray(),
                expectedLocations = receipts.Select(one => one.Location).ToArray(),
                dates = receipts.Select(one => one.Receipt.Date).ToArray(),
                quantities = receipts.Select(one => one.Receipt.Quantity).ToArray(),
            }, transaction, cancellationToken: cancellationToken));
    }

    // The rows that were left out are locked by now: what they hold is what they were held against.
    private static async Task<int> UnchangedAsync(NpgsqlTransaction transaction, List<(Count Count, long Product)> left, CancellationToken cancellationToken) =>
        left.Count == 0 ? 0 : await transaction.Connection!.QuerySingleAsync<int>(new CommandDefinition("""
            select count(*)::int from catalog.stock s join unnest(@products, @locations, @versions) as given (product, location, source_version)
                on s.product = given.product and s.location = given.location and s.starts_at = '-infinity' and s.source_version = given.source_version
            """,
            new
            {
                products = left.Select(one => one.Product).ToArray(),
                locations = left.Select(one => one.Count.Location).ToArray(),
                versions = left.Select(one => one.Count.SourceVersion).ToArray(),
            }, transaction, cancellationToken: cancellationToken));
}
