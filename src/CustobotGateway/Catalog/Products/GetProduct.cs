using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace CustobotGateway.Catalog.Products;

/// <summary>One product with everything known of it.</summary>
public static class GetProduct
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/products/{id}", HandleAsync).WithName("getProduct").WithTags("Products").AllowPublicRead()
        .WithSummary("Read a product")
        .WithDescription("By id (prd_…) or by the merchant's own key (external_id:KEY). Answers schema.org JSON-LD for Accept: application/ld+json, in the language of Accept-Language where the attributes have it. If-None-Match with the ETag of an earlier answer gives 304.")
        .Produces<Product>(200, "application/json", ProductJsonLd.MediaType).Produces(304).ProducesProblem(404).ProducesProblem(503);

    private static async Task<IResult> HandleAsync(ProductReference id, HttpContext http, NpgsqlDataSource database, AttributeRegistryStore registry, PublicUrl address, CancellationToken cancellationToken)
    {
        http.Response.Headers.Vary = "Accept, Accept-Language, Authorization";
        if (await ProductRow.FindAsync(database, id, cancellationToken) is not { Withdrawn: false } row)
        {
            return ProductProblems.NotFound(id).ToHttp();
        }
        var linked = ProductJsonLd.IsAsked(http.Request);
        var language = linked ? ProductJsonLd.LanguageOf(http.Request) : null;
        var sight = Sight.Of(http);
        var tag = ETags.Tag(row.Version, (linked ? $"ld-{language}" : "") + (sight.HidesPrices ? "-unpriced" : ""));
        http.Response.Headers[HeaderNames.ETag] = tag;
        if (ETags.IsKnown(http.Request, tag))
        {
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }
        var product = row.ToProduct(registry.Current, sight);
        return linked ? ProductJsonLd.ToHttp(product, registry.Current, language!, address.Base) : TypedResults.Ok(product);
    }

    /// <summary>The product; attributes of the merchant's staff are left out for others.</summary>
    public static async Task<Outcome<Product>> RunAsync(ProductReference reference, Sight sight, NpgsqlDataSource database, AttributeRegistry registry, CancellationToken cancellationToken) =>
        await ProductRow.FindAsync(database, reference, cancellationToken) is { Withdrawn: false } row ? row.ToProduct(registry, sight) : ProductProblems.NotFound(reference);
}
