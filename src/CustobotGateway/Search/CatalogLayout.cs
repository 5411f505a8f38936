using System.Text;
using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;

namespace CustobotGateway.Search;

/// <summary>Which column of the index holds which attribute. A registry that extends another gets a layout that extends the other's.</summary>
internal sealed class CatalogLayout
{
    private readonly Dictionary<byte[], RegisteredAttribute> _byKey = new(Utf8KeyComparer.Instance);

    public CatalogLayout(AttributeRegistry registry)
    {
        Registry = registry;
        var columns = new List<ColumnDefinition> { new("external_id", ColumnKind.Keyword) };
        var ordinals = new int[registry.Attributes.Count];
        var cluster = -1;
        foreach (var attribute in registry.Attributes)
        {
            _byKey[Encoding.UTF8.GetBytes(attribute.Key)] = attribute;
            if (!attribute.IsSearchable || attribute.IsStaffOnly)
            {
                ordinals[attribute.Ordinal] = -1;
                continue;
            }
            ordinals[attribute.Ordinal] = columns.Count;
            if (attribute is { Key: "category", Type: AttributeType.Keyword })
            {
                cluster = columns.Count;
            }
            var text = attribute.IsFullText;
            columns.Add(new ColumnDefinition(attribute.Key, KindOf(attribute.Type), text, text ? attribute.Definition.Language : null));
            if (attribute.Type == AttributeType.Money)
            {
                columns.Add(new ColumnDefinition(attribute.Key + "/currency", ColumnKind.Keyword));
            }
        }
        Columns = ordinals;
        Schema = new IndexSchema(columns, cluster);
        ByKey = _byKey.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public AttributeRegistry Registry { get; }

    public IndexSchema Schema { get; }

    /// <summary>By attribute ordinal; -1 where there is no column.</summary>
    public IReadOnlyList<int> Columns { get; }

    public Dictionary<byte[], RegisteredAttribute>.AlternateLookup<ReadOnlySpan<byte>> ByKey { get; }

    /// <summary>Whether an index of the other layout can become one of this by appending columns.</summary>
    public bool Extends(CatalogLayout other) =>
        Schema.ClusterBy == other.Schema.ClusterBy && Schema.Columns.Take(other.Schema.Columns.Count).SequenceEqual(other.Schema.Columns);

    private static ColumnKind KindOf(AttributeType type) => type switch
    {
        AttributeType.Text => ColumnKind.Text,
        AttributeType.Keyword => ColumnKind.Keyword,
        AttributeType.KeywordSet => ColumnKind.KeywordSet,
        AttributeType.Geo => ColumnKind.Geo,
        _ => ColumnKind.Number,
    };

    private sealed class Utf8KeyComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly Utf8KeyComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        // Keys are the registry's own, so no seed is needed against chosen collisions.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = alternate.Length;
            foreach (var value in alternate)
            {
                hash = (hash * 31) + value;
            }
            return hash;
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
