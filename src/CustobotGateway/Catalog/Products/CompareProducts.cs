using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Catalog.Products;

/// <summary>Sets products side by side, attribute by attribute, in one unit.</summary>
public static class CompareProducts
{
    internal const int MinProducts = 2;
    internal const int MaxProducts = 20;

    /// <summary>What to compare.</summary>
    /// <param name="Ids">2 to 20 different products: ids (<c>prd_…</c>), or keys of the merchant's written <c>external_id:KEY</c>.</param>
    /// <param name="Attributes">The attributes to compare; all that at least one of the products has, when null.</param>
    public sealed record Request(IReadOnlyList<string> Ids, IReadOnlyList<string>? Attributes = null);

    /// <summary>The comparison.</summary>
    /// <param name="Products">The products in the order asked for; values stand in the same order below.</param>
    /// <param name="Attributes">In the order of the registry; those whose values differ come first.</param>
    public sealed record Response(IReadOnlyList<Compared> Products, IReadOnlyList<AttributeComparison> Attributes);

    /// <summary>One of the products.</summary>
    /// <param name="Id">The id.</param>
    /// <param name="ExternalId">The merchant's own key.</param>
    /// <param name="Name">Its name, where it has one.</param>
    public sealed record Compared(string Id, string ExternalId, string? Name);

    /// <summary>One attribute across the products.</summary>
    public sealed record AttributeComparison
    {
        /// <summary>The key.</summary>
        public required string Attribute { get; init; }

        /// <summary>Its title.</summary>
        public string? Title { get; init; }

        /// <summary>The UCUM unit of all values here; null where the attribute has none.</summary>
        public string? Unit { get; init; }

        /// <summary>Whether the products that have it do not all have the same value.</summary>
        public required bool Differs { get; init; }

        /// <summary>The value of each product; null where it is missing.</summary>
        public required IReadOnlyList<JsonElement?> Values { get; init; }

        /// <summary>
        /// For numbers: where each value lies between the smallest (0) and the largest (1) of them; null where missing, and left out where the
        /// values cannot be ordered (text, places, amounts of different currencies).
        /// </summary>
        public IReadOnlyList<double?>? Normalized { get; init; }

        /// <summary>For numbers: each value less that of the first product that has one, in the same unit.</summary>
        public IReadOnlyList<double?>? Difference { get; init; }

        /// <summary><c>lower</c> or <c>higher</c> where one of them is what buyers want; null where that depends.</summary>
        public string? Better { get; init; }

        /// <summary>Ids of the products with the best value, where better is known and the values differ.</summary>
        public IReadOnlyList<string>? Best { get; init; }

        /// <summary>Ids of the products that lack it.</summary>
        public required IReadOnlyList<string> Missing { get; init; }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/products:compare", HandleAsync).WithName("compareProducts").OnlyReads().WithTags("Products").AllowPublicRead().Validate<Request>()
        .WithSummary("Compare 2 to 20 products").WithDescription("Attribute by attribute in one unit: values, where they lie between the smallest and the largest, which is best where that is known, and what is missing.")
        .ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, HttpContext http, NpgsqlDataSource database, AttributeRegistryStore registry, CancellationToken cancellationToken) =>
        (await RunAsync(request, Sight.Of(http), database, registry.Current, cancellationToken)).ToHttp();

