using System.Collections.Concurrent;
using System.Text;

namespace CustobotGateway.Catalog.Values;

/// <summary>What reading values of one attribute needs, made ready once.</summary>
public sealed class ValueFormat
{
    // Feeds write a few spellings; what a hostile one adds beyond this is looked up each time instead of kept.
    private const int MaxKnownUnits = 256;
    private const int MaxKnownTerms = 4096;

    private readonly ConcurrentDictionary<byte[], KnownUnit> _units = new(Utf8Keys.Comparer);
    private readonly ConcurrentDictionary<byte[], byte[]> _terms = new(Utf8Keys.Comparer);
    private readonly bool _hasTerms;

    internal ValueFormat(RegisteredAttribute attribute)
    {
        Attribute = attribute;
        Member = Encoding.UTF8.GetBytes($"\"{attribute.Key}\":");
        Unit = attribute.Unit ?? Units.One;
        _hasTerms = attribute.Definition.Values is { Count: > 0 };
    }

    /// <summary>The attribute.</summary>
    public RegisteredAttribute Attribute { get; }

    /// <summary>The kind of value.</summary>
    public AttributeType Type => Attribute.Type;

    /// <summary>The unit in which values are kept.</summary>
    public Unit Unit { get; }

    /// <summary>The key as a JSON member's name with its colon.</summary>
    internal ReadOnlyMemory<byte> Member { get; }

    /// <summary>The registered term that a spelling stands for; the spelling itself when it is none of them.</summary>
    internal ReadOnlySpan<byte> Fold(ReadOnlySpan<byte> spelling)
    {
        if (!_hasTerms)
        {
            return spelling;
        }
        var known = _terms.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!known.TryGetValue(spelling, out var term))
        {
            term = Encoding.UTF8.GetBytes(Attribute.Canonical(Encoding.UTF8.GetString(spelling)));
            if (_terms.Count < MaxKnownTerms)
            {
                known.TryAdd(spelling, term);
            }
        }
        return term;
    }

    /// <summary>The unit of a name.</summary>
    internal bool TryUnit(ReadOnlySpan<byte> name, out KnownUnit unit)
    {
        var known = _units.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (known.TryGetValue(name, out unit!))
        {
            return true;
        }
        if (name.Length > ValueLimits.TermBytes || !Units.TryParse(Encoding.UTF8.GetString(name), Unit, out var parsed))
        {
            return false;
        }
        unit = new KnownUnit(parsed, Encoding.UTF8.GetBytes(parsed.Code));
        if (_units.Count < MaxKnownUnits)
        {
            known.TryAdd(name, unit);
        }
        return true;
    }

    /// <summary>A unit and its code as UTF-8.</summary>
    internal sealed record KnownUnit(Unit Unit, byte[] Code);
}
