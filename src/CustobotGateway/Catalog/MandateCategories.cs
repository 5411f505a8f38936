using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using CustobotGateway.Common;

namespace CustobotGateway.Catalog;

/// <summary>A kind of goods that people give mandates for.</summary>
/// <param name="Name">Its name in a mandate.</param>
/// <param name="Title">What it is, in words.</param>
/// <param name="Includes">The categories of the catalogue that lie within it.</param>
public sealed record MandateCategory(string Name, string Title, IReadOnlyList<string> Includes);

/// <summary>
/// The kinds of goods that the gateway ships with, so that a mandate for office supplies means the same at every merchant, whatever its catalogue calls pens.
/// </summary>
public static class MandateCategories
{
    private sealed record MandateCategoryFile(IReadOnlyList<MandateCategory> Categories);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MandateCategory> All { get; } = Load();

    private static readonly FrozenDictionary<string, FrozenSet<string>> Included = All.ToFrozenDictionary(
        category => category.Name, category => category.Includes.ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);

    private static readonly FrozenSet<string> Named = All.SelectMany(category => category.Includes).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether it is one of them, or lies within one.</summary>
    public static bool Has(string category) => Included.ContainsKey(category) || Named.Contains(category);

    /// <summary>Whether the catalogue's category lies within the kind.</summary>
    public static bool Includes(string kind, string category) => Included.TryGetValue(kind, out var categories) && categories.Contains(category);

    private static IReadOnlyList<MandateCategory> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("mandate-categories.json")!;
        return JsonSerializer.Deserialize<MandateCategoryFile>(stream, Json.Options)!.Categories;
    }
}
