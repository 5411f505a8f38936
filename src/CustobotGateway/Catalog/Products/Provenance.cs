using System.Text.Json;
using CustobotGateway.Common;

namespace CustobotGateway.Catalog.Products;

/// <summary>Where a value came from and how far to trust it.</summary>
/// <param name="Source">Who or what said it: <c>api</c>, <c>demo</c>, <c>feed:pc-parts</c>, <c>manufacturer</c>; 1 to 128 characters.</param>
/// <param name="Confidence">From 0 (a guess) to 1 (certain).</param>
/// <param name="VerifiedAt">When it was last checked; null when never.</param>
public sealed record Provenance(string Source, double Confidence = 1, DateTimeOffset? VerifiedAt = null)
{
    /// <summary>The member that stands for every attribute without one of its own.</summary>
    public const string Default = "*";

    /// <summary>The stored form: the default under <c>*</c>, and a member for each attribute that differs from it.</summary>
    public static IReadOnlyDictionary<string, Provenance> Compact(IReadOnlyDictionary<string, Provenance> provenance, IEnumerable<string> attributes, Provenance otherwise)
    {
        var given = attributes.Where(provenance.ContainsKey).ToDictionary(key => key, key => provenance[key], StringComparer.Ordinal);
        // A product that was read and is put back names every attribute; what most of them share becomes the default again.
        var common = provenance.GetValueOrDefault(Default)
            ?? (given.Count > 0 && given.Count == attributes.Count() ? given.Values.CountBy(value => value).MaxBy(pair => pair.Value).Key : otherwise);
        var compact = new SortedDictionary<string, Provenance>(StringComparer.Ordinal) { [Default] = common };
        foreach (var (key, value) in given.Where(pair => pair.Value != common))
        {
            compact[key] = value;
        }
        return compact;
    }

    /// <summary>For each attribute its own; the reverse of <see cref="Compact"/>.</summary>
    public static IReadOnlyDictionary<string, Provenance> Expand(IReadOnlyDictionary<string, Provenance> compact, IEnumerable<string> attributes) =>
        attributes.Where(key => compact.ContainsKey(key) || compact.ContainsKey(Default))
            .ToDictionary(key => key, key => compact.GetValueOrDefault(key) ?? compact[Default], StringComparer.Ordinal);

    /// <summary>Reads the stored form.</summary>
    public static IReadOnlyDictionary<string, Provenance> Parse(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, Provenance>>(json, Json.Options)!;
}
