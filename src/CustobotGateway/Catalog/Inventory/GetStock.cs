using CustobotGateway.Catalog.Products;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Catalog.Inventory;

/// <summary>What lies where of a product, and what is going to arrive.</summary>
public static class GetStock
{
    private const int MostLocations = 1_000;

    /// <summary>A product's stock.</summary>
    /// <param name="ProductId"><c>prd_…</c></param>
    /// <param name="Locations">By name; at most 1,000.</param>
    public sealed record Response(string ProductId, IReadOnlyList<Location> Locations);

    /// <summary>A product at a location.</summary>
    /// <param name="Name">The warehouse or shop.</param>
    /// <param name="OnHand">Pieces that lie there.</param>
    /// <param name="BackOrder">Whether more is sold than lies there; null where nothing was said.</param>
    /// <param name="LeadTimeDays">Days until what does not lie there can leave; null where nothing was said.</param>
    /// <param name="Expected">What is going to arrive, by day.</param>
    /// <param name="SourceVersion">The source's version of this; null where it has none.</param>
    /// <param name="UpdatedAt">When it last changed.</param>
    public sealed record Location(string Name, int OnHand, bool? BackOrder, int? LeadTimeDays, IReadOnlyList<SetStock.Receipt> Expected, long? SourceVersion, DateTimeOffset UpdatedAt);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/inventory/{id}", HandleAsync).WithName("getStock").WithTags("Inventory").RequireScope(Scopes.CatalogRead)
        .WithSummary("Read what lies where of a product")
        .WithDescription("What locations have on hand, whether more is sold than that and how long it takes, and what is going to arrive on which day.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(ProductReference id, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        (await RunAsync(id, database, cancellationToken)).ToHttp();

    internal static async Task<Outcome<Response>> RunAsync(ProductReference reference, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (await ProductRow.FindAsync(database, reference, cancellationToken) is not { Withdrawn: false } product)
        {
            return ProductProblems.NotFound(reference);
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string Location, int OnHand, bool? BackOrder, int? LeadTimeDays, long? SourceVersion, DateTime UpdatedAt)>(new CommandDefinition($"""
            select location, on_hand, back_order, lead_time_days, source_version, updated_at from catalog.stock
            where product = @Number and starts_at = '-infinity' order by location limit {MostLocations}
            """, new { product.Number }, cancellationToken: cancellationToken));
        var expected = (await connection.QueryAsync<(string Location, DateTime Date, int Quantity)>(new CommandDefinition($"""
            select location, expected_on::timestamp, quantity from catalog.expected_receipts where product = @Number order by expected_on limit {MostLocations * StockLimits.Receipts}
            """, new { product.Number }, cancellationToken: cancellationToken))).ToLookup(row => row.Location, row => new SetStock.Receipt(DateOnly.FromDateTime(row.Date), row.Quantity));
        return new Response(Ids.FromNumber(ProductReference.IdPrefix, product.Number),
            [.. rows.Select(row => new Location(row.Location, row.OnHand, row.BackOrder, row.LeadTimeDays, [.. expected[row.Location]], row.SourceVersion, new DateTimeOffset(row.UpdatedAt)))]);
    }
}
