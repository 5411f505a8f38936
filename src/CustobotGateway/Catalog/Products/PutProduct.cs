using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace CustobotGateway.Catalog.Products;

/// <summary>Creates a product, or replaces everything that is known of it.</summary>
public static class PutProduct
{
    internal const string Source = "api";

    /// <summary>The product. What was read by GET may be put back: the members that only an answer has are taken and not written.</summary>
    public sealed record Request
    {
        /// <summary>The merchant's own key; must be the one in the path, where that names it.</summary>
        public string? ExternalId { get; init; }

        /// <summary>Values by attribute key. A measure is a number in the registry's unit or {"value","unit"} in any unit that converts; null stands for no value.</summary>
        public required IReadOnlyDictionary<string, JsonElement> Attributes { get; init; }

        /// <summary>Where the values came from: by attribute key, or <c>*</c> for all others. Default: source <c>api</c>, confidence 1, verified now.</summary>
        public IReadOnlyDictionary<string, Provenance>? Provenance { get; init; }

        /// <summary>As answered; not written.</summary>
        public string? Id { get; init; }

        /// <summary>As answered; not written. Use If-Match to make sure that nobody else wrote.</summary>
        public long? Version { get; init; }

        /// <summary>As answered; not written.</summary>
        public DateTimeOffset? UpdatedAt { get; init; }

        /// <summary>As answered; not written.</summary>
        public IReadOnlyDictionary<string, JsonElement>? Given { get; init; }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/v1/products/{id}", HandleAsync).WithName("putProduct").CanDryRun().WithTags("Products").RequireScope(Scopes.CatalogWrite).Validate<Request>()
        .WithSummary("Create or replace a product")
        .WithDescription("By external_id:KEY a product is created (201) or replaced (200); by prd_… it is replaced. The same content again changes nothing. If-Match replaces only the version that was read, If-None-Match: * only creates; else 412.")
        .Produces<Product>().Produces<Product>(201).ProducesProblem(400).ProducesProblem(401).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422).ProducesProblem(503);

    private static async Task<IResult> HandleAsync(
        ProductReference id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, HttpContext http, Writes writes,
        AttributeRegistryStore registry, TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(id, request, ETags.Of(http.Request), idempotencyKey, agent, writes, registry.Current, clock, cancellationToken);
        return outcome.Problem is { } problem ? problem.ToHttp() : ToHttp(http, outcome.Value.Product, outcome.Value.Created);
    }

    internal static IResult ToHttp(HttpContext http, Product product, bool created)
    {
        http.Response.Headers[HeaderNames.ETag] = ETags.Tag(product.Version);
        return created ? TypedResults.Created($"/v1/products/{product.Id}", product) : TypedResults.Ok(product);
    }

    /// <summary>What putting came to.</summary>
    internal sealed record Kept(Product Product, bool Created);

    internal static Task<Outcome<Kept>> RunAsync(
        ProductReference reference, Request request, ETags tags, string? idempotencyKey, AgentPrincipal agent, Writes writes, AttributeRegistry registry, TimeProvider clock,
        CancellationToken cancellationToken) =>
        writes.RunAsync<Kept>(new WriteAttempt(agent, $"products/{reference}", idempotencyKey, new { put = request, tags }),
            transaction => KeepAsync(reference, request, tags, transaction, registry, clock, cancellationToken), cancellationToken);

    private static async Task<Outcome<Kept>> KeepAsync(
        ProductReference reference, Request request, ETags tags, NpgsqlTransaction transaction, AttributeRegistry registry, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (reference.ExternalId is { } named && !Validator.IsExternalId(named))
        {
            return CommonProblems.InvalidRequest.With($"A product's key has 1 to {Values.ValueLimits.ExternalIdBytes} bytes of UTF-8.", [new("?id", "wrong_length", "The key in the path is empty or too long.")]);
        }
        if (reference.ExternalId is { } key && request.ExternalId is { } other && other != key)
        {
            return CommonProblems.InvalidRequest.With("external_id is not the key in the path.", [new("/external_id", "mismatch", "The path names another product.")]);
        }
        var content = new ProductContent(Values.ValueFormats.Of(registry));
        content.Clear();
        if (ProductWrite.Read(content, request.Attributes) is { Count: > 0 } errors)
        {
            return ProductProblems.InvalidProduct.With(errors[0].Detail, errors);
        }
        var now = clock.GetUtcNow();
        var keys = content.Filled.Select(ordinal => registry.Attributes[ordinal].Key).ToArray();
        var provenance = Provenance.Compact(request.Provenance ?? new Dictionary<string, Provenance>(), keys, new Provenance(Source, 1, now));
        var write = ProductWrite.Complete(content, provenance);
        var written = await write.WriteAsync(transaction, reference, tags, now, cancellationToken);
        if (written is null)
        {
            return await ExplainAsync(reference, write, tags, transaction, registry, cancellationToken);
        }
        var row = new ProductRow(written.Number, written.ExternalId, write.Attributes, write.Given, write.Provenance, write.ContentHash, written.Version, written.UpdatedAt, false);
        return new Kept(row.ToProduct(registry, true), written.Created);
    }

    /// <summary>Why nothing was written.</summary>
    private static async Task<Outcome<Kept>> ExplainAsync(
        ProductReference reference, ProductWrite write, ETags tags, NpgsqlTransaction transaction, AttributeRegistry registry, CancellationToken cancellationToken)
    {
        var row = await ProductRow.FindAsync(transaction.Connection!, transaction, reference, cancellationToken);
        if (row is null or { Withdrawn: true })
        {
            return tags.MustExist ? CommonProblems.PreconditionFailed.With("If-Match needs a product that exists.") : ProductProblems.NotFound(reference);
        }
        if (!tags.Allows(row.Version))
        {
            return CommonProblems.PreconditionFailed.With($"The product is at version {row.Version}: read it again, then repeat the change.");
        }
        return row.ContentHash.AsSpan().SequenceEqual(write.ContentHash)
            ? new Kept(row.ToProduct(registry, true), false)
            : ProductProblems.ProductContended.With("Another writer created or changed the product at the same moment.", retryAfterSeconds: 1);
    }

    /// <summary>What is asked of a request before the registry is.</summary>
    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(request => request.ExternalId).Must(key => key is null || IsExternalId(key))
                .WithMessage($"external_id has 1 to {Values.ValueLimits.ExternalIdBytes} bytes of UTF-8.");
            RuleFor(request => request.Provenance).SetValidator(new ProvenanceValidator()!).When(request => request.Provenance is not null);
        }

        internal static bool IsExternalId(string key) => System.Text.Encoding.UTF8.GetByteCount(key) is > 0 and <= Values.ValueLimits.ExternalIdBytes;
    }

    /// <summary>Sources have a name, confidences lie between 0 and 1.</summary>
    internal sealed class ProvenanceValidator : AbstractValidator<IReadOnlyDictionary<string, Provenance>>
    {
        public ProvenanceValidator() => RuleForEach(provenance => provenance).Custom((pair, context) =>
        {
            if (pair.Value.Source.Length is 0 or > 128)
            {
                context.AddFailure($"/provenance/{pair.Key}/source", "A source has 1 to 128 characters.");
            }
            if (!(pair.Value.Confidence is >= 0 and <= 1))
            {
                context.AddFailure($"/provenance/{pair.Key}/confidence", "Confidence lies between 0 and 1.");
            }
        });
    }
}
