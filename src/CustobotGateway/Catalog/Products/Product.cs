using System.Text.Json;

namespace CustobotGateway.Catalog.Products;

/// <summary>A product as it is answered.</summary>
public sealed record Product
{
    /// <summary>The id, <c>prd_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The merchant's own key.</summary>
    public required string ExternalId { get; init; }

    /// <summary>Grows by one with each change; the ETag is this number in quotes.</summary>
    public required long Version { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>
    /// Values by attribute key. Measures and durations are <c>{"value","unit"}</c> in the registry's unit, money is <c>{"amount","currency"}</c>
    /// in minor units, places are <c>[latitude,longitude]</c>; the rest is plain. Attributes of the merchant's staff are left out for others.
    /// </summary>
    public required IReadOnlyDictionary<string, JsonElement> Attributes { get; init; }

    /// <summary>Values as the merchant gave them, where that was in another unit or spelling; null when there are none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Given { get; init; }

    /// <summary>Where each value came from.</summary>
    public required IReadOnlyDictionary<string, Provenance> Provenance { get; init; }
}
