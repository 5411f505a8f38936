using System.Text.Json;
using CustobotGateway.Catalog.Products;
using CustobotGateway.Catalog.Values;
using CustobotGateway.Common;

namespace CustobotGateway.Catalog.Import;

/// <content>Where values came from, where a row or a mapping says so.</content>
internal sealed partial class RowParser
{
    private const int MaxKnown = 4096;

    private readonly Utf8Buffer _provenance = new();
    private readonly Utf8Buffer _digest = new();
    private readonly SortedDictionary<string, Provenance> _own = new(StringComparer.Ordinal);

    // The few combinations that mappings make, written once.
    private readonly Dictionary<(string Key, string Source, double Confidence), (byte[] Stored, byte[] Digest)> _known = [];

    /// <summary>The value of an attribute in this row came from elsewhere than the rest.</summary>
    private void SetProvenance(string attribute, string? source, double? confidence)
    {
        var own = new Provenance(source ?? context.Provenance.Source, confidence ?? context.Provenance.Confidence, context.StartedAt);
        if (own != context.Provenance)
        {
            _own[attribute] = own;
        }
    }

    /// <summary>The row's own <c>provenance</c>: {"*":{…},"attribute":{…}}.</summary>
    private void TakeProvenance(ref Utf8JsonReader json)
    {
        try
        {
            if (JsonSerializer.Deserialize<Dictionary<string, Provenance>>(ref json, Json.Options) is not { } provenance)
            {
                return;
            }
            foreach (var (key, value) in provenance)
            {
                if (value.Source.Length is 0 or > 128 || !(value.Confidence is >= 0 and <= 1))
                {
                    throw new JsonException();
                }
                _own[key] = value.VerifiedAt is null ? value with { VerifiedAt = context.StartedAt } : value;
            }
        }
        catch (JsonException)
        {
            Refuse(null, "bad_provenance", "provenance is {\"*\":{\"source\",\"confidence\",\"verified_at\"}} and the like for single attributes.");
            throw;
        }
    }

    /// <summary>The stored form; empty where the row has the import's own. The digest is then in <see cref="_digest"/>.</summary>
    private ReadOnlySpan<byte> CompleteProvenance()
    {
        if (_own.Count == 0)
        {
            return default;
        }
        _provenance.Append((byte)'{');
        _digest.Append((byte)'[');
        var common = _own.GetValueOrDefault(Provenance.Default) ?? context.Provenance;
        AppendProvenance(Provenance.Default, common);
        foreach (var (key, own) in _own)
        {
            if (key != Provenance.Default && own != common && context.Registry.Find(key) is { } attribute && _content.Has(context.Formats[attribute.Ordinal]))
            {
                _provenance.Append((byte)',');
                _digest.Append((byte)',');
                AppendProvenance(key, own);
            }
        }
        _provenance.Append((byte)'}');
        _digest.Append((byte)']');
        _own.Clear();
        return _provenance.Written;
    }

    private void AppendProvenance(string key, Provenance own)
    {
        var name = (key, own.Source, own.Confidence);
        if (own.VerifiedAt != context.StartedAt || !_known.TryGetValue(name, out var text))
        {
            text = (
                [.. JsonSerializer.SerializeToUtf8Bytes(key, Json.Options), (byte)':', .. JsonSerializer.SerializeToUtf8Bytes(own, Json.Options)],
                JsonSerializer.SerializeToUtf8Bytes(new object[] { key, own.Source, own.Confidence }, Json.Options));
            if (own.VerifiedAt == context.StartedAt && _known.Count < MaxKnown)
            {
                _known[name] = text;
            }
        }
        _provenance.Append(text.Stored);
        _digest.Append(text.Digest);
    }
}
