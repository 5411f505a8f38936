using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace CustobotGateway.OAuth.Messages;

/// <summary>Scopes; their order says nothing (RFC 6749 §3.3).</summary>
public sealed class ScopeSet : IEquatable<ScopeSet>
{
    /// <summary>More scopes than any client asks for.</summary>
    public const int Most = 64;

    private const int LongestText = 2_048;

    private readonly ImmutableSortedSet<string> _values;

    private ScopeSet(ImmutableSortedSet<string> values) => _values = values;

    /// <summary>No scope.</summary>
    public static ScopeSet Empty { get; } = new(ImmutableSortedSet.Create<string>(StringComparer.Ordinal));

    /// <summary>The scopes, ordered by their characters.</summary>
    public IReadOnlyList<string> Values => _values;

    /// <summary>True if there is none.</summary>
    public bool IsEmpty => _values.IsEmpty;

    /// <summary>Scopes that are known to be well-formed, such as a setting's. Throws if one is not.</summary>
    public static ScopeSet Of(params IEnumerable<string> scopes)
    {
        var set = new ScopeSet(scopes.ToImmutableSortedSet(StringComparer.Ordinal));
        return set._values.All(IsScope) ? set : throw new ArgumentException("A scope has a character that no scope has.", nameof(scopes));
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
        if (names.Length > Most || !names.All(IsScope))
        {
            return false;
        }
        scopes = new ScopeSet(names.ToImmutableSortedSet(StringComparer.Ordinal));
        return true;
    }

    /// <summary>True if the scope is among these.</summary>
    public bool Contains(string scope) => _values.Contains(scope);

    /// <summary>True if every one of these is among the others.</summary>
    public bool IsWithin(ScopeSet others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return _values.IsSubsetOf(others._values);
    }

    /// <summary>What both have.</summary>
    public ScopeSet Intersect(ScopeSet others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return new(_values.Intersect(others._values));
    }

    /// <summary>What either has.</summary>
    public ScopeSet Union(ScopeSet others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return new(_values.Union(others._values));
    }

    /// <summary>The scopes with a space between them, as they go over the wire.</summary>
    public override string ToString() => string.Join(' ', _values);

    /// <inheritdoc/>
    public bool Equals(ScopeSet? other) => other is not null && _values.SetEquals(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ScopeSet);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    // scope-token of RFC 6749 §3.3.
    private static bool IsScope(string name) => name.Length > 0 && name.All(letter => letter is '!' or (>= '#' and <= '[') or (>= ']' and <= '~'));
}
