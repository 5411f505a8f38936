using System.Globalization;
using System.Text;
using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Catalog.Products;

/// <summary>All products, page by page.</summary>
public static class ListProducts
{
    private const int DefaultSize = 24;
    private const int MaxSize = 100;
    private const string CursorPrefix = "n";

    /// <summary>Products with the cursor of the next page.</summary>
    /// <param name="Products">In the order of their ids, which is the order in which they first came.</param>
    /// <param name="Page">Where the list goes on.</param>
    public sealed record Response(IReadOnlyList<Product> Products, PageInfo Page);

    /// <summary>Where a list goes on.</summary>
    /// <param name="Next">Give it as <c>after</c> for the next page; null on the last.</param>
    public sealed record PageInfo(string? Next);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/products", HandleAsync).WithName("listProducts").WithTags("Products").AllowPublicRead()
        .WithSummary("List products")
        .WithDescription("In the order of ids. size is 1 to 100, 24 by default; after is the next of the page before. With external_id the list holds the one product of that key, or none. To find products by what they are, search.")
        .ProducesProblem(400).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        HttpContext http, NpgsqlDataSource database, AttributeRegistryStore registry, CancellationToken cancellationToken, string? external_id = null, string? after = null, int? size = null) =>
        (await RunAsync(external_id, after, size ?? DefaultSize, Sight.Of(http), database, registry.Current, cancellationToken)).ToHttp();

    /// <summary>A page of products, or the one of a key.</summary>
    public static async Task<Outcome<Response>> RunAsync(
        string? externalId, string? after, int size, Sight sight, NpgsqlDataSource database, AttributeRegistry registry, CancellationToken cancellationToken)
    {
        if (externalId is not null)
        {
            var one = await ProductRow.FindAsync(database, ProductReference.OfExternalId(externalId), cancellationToken);
            return new Response(one is { Withdrawn: false } ? [one.ToProduct(registry, sight)] : [], new PageInfo(null));
        }
        if (size is < 1 or > MaxSize)
        {
            return CommonProblems.InvalidRequest.With($"size is 1 to {MaxSize}.", [new("?size", "out_of_range", $"A page has 1 to {MaxSize} products.")]);
        }
        if (ReadCursor(after) is not { } number)
        {
            return CommonProblems.InvalidRequest.With("after is not a cursor of this list.", [new("?after", "bad_cursor", "Give the next of an earlier page as it was.")]);
        }
        var rows = await ProductRow.PageAsync(database, number, size + 1, cancellationToken);
        var page = rows.Take(size).Select(row => row.ToProduct(registry, sight)).ToArray();
        return new Response(page, new PageInfo(rows.Count > size ? Cursor(rows[size - 1].Number) : null));
    }

    private static string Cursor(long number) =>
        System.Buffers.Text.Base64Url.EncodeToString(Encoding.ASCII.GetBytes(CursorPrefix + number.ToString(CultureInfo.InvariantCulture)));

    private static long? ReadCursor(string? cursor)
    {
        if (cursor is null)
        {
            return 0;
        }
        if (cursor.Length > 64 || !System.Buffers.Text.Base64Url.IsValid(cursor))
        {
            return null;
        }
        var text = Encoding.ASCII.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor));
        return text.StartsWith(CursorPrefix, StringComparison.Ordinal) && long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
