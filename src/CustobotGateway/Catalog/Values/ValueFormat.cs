using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;

namespace CustobotGateway.Catalog.Values;

/// <summary>What reading values of one attribute needs, made ready once.</summary>
public sealed class ValueFormat
{
    // Feeds write a few spellings; what a hostile one adds beyond this is parsed each time instead of kept.
    private const int MaxKnownUnits = 256;

    private readonly ConcurrentDictionary<byte[], KnownUnit> _units = new(Utf8Keys.Comparer);
    private readonly FrozenDictionary<string, byte[]>.AlternateLookup<ReadOnlySpan<char>>? _terms;

    internal ValueFormat(RegisteredAttribute attribute)
    {
        Attribute = attribute;
        Member = Encoding.UTF8.GetBytes($"\"{attribute.Key}\":");
        Unit = attribute.Type is AttributeType.Measure or AttributeType.Duration ? UnitOf(attribute.Definition) : Units.One;
        if (attribute.Definition.Values is { Count: > 0 } values)
        {
            var terms = new Dictionary<string, byte[]>(StringComparer.OrdinalIgnoreCase);
            foreach (var value in values)
            {
                terms.TryAdd(value.Value, Encoding.UTF8.GetBytes(value.Value));
            }
            foreach (var value in values)
            {
                foreach (var synonym in value.Synonyms ?? [])
                {
                    // A synonym never takes over another term.
                    terms.TryAdd(synonym, terms[value.Value]);
                }
            }
            _terms = terms.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        }
    }

    /// <summary>The attribute.</summary>
    public RegisteredAttribute Attribute { get; }

    /// <summary>The kind of value.</summary>
    public AttributeType Type => Attribute.Type;

    /// <summary>The unit in which values are kept.</summary>
    public Unit Unit { get; }

    /// <summary>The key as a JSON member's name with its colon.</summary>
    internal ReadOnlyMemory<byte> Member { get; }

    /// <summary>The unit in which an attribute's values are kept.</summary>
    public static Unit UnitOf(AttributeDefinition attribute) =>
        Units.TryDeclare(attribute.Unit ?? (attribute.Type == AttributeType.Duration ? "d" : "1"), out var unit) ? unit : Units.One;

    /// <summary>The registered term that a spelling stands for; false when the spelling is none of them, and then stands for itself.</summary>
    internal bool TryFold(ReadOnlySpan<byte> spelling, out ReadOnlySpan<byte> term)
    {
        term = spelling;
        if (_terms is not { } terms || spelling.Length > 256)
        {
            return false;
        }
        Span<char> letters = stackalloc char[256];
        var length = Encoding.UTF8.GetChars(spelling, letters);
        if (!terms.TryGetValue(letters[..length], out var known))
        {
            return false;
        }
        term = known;
        return true;
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
