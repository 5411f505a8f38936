using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace CustobotGateway.OAuth.Messages;

/// <summary>Scopes; their order says nothing (RFC 6749 §3.3).</summary>
public sealed class ScopeSet : IEquatable<ScopeSet>
{
    /// <summary>More scopes than any client asks for.</summary>
    public const int Most = 64;

    private const int LongestText = 2_048;

    private static readonly SearchValues<char> Letters = SearchValues.Create("!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    // Ordered, each once: a few at most, for which an array is faster than any tree.
    private readonly string[] _values;

    private ScopeSet(string[] values) => _values = values;

    /// <summary>No scope.</summary>
    public static ScopeSet Empty { get; } = new([]);

    /// <summary>The scopes, ordered by their characters.</summary>
    public IReadOnlyList<string> Values => _values;

    /// <summary>True if there is none.</summary>
    public bool IsEmpty => _values.Length == 0;

    /// <summary>Scopes that are known to be well-formed, such as a setting's. Throws if one is not.</summary>
    public static ScopeSet Of(params IEnumerable<string> scopes)
    {
        var set = new ScopeSet(Sorted(scopes));
        return Array.TrueForAll(set._values, IsScope) ? set : throw new ArgumentException("A scope has a character that no scope has.", nameof(scopes));
    }

    /// <summary>Reads names with one space between them; false if there is anything else, or nothing.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ScopeSet? scopes)
    {
        scopes = null;
        if (text is null or { Length: 0 or > LongestText })
        {
            return false;
        }
        var names = text.Split(' ');
        if (names.Length > Most || !Array.TrueForAll(names, IsScope))
        {
            return false;
        }
        scopes = new ScopeSet(names.Length == 1 ? names : Sorted(names));
        return true;
    }

    /// <summary>True if the scope is among these.</summary>
    public bool Contains(string scope) => Array.BinarySearch(_values, scope, StringComparer.Ordinal) >= 0;

    /// <summary>True if every one of these is among the others.</summary>
    public bool IsWithin(ScopeSet others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return Array.TrueForAll(_values, others.Contains);
    }

    /// <summary>What both have.</summary>
    public ScopeSet Intersect(ScopeSet others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return new(Array.FindAll(_values, others.Contains));
    }

    /// <summary>What either has.</summary>
    public ScopeSet Union(ScopeSet others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return new(Sorted(_values.Concat(others._values)));
    }

    /// <summary>The scopes with a space between them, as they go over the wire.</summary>
    public override string ToString() => string.Join(' ', _values);

    /// <inheritdoc/>
    public bool Equals(ScopeSet? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ScopeSet);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static string[] Sorted(IEnumerable<string> scopes) => [.. scopes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    // scope-token of RFC 6749 §3.3.
    private static bool IsScope(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(Letters);
}
