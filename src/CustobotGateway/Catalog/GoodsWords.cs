using CustobotGateway.Common.Goods;

namespace CustobotGateway.Catalog;

/// <summary>The words of the attribute registry, for pages that show mandates and preferences.</summary>
internal sealed class GoodsWords(AttributeRegistryStore registry) : IGoodsWords
{
    private volatile Kept? _kept;

    public IReadOnlyList<GoodsAttribute> Attributes
    {
        get
        {
            var current = registry.Current;
            return (_kept is { } kept && kept.Of == current ? kept : _kept = new(current,
                [.. current.Attributes.Where(attribute => attribute is { IsSearchable: true, IsStaffOnly: false }).Select(Of).OrderBy(attribute => attribute.Title, StringComparer.Ordinal)])).Attributes;
        }
    }

    public GoodsAttribute? Attribute(string key) => registry.Current.Find(key) is { } attribute ? Of(attribute) : null;

    public string CategoryTitle(string category) => MandateCategories.All.FirstOrDefault(known => known.Name == category)?.Title ?? category;

    private static GoodsAttribute Of(RegisteredAttribute attribute) => new(attribute.Key, attribute.Definition.Title ?? attribute.Key, attribute.Definition.Unit);

    private sealed record Kept(AttributeRegistry Of, IReadOnlyList<GoodsAttribute> Attributes);
}
