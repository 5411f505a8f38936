using CustobotGateway.Catalog.Products;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Catalog.Inventory;

/// <summary>The merchant says how much of what lies where.</summary>
public static class SetStock
{
    /// <summary>All or nothing; where a product and location stand twice, the last counts.</summary>
    /// <param name="Stock">1 to 1,000 counts.</param>
    public sealed record Request(IReadOnlyList<Count> Stock);

    /// <summary>How many of a product a location has; it replaces what was known.</summary>
    /// <param name="ProductId"><c>prd_…</c>, or the merchant's own key written <c>external_id:KEY</c>.</param>
    /// <param name="Location">The warehouse or shop, 1 to 100 characters.</param>
    /// <param name="OnHand">Pieces that can be sold, 0 to 1,000,000,000.</param>
    public sealed record Count(string ProductId, string Location, int OnHand);

    /// <summary>What was written.</summary>
    /// <param name="Written">Counts of products and locations.</param>
    public sealed record Response(int Written);

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
            });
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/inventory:batch", HandleAsync).WithName("setStock").CanDryRun().WithTags("Inventory").RequireScope(Scopes.CatalogWrite).Validate<Request>()
        .WithSummary("Say how much of what lies where")
        .WithDescription("Sets what locations have on hand; orders take from it. All counts are written or, where a product is not known, none.")
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
        var references = request.Stock.Select(count => ProductReference.Parse(count.ProductId, null)).ToArray();
        return writes.RunAsync<Response>(new WriteAttempt(agent, "inventory:batch", idempotencyKey, request), async transaction =>
        {
            var found = (await transaction.Connection!.QueryAsync<long?>(new CommandDefinition("""
                select coalesce(by_number.number, by_key.number)
                from unnest(@numbers, @keys) with ordinality as given (number, key, place)
                left join catalog.products by_number on by_number.number = given.number
                left join catalog.products by_key on by_key.external_id = given.key
                order by given.place
                """, new { numbers = references.Select(one => one.Number).ToArray(), keys = references.Select(one => one.ExternalId).ToArray() },
                transaction, cancellationToken: cancellationToken))).AsList();
            FieldError[] unknown = [.. found.Index().Where(one => one.Item is null).Select(one =>
                new FieldError($"/stock/{one.Index}/product_id", "unknown_product", $"There is no product {request.Stock[one.Index].ProductId}."))];
            if (unknown.Length > 0)
            {
                return CommonProblems.NotFound.With(unknown[0].Detail, unknown);
            }
            // In the order in which orders take stock, so that neither waits for the other in a circle.
            return new Response(await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
                insert into catalog.stock (product, location, on_hand)
                select distinct on (product, location) product, location, on_hand
                from unnest(@products, @locations, @quantities) with ordinality as given (product, location, on_hand, place)
                order by product, location, place desc
                on conflict (product, location, starts_at) do update set on_hand = excluded.on_hand, updated_at = now()
                """,
                new
                {
                    products = found.Select(number => number!.Value).ToArray(),
                    locations = request.Stock.Select(count => count.Location).ToArray(),
                    quantities = request.Stock.Select(count => count.OnHand).ToArray(),
                }, transaction, cancellationToken: cancellationToken)));
        }, cancellationToken);
    }
}