    /// <summary>The comparison, or what it lacks.</summary>
    public static async Task<Outcome<Response>> RunAsync(Request request, Sight sight, NpgsqlDataSource database, AttributeRegistry registry, CancellationToken cancellationToken)
    {
        var unknown = (request.Attributes ?? []).Select((key, index) => (key, index)).Where(asked => registry.Find(asked.key) is not { } known || (known.IsStaffOnly && !sight.Staff)).ToArray();
        if (unknown.Length > 0)
        {
            return CommonProblems.InvalidRequest.With(ProductWrite.Unknown(registry, unknown[0].key),
                [.. unknown.Select(asked => new FieldError($"/attributes/{asked.index}", "unknown_attribute", ProductWrite.Unknown(registry, asked.key)))]);
        }
        if (sight.HidesPrices && (request.Attributes ?? []).Select((key, index) => (key, index)).FirstOrDefault(asked => registry.Find(asked.key)!.IsPrice) is { key: { } price } hidden)
        {
            var detail = $"{price} is a price, and this caller is not shown prices.";
            return CommonProblems.PricesHidden.With(detail, [new FieldError($"/attributes/{hidden.index}", CommonProblems.PricesHidden.Code, detail)]);
        }
        var found = await BatchGetProducts.RunAsync(new BatchGetProducts.Request(request.Ids), sight, database, registry, cancellationToken);
        if (found.Missing.Count > 0)
        {
            return ProductProblems.ProductNotFound.With($"There is no product '{found.Missing[0]}'.",
                [.. found.Missing.Distinct().Select(id => new FieldError($"/ids/{request.Ids.ToList().IndexOf(id)}", "not_found", $"There is no product '{id}'."))]);
        }
        if (found.Products.Count < MinProducts)
        {
            return CommonProblems.InvalidRequest.With("The ids name the same product.", [new("/ids", "out_of_range", $"Name {MinProducts} to {MaxProducts} different products.")]);
        }
        var asked = request.Attributes?.ToHashSet(StringComparer.Ordinal);
        var attributes = registry.Attributes.Where(attribute => asked?.Contains(attribute.Key) ?? found.Products.Any(product => product.Attributes.ContainsKey(attribute.Key)))
            .Select(attribute => Compare(attribute, found.Products)).OrderByDescending(comparison => comparison.Differs).ToArray();
        return new Response([.. found.Products.Select(product => new Compared(product.Id, product.ExternalId, product.Attributes.TryGetValue("name", out var name) ? name.ToString() : null))], attributes);
    }

    private static AttributeComparison Compare(RegisteredAttribute attribute, IReadOnlyList<Product> products)
    {
        JsonElement?[] values = [.. products.Select(product => product.Attributes.TryGetValue(attribute.Key, out var value) ? value : (JsonElement?)null)];
        var texts = values.Where(value => value is not null).Select(value => TextOf(value!.Value)).Distinct(StringComparer.Ordinal).Count();
        var numbers = NumbersOf(attribute.Type, values);
        var present = numbers?.OfType<double>().ToArray() ?? [];
        var better = BetterValues.Of(attribute.Definition);
        var comparison = new AttributeComparison
        {
            Attribute = attribute.Key,
            Title = attribute.Definition.Title,
            Unit = attribute.Unit?.Code,
            Differs = texts > 1,
            Values = values,
            Missing = [.. products.Where((_, i) => values[i] is null).Select(product => product.Id)],
            Better = better?.ToString().ToLowerInvariant(),
        };
        if (numbers is null || present.Length == 0)
        {
            return comparison;
        }
        var (least, most) = (present.Min(), present.Max());
        return comparison with
        {
            Normalized = [.. numbers.Select(number => number is null ? null : most > least ? (number - least) / (most - least) : (double?)0)],
            Difference = [.. numbers.Select(number => number - present[0])],
            Best = better is null || most <= least ? null
                : [.. products.Where((_, i) => numbers[i] == (better == Better.Lower ? least : most)).Select(product => product.Id)],
        };
    }

    /// <summary>The values as numbers that can be set against each other; null when they are none.</summary>
    private static double?[]? NumbersOf(AttributeType type, JsonElement?[] values) => type switch
    {
        AttributeType.Integer or AttributeType.Decimal => [.. values.Select(value => value?.GetDouble())],
        AttributeType.Measure or AttributeType.Duration => [.. values.Select(value => value?.GetProperty("value"u8).GetDouble())],
        AttributeType.Money when values.OfType<JsonElement>().Select(value => value.GetProperty("currency"u8).GetString()).Distinct().Count() == 1 =>
            [.. values.Select(value => value?.GetProperty("amount"u8).GetDouble())],
        _ => null,
    };

    /// <summary>Sets are equal whatever their order.</summary>
    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
        ? string.Join('\0', value.EnumerateArray().Select(item => item.GetString()).Order(StringComparer.Ordinal)) : value.ToString();

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(request => request.Ids).Must(ids => ids.Count is >= MinProducts and <= MaxProducts).WithErrorCode("out_of_range").WithMessage($"Name {MinProducts} to {MaxProducts} products.");
            RuleFor(request => request.Attributes).Must(keys => keys is null or { Count: > 0 and <= 1000 }).WithErrorCode("out_of_range").WithMessage("Name 1 to 1000 attributes, or leave the member out for all.");
        }
    }
}

/// <summary>Which end of an attribute buyers want.</summary>
internal enum Better
{
    /// <summary>The smaller value.</summary>
    Lower,

    /// <summary>The larger value.</summary>
    Higher,
}
