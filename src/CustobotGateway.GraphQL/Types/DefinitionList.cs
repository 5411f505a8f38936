using System.Collections;
using System.Text;
using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Types;

/// <summary>Something with a name.</summary>
public interface INamed
{
    /// <summary>The name.</summary>
    string Name { get; }
}

/// <summary>Definitions in the order of the schema, found by name.</summary>
public sealed class DefinitionList<T> : IReadOnlyList<T>
    where T : class, INamed
{
    // Up to here a scan is faster than hashing, and most of thousands of types have fewer members.
    private const int MaxScanned = 8;
    private readonly T[] _items;
    private readonly Dictionary<string, T>? _byName;
    private Dictionary<string, T>? _byUtf8;

    internal DefinitionList(IEnumerable<T> items)
    {
        _items = [.. items];
        if (_items.Length > MaxScanned)
        {
            _byName = new Dictionary<string, T>(_items.Length, StringComparer.Ordinal);
            foreach (var item in _items)
            {
                _byName.TryAdd(item.Name, item);
            }
        }
    }

    internal static DefinitionList<T> Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public T this[int index] => _items[index];

    /// <summary>The definition of that name, or null.</summary>
    public T? Find(string name)
    {
        if (_byName is not null)
        {
            return _byName.GetValueOrDefault(name);
        }
        foreach (var item in _items)
        {
            if (item.Name == name)
            {
                return item;
            }
        }
        return null;
    }

    /// <summary>The definition of a name in UTF-8, or null.</summary>
    internal T? Find(ReadOnlySpan<byte> name)
    {
        if (_byName is not null)
        {
            // Made for the lists that requests ask, which are few.
            _byUtf8 ??= new Dictionary<string, T>(_byName, NameComparer.Instance);
            return _byUtf8.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var found) ? found : null;
        }
        foreach (var item in _items)
        {
            if (Ascii.Equals(name, item.Name))
            {
                return item;
            }
        }
        return null;
    }

    /// <summary>The definitions as a span.</summary>
    public ReadOnlySpan<T> AsSpan() => _items;

    /// <summary>Enumerates without allocation.</summary>
    public ReadOnlySpan<T>.Enumerator GetEnumerator() => AsSpan().GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}
