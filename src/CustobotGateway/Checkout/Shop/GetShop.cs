using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Checkout.Shop;

/// <summary>How the merchant sells.</summary>
public static class GetShop
{
    internal static void Map(RouteGroupBuilder shop) => shop
        .MapGet("/", HandleAsync).WithName("getShop").RequireAdministrator()
        .WithSummary("Read the shop's settings")
        .WithDescription("Taxes, shipping, pickup, discounts, fees and what a session asks for. Version 0 is the file's, or nothing. Secrets are not shown. The ETag is for If-Match of the next change.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);

    private static async Task<Ok<StandingShop>> HandleAsync(HttpContext context, NpgsqlDataSource database, ShopInForce shop, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // From the database, since an ETag that another gateway has outdated would make the next change fail for nothing.
        var standing = await shop.FindAsync(connection, null, cancellationToken);
        context.Response.Headers.ETag = ETags.Tag(standing.Version);
        return TypedResults.Ok(standing with { Settings = standing.Settings.Shown() });
    }
}
