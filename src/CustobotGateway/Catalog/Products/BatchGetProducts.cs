using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Catalog.Products;

/// <summary>Several products at once.</summary>
public static class BatchGetProducts
{
    internal const int MaxProducts = 100;

    /// <summary>Which products: at least one and at most 100 in all.</summary>
    /// <param name="Ids">Ids (<c>prd_…</c>), or keys of the merchant's written <c>external_id:KEY</c>.</param>
    /// <param name="ExternalIds">The merchant's own keys.</param>
    public sealed record Request(IReadOnlyList<string>? Ids = null, IReadOnlyList<string>? ExternalIds = null);

    /// <summary>What was found.</summary>
    /// <param name="Products">In the order asked for, each once.</param>
    /// <param name="Missing">What was asked for and is not there: as it was written.</param>
    public sealed record Response(IReadOnlyList<Product> Products, IReadOnlyList<string> Missing);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/products:batchGet", HandleAsync).WithName("batchGetProducts").OnlyReads().WithTags("Products").AllowPublicRead().Validate<Request>()
        .WithSummary("Read up to 100 products").WithDescription("What is not there is listed as missing; the rest is answered.")
        .ProducesProblem(400).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, HttpContext http, NpgsqlDataSource database, AttributeRegistryStore registry, CancellationToken cancellationToken) =>
        TypedResults.Ok(await RunAsync(request, Sight.Of(http), database, registry.Current, cancellationToken));

    /// <summary>The products that are there.</summary>
    public static async Task<Response> RunAsync(Request request, Sight sight, NpgsqlDataSource database, AttributeRegistry registry, CancellationToken cancellationToken)
    {
        (string Text, ProductReference Reference)[] asked =
        [
            .. (request.Ids ?? []).Select(id => (id, ProductReference.Parse(id, null))),
            .. (request.ExternalIds ?? []).Select(key => (key, ProductReference.OfExternalId(key))),
        ];
        var rows = await ProductRow.ListAsync(database, [.. asked.Select(one => one.Reference)], cancellationToken);
        var byNumber = rows.ToDictionary(row => row.Number);
        var byKey = rows.ToDictionary(row => row.ExternalId, StringComparer.Ordinal);
        var (products, missing, seen) = (new List<Product>(), new List<string>(), new HashSet<long>());
        foreach (var (text, reference) in asked)
        {
            var row = reference.ExternalId is { } key ? byKey.GetValueOrDefault(key) : byNumber.GetValueOrDefault(reference.Number ?? 0);
            if (row is null)
            {
                missing.Add(text);
            }
            else if (seen.Add(row.Number))
            {
                products.Add(row.ToProduct(registry, sight));
            }
        }
        return new Response(products, missing);
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(request => request).Must(request => (request.Ids?.Count ?? 0) + (request.ExternalIds?.Count ?? 0) is > 0 and <= MaxProducts)
            .OverridePropertyName("").WithErrorCode("out_of_range").WithMessage($"Ask for 1 to {MaxProducts} products by ids and external_ids.");
    }
}
