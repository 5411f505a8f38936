using System.Text.Json;
using CustobotGateway.Catalog.Values;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Catalog.Products;

/// <summary>Changes some values of a product.</summary>
public static class PatchProduct
{
    private const int MaxAttempts = 8;

    /// <summary>A JSON Merge Patch (RFC 7396) of the product.</summary>
    public sealed record Request
    {
        /// <summary>The values to change by attribute key; null removes one. An object is merged: <c>{"price":{"amount":100}}</c> keeps the currency.</summary>
        public required IReadOnlyDictionary<string, JsonElement> Attributes { get; init; }

        /// <summary>Where the changed values came from: by attribute key, or <c>*</c> for all that are changed. Default: source <c>api</c>, confidence 1, verified now.</summary>
        public IReadOnlyDictionary<string, Provenance>? Provenance { get; init; }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPatch("/v1/products/{id}", HandleAsync).WithName("patchProduct").CanDryRun().WithTags("Products").RequireScope(Scopes.CatalogWrite).Validate<Request>()
        .Accepts<Request>("application/merge-patch+json", "application/json")
        .WithSummary("Change values of a product")
        .WithDescription("A JSON Merge Patch (RFC 7396): attributes that are not named stay, null removes one. If-Match changes only the version that was read, else 412.")
        .Produces<Product>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422).ProducesProblem(503);

    private static async Task<IResult> HandleAsync(
        ProductReference id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, HttpContext http, Writes writes,
        AttributeRegistryStore registry, TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(id, request, ETags.Of(http.Request), idempotencyKey, agent, writes, registry.Current, clock, cancellationToken);
        return outcome.Problem is { } problem ? problem.ToHttp() : PutProduct.ToHttp(http, outcome.Value, created: false);
    }

    internal static Task<Outcome<Product>> RunAsync(
        ProductReference reference, Request request, ETags tags, string? idempotencyKey, AgentPrincipal agent, Writes writes, AttributeRegistry registry, TimeProvider clock,
        CancellationToken cancellationToken) =>
        writes.RunAsync<Product>(new WriteAttempt(agent, $"products/{reference}", idempotencyKey, new { patch = request, tags }),
            transaction => ChangeAsync(reference, request, tags, transaction, registry, clock, cancellationToken), cancellationToken);

    private static async Task<Outcome<Product>> ChangeAsync(
        ProductReference reference, Request request, ETags tags, NpgsqlTransaction transaction, AttributeRegistry registry, TimeProvider clock, CancellationToken cancellationToken)
    {
        // Read, merge, and write only over the version that was read: no lock is held between, and a lost race is run again.
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await ProductRow.FindAsync(transaction.Connection!, transaction, reference, cancellationToken) is not { Withdrawn: false } row)
            {
                return ProductProblems.NotFound(reference);
            }
            if (!tags.Allows(row.Version))
            {
                return CommonProblems.PreconditionFailed.With($"The product is at version {row.Version}: read it again, then repeat the change.");
            }
            var merged = Merge(row, request, registry, clock.GetUtcNow());
            if (merged.Problem is { } problem)
            {
                return problem;
            }
            if (merged.Value.ContentHash.AsSpan().SequenceEqual(row.ContentHash))
            {
                return row.ToProduct(registry, true);
            }
            var only = new ETags([row.Version], true, false);
            if (await merged.Value.WriteAsync(transaction, ProductReference.OfNumber(row.Number), only, clock.GetUtcNow(), cancellationToken) is { } written)
            {
                var write = merged.Value;
                return new ProductRow(row.Number, row.ExternalId, write.Attributes, write.Given, write.Provenance, write.ContentHash, written.Version, written.UpdatedAt, false)
                    .ToProduct(registry, true);
            }
        }
        return ProductProblems.ProductContended.With($"Other writers changed the product {MaxAttempts} times while this change was tried.", retryAfterSeconds: 1);
    }

    /// <summary>The product as it is with the changes.</summary>
    internal static Outcome<ProductWrite> Merge(ProductRow row, Request request, AttributeRegistry registry, DateTimeOffset now)
    {
        var content = new ProductContent(ValueFormats.Of(registry));
        content.Clear();
        using var stored = JsonDocument.Parse(row.Attributes);
        using var given = row.Given is null ? null : JsonDocument.Parse(row.Given);
        var changes = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in stored.RootElement.EnumerateObject())
        {
            var format = content.Formats.Find(System.Text.Encoding.UTF8.GetBytes(member.Name));
            if (!request.Attributes.TryGetValue(member.Name, out var change))
            {
                if (format is not null)
                {
                    content.AddStored(format, member.Value, given?.RootElement.TryGetProperty(member.Name, out var form) == true ? form : null);
                }
            }
            else if (change.ValueKind == JsonValueKind.Object && format is not null)
            {
                changes[member.Name] = MergeObject(format, member.Value, change);
            }
        }
        foreach (var (key, value) in request.Attributes)
        {
            changes.TryAdd(key, value);
        }
        if (ProductWrite.Read(content, changes) is { Count: > 0 } errors)
        {
            return ProductProblems.InvalidProduct.With(errors[0].Detail, errors);
        }
        var keys = content.Filled.Select(ordinal => registry.Attributes[ordinal].Key).ToArray();
        return ProductWrite.Complete(content, MergeProvenance(row, request, keys, new Provenance(PutProduct.Source, 1, now)));
    }

    /// <summary>RFC 7396 §2 for a value that is an object on the wire: members that the patch lacks stay.</summary>
    private static JsonElement MergeObject(ValueFormat format, JsonElement stored, JsonElement change)
    {
        var wire = new Utf8Buffer();
        WireForm.Append(wire, format, stored);
        var reader = new Utf8JsonReader(wire.Written);
        var current = JsonElement.ParseValue(ref reader);
        if (current.ValueKind != JsonValueKind.Object)
        {
            return change;
        }
        var members = current.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
        try
        {
            foreach (var member in change.EnumerateObject())
            {
                members[member.Name] = member.Value;
                if (member.Value.ValueKind == JsonValueKind.Null)
                {
                    members.Remove(member.Name);
                }
            }
        }
        catch (InvalidOperationException)
        {
            // A name with half a surrogate pair is none of an object's: reading the value says so.
            return change;
        }
        return JsonSerializer.SerializeToElement(members, Json.Options);
    }

    private static IReadOnlyDictionary<string, Provenance> MergeProvenance(ProductRow row, Request request, string[] keys, Provenance otherwise)
    {
        var before = Provenance.Parse(row.Provenance);
        var otherwiseBefore = before.GetValueOrDefault(Provenance.Default) ?? otherwise;
        var forChanges = request.Provenance?.GetValueOrDefault(Provenance.Default) ?? otherwise;
        var each = new Dictionary<string, Provenance>(StringComparer.Ordinal) { [Provenance.Default] = otherwiseBefore };
        foreach (var key in keys)
        {
            each[key] = request.Provenance?.GetValueOrDefault(key)
                ?? (request.Attributes.ContainsKey(key) ? forChanges : before.GetValueOrDefault(key) ?? otherwiseBefore);
        }
        return Provenance.Compact(each, keys, otherwise);
    }

    /// <summary>What is asked of a request before the registry is.</summary>
    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(request => request.Provenance).SetValidator(new PutProduct.ProvenanceValidator()!).When(request => request.Provenance is not null);
    }
}
