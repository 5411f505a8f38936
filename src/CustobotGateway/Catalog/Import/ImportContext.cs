using System.Text;
using System.Text.Json;
using CustobotGateway.Catalog.Import.Mappings;
using CustobotGateway.Catalog.Products;
using CustobotGateway.Catalog.Values;
using CustobotGateway.Common;

namespace CustobotGateway.Catalog.Import;

/// <summary>What all rows of an import share.</summary>
internal sealed class ImportContext
{
    public ImportContext(AttributeRegistry registry, CompiledMapping? mapping, string source, DateTimeOffset startedAt, CatalogOptions options)
    {
        Formats = ValueFormats.Of(registry);
        Mapping = mapping is { IsPlain: false } ? mapping : null;
        Options = options;
        StartedAt = startedAt;
        Category = registry.Find("category") is { } category ? Formats[category.Ordinal] : null;
        Name = registry.Find("name") is { } name ? Formats[name.Ordinal] : null;
        Provenance = new Provenance(mapping?.Source ?? source, mapping?.Confidence ?? 1, startedAt);
        DefaultProvenance = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, Provenance> { [Products.Provenance.Default] = Provenance }, Json.Options);
        DefaultDigest = ProductWrite.DigestOf(new Dictionary<string, Provenance> { [Products.Provenance.Default] = Provenance });
    }

    public ValueFormats Formats { get; }

    public AttributeRegistry Registry => Formats.Registry;

    /// <summary>The rules; null for rows with members named like attributes.</summary>
    public CompiledMapping? Mapping { get; }

    public CatalogOptions Options { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>The attribute by which coverage is told; null in a registry without one.</summary>
    public ValueFormat? Category { get; }

    /// <summary>The attribute without which a mapped row is no product; null in a registry without one.</summary>
    public ValueFormat? Name { get; }

    /// <summary>Of every value that has none of its own.</summary>
    public Provenance Provenance { get; }

    /// <summary>The same as it is stored.</summary>
    public byte[] DefaultProvenance { get; }

    /// <summary>The same as it goes into the content's hash.</summary>
    public byte[] DefaultDigest { get; }

    public string DefaultProvenanceText => Encoding.UTF8.GetString(DefaultProvenance);
}
