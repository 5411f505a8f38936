using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Catalog.Products;

/// <summary>The merchant's system says what products cost.</summary>
public static class SetPrices
{
    /// <summary>The most prices of one request.</summary>
    public const int MostPrices = 1_000;

    private const long MostAmount = 1_000_000_000_000_000;
    private const string PriceKey = "price";

    /// <summary>All or nothing; where a product stands twice, the newest source version counts, and of equal ones the last.</summary>
    /// <param name="Prices">1 to 1,000 prices.</param>
    public sealed record Request(IReadOnlyList<Price> Prices);

    /// <summary>What one piece of a product costs. It is the product's attribute <c>price</c>: searches follow it.</summary>
    /// <param name="ProductId"><c>prd_…</c>, or the merchant's own key written <c>external_id:KEY</c>.</param>
    /// <param name="Value">The price in minor units, 0 to 10^15, and its currency.</param>
    /// <param name="SourceVersion">Which state of the source this is, 0 or more: one that is older than what is known is left out, an equal one changes nothing. Null is always written.</param>
    public sealed record Price(string ProductId, [property: System.Text.Json.Serialization.JsonPropertyName("price")] Money Value, long? SourceVersion = null);

    /// <summary>What became of the prices; together they are all of them.</summary>
    /// <param name="Written">Written.</param>
    /// <param name="Unchanged">Nothing to write: the source version is the one that is known, or the price is.</param>
    /// <param name="Stale">Left out: a newer one is known, or stands in the same request.</param>
    public sealed record Response(int Written, int Unchanged, int Stale);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request.Prices).Must(prices => prices.Count is > 0 and <= MostPrices && prices.All(price => price is not null))
                .WithErrorCode("wrong_length").WithMessage($"'prices' holds 1 to {MostPrices} prices.");
            RuleForEach(request => request.Prices).ChildRules(price =>
            {
                price.RuleFor(p => p.ProductId).NotEmpty().MaximumLength(500);
                price.RuleFor(p => p.Value.Amount).InclusiveBetween(0, MostAmount).OverridePropertyName("Price.Amount").WithMessage($"'amount' is 0 to {MostAmount} minor units.");
                price.RuleFor(p => p.SourceVersion).GreaterThanOrEqualTo(0).WithMessage("'source_version' is 0 or more.");
            });
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/prices:batch", HandleAsync).WithName("setPrices").CanDryRun().WithTags("Products").RequireScope(Scopes.CatalogWrite).Validate<Request>()
        .WithSummary("Say what products cost")
        .WithDescription("Sets the attribute `price` of products; searches follow within a second. Prices with a `source_version` are ordered by it, whenever they come. All prices are dealt with or, where one cannot be, none.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, AttributeRegistryStore registry, TimeProvider clock, CancellationToken cancellationToken) =>
        (await RunAsync(request, idempotencyKey, agent, writes, registry.Current, clock, cancellationToken)).ToHttp();

    /// <summary>Writes the prices.</summary>
    internal static Task<Outcome<Response>> RunAsync(
        Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, AttributeRegistry registry, TimeProvider clock, CancellationToken cancellationToken) =>
        writes.RunAsync<Response>(new WriteAttempt(agent, "prices:batch", idempotencyKey, request), async transaction =>
        {
            var found = await FindNumbers.RunAsync(transaction, request.Prices.Select(price => price.ProductId), PointerOf("product_id"), cancellationToken);
            if (!found.Succeeded)
            {
                return found.Problem!;
            }
            var newest = request.Prices.Index().Zip(found.Value, (price, product) => (price.Index, Price: price.Item, Product: product)).GroupBy(one => one.Product)
                .Select(same => same.Aggregate((best, next) => (next.Price.SourceVersion ?? long.MaxValue) >= (best.Price.SourceVersion ?? long.MaxValue) ? next : best)).ToDictionary(one => one.Product);
            var products = await ProductRow.LockAsync(transaction, [.. newest.Keys], cancellationToken);
            var known = (await transaction.Connection!.QueryAsync<(long Product, long Version)>(new CommandDefinition(
                "select product, source_version from catalog.price_versions where product = any(@numbers)", new { numbers = newest.Keys.ToArray() }, transaction, cancellationToken: cancellationToken)))
                .ToDictionary(row => row.Product, row => row.Version);
            var (writesOf, versions, unchanged, now) = (new List<(long Number, ProductWrite Write)>(), new List<(long Number, long Version)>(), 0, clock.GetUtcNow());
            foreach (var product in products)
            {
                var (place, price, _) = newest[product.Number];
                if (product.Withdrawn)
                {
                    return CommonProblems.NotFound.With($"There is no product {price.ProductId}.", [new FieldError(PointerOf("product_id")(place), "unknown_product", "It was withdrawn.")]);
                }
                if (price.SourceVersion is { } version)
                {
                    if (known.TryGetValue(product.Number, out var before) && version <= before)
                    {
                        unchanged += version == before ? 1 : 0;
                        continue;
                    }
                    versions.Add((product.Number, version));
                }
                var change = new PatchProduct.Request { Attributes = new Dictionary<string, JsonElement> { [PriceKey] = JsonSerializer.SerializeToElement(price.Value, Json.Options) } };
                var merged = PatchProduct.Merge(product, change, registry, now);
                if (merged.Problem is { } refused)
                {
                    return refused with { Errors = [.. refused.Errors.Select(error => error with { Pointer = error.Pointer.Replace("/attributes/price", PointerOf("price")(place), StringComparison.Ordinal) })] };
                }
                if (merged.Value.ContentHash.AsSpan().SequenceEqual(product.ContentHash))
                {
                    unchanged++;
                    continue;
                }
                writesOf.Add((product.Number, merged.Value));
            }
            await StoreAsync(transaction, writesOf, versions, now, cancellationToken);
            return new Response(writesOf.Count, unchanged, request.Prices.Count - writesOf.Count - unchanged);
        }, cancellationToken);

    private static Func<int, string> PointerOf(string member) => place => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/prices/{place}/{member}");

    private static Task<int> StoreAsync(
        NpgsqlTransaction transaction, List<(long Number, ProductWrite Write)> writes, List<(long Number, long Version)> versions, DateTimeOffset now, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            update catalog.products p set attributes = given.attributes::jsonb, given = given.given::jsonb, provenance = given.provenance::jsonb, content_hash = given.content_hash,
                version = p.version + 1, updated_at = @now, change_xid = pg_current_xact_id()
            from unnest(@numbers, @attributes, @givens, @provenances, @hashes) as given (number, attributes, given, provenance, content_hash) where p.number = given.number;
            insert into catalog.price_versions (product, source_version) select * from unnest(@versioned, @versions)
            on conflict (product) do update set source_version = excluded.source_version;
            select pg_notify('catalog_changes', '') where cardinality(@numbers) > 0
            """,
            new
            {
                numbers = writes.Select(one => one.Number).ToArray(),
                attributes = writes.Select(one => one.Write.Attributes).ToArray(),
                givens = writes.Select(one => one.Write.Given).ToArray(),
                provenances = writes.Select(one => one.Write.Provenance).ToArray(),
                hashes = writes.Select(one => one.Write.ContentHash).ToArray(),
                versioned = versions.Select(one => one.Number).ToArray(),
                versions = versions.Select(one => one.Version).ToArray(),
                now,
            }, transaction, cancellationToken: cancellationToken));
}
