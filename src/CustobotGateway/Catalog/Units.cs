using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.Intrinsics;

namespace CustobotGateway.Catalog;

/// <summary>Units of measure: reading UCUM codes and their common names, and converting values in exact arithmetic.</summary>
public static class Units
{
    /// <summary>Numbers of the catalogue have at most so many significant digits, so that a double holds each exactly as it was written.</summary>
    public const int SignificantDigits = 15;

    private const int MaxOpaqueLength = 24;
    private static readonly SearchValues<char> NumberLetters = SearchValues.Create("+-0123456789.,");

    private static readonly FrozenDictionary<string, (Unit Unit, bool Metric)> Atoms = BuildAtoms();
    private static readonly FrozenDictionary<string, Unit> Named = BuildNames();
    private static readonly FrozenDictionary<string, Unit> NamedIgnoringCase = FoldNames();

    /// <summary>The number one: counts, ratios.</summary>
    public static Unit One { get; } = Named["1"];

    /// <summary>The second.</summary>
    public static Unit Second { get; } = Named["s"];

    /// <summary>
    /// Reads a UCUM code, a UN/ECE Recommendation 20 code, or a name that people use: <c>[in_i]</c>, <c>INH</c>, <c>inch</c>, <c>pulgadas</c>.
    /// </summary>
    /// <param name="text">Case matters where only case tells units apart (Mb, MB); else not.</param>
    /// <param name="unit">The unit; its code is UCUM.</param>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Unit? unit)
    {
        unit = null;
        if (text is null || text.Length is 0 or > UnitParser.MaxLength)
        {
            return false;
        }
        if (Named.TryGetValue(text, out unit) || (unit = Ucum(text)) is not null)
        {
            return true;
        }
        var plain = text.Trim();
        if (NamedIgnoringCase.TryGetValue(plain, out unit))
        {
            return true;
        }
        plain = plain.Replace("µ", "u", StringComparison.Ordinal).Replace("μ", "u", StringComparison.Ordinal).Replace('²', '2').Replace('³', '3')
            .Replace('·', '.').Replace('⋅', '.').Replace('^', ' ').Replace(" ", "", StringComparison.Ordinal);
        return plain != text && (Named.TryGetValue(plain, out unit) || (unit = Ucum(plain)) is not null || NamedIgnoringCase.TryGetValue(plain, out unit));
    }

    /// <summary>Reads the unit that an attribute declares: one that is known, else one of its own that converts to itself alone. False for text that cannot be a unit.</summary>
    public static bool TryDeclare(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Unit? unit)
    {
        if (TryParse(text, out unit))
        {
            return true;
        }
        if (text is null || text.Length is 0 or > MaxOpaqueLength || text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || char.IsSurrogate(letter)))
        {
            return false;
        }
        unit = new Unit(text, Vector128<sbyte>.Zero, Rational.One, isOpaque: true);
        return true;
    }

    /// <summary>Reads a unit in a value or constraint of an attribute that declares <paramref name="declared"/>: the declared one by its own text, opaque or not, or any known one.</summary>
    public static bool TryParse(string? text, Unit declared, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Unit? unit)
    {
        ArgumentNullException.ThrowIfNull(declared);
        unit = declared;
        return text == declared.Code
            || (declared.IsOpaque && string.Equals(text, declared.Code, StringComparison.OrdinalIgnoreCase))
            || TryParse(text, out unit);
    }

    /// <summary>Converts exactly, then rounds to 15 significant digits. False when the dimensions differ or the result is out of range.</summary>
    public static bool TryConvert(decimal value, Unit from, Unit to, out decimal result)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        result = value;
        if (ReferenceEquals(from, to) || from.Code == to.Code)
        {
            return from.IsOpaque == to.IsOpaque;
        }
        if (!from.IsCommensurable(to))
        {
            return false;
        }
        var exact = Rational.From(value);
        if (from.Zero is null && to.Zero is null)
        {
            return (exact * (from.Scale / to.Scale)).TryRound(SignificantDigits, out result);
        }
        var kelvin = (from.Zero is { } zero ? exact + zero : exact) * from.Scale;
        exact = kelvin / to.Scale;
        return (to.Zero is { } other ? exact - other : exact).TryRound(SignificantDigits, out result);
    }

    /// <summary>Reads a number followed by a unit, as feeds write quantities: <c>2.6 lb</c>, <c>27"</c>, <c>1,200 g</c>.</summary>
    public static bool TryParseQuantity(string? text, out decimal value, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Unit? unit)
    {
        (value, unit) = (0, null);
        var trimmed = text.AsSpan().Trim();
        var end = trimmed.IndexOfAnyExcept(NumberLetters);
        return end > 0
            && decimal.TryParse(trimmed[..end], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out value)
            && TryParse(trimmed[end..].Trim().ToString(), out unit);
    }

    /// <summary>The nearest names of units, for a text that is none; only those that convert to <paramref name="like"/>, where given.</summary>
    public static IReadOnlyList<string> Suggest(string text, Unit? like = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return NearestNames.Find(text.Length > UnitParser.MaxLength ? text[..UnitParser.MaxLength] : text,
            Named.Where(name => like is null || name.Value.IsCommensurable(like)).Select(name => name.Key));
    }

    /// <summary>The codes of the units in common use that values in this unit convert to, itself first, then from the smallest.</summary>
    public static IReadOnlyList<string> ConvertibleTo(Unit unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        return [unit.Code, .. Named.Values.DistinctBy(other => other.Code).Where(other => other.Code != unit.Code && unit.IsCommensurable(other))
            .OrderBy(other => (double)other.Scale.Numerator / (double)other.Scale.Denominator).ThenBy(other => other.Code, StringComparer.Ordinal).Select(other => other.Code)];
    }

    private static Unit? Ucum(string text) => new UnitParser(text, Atoms).Parse();

    private static FrozenDictionary<string, (Unit Unit, bool Metric)> BuildAtoms()
    {
        var atoms = new Dictionary<string, (Unit Unit, bool Metric)>(StringComparer.Ordinal);
        for (var i = 0; i < UnitTable.Bases.Length; i++)
        {
            atoms[UnitTable.Bases[i]] = (new Unit(UnitTable.Bases[i], Vector128<sbyte>.Zero.WithElement(i, (sbyte)1), Rational.One), true);
        }
        foreach (var (code, numerator, denominator, zero) in UnitTable.Scales)
        {
            atoms[code] = (new Unit(code, atoms["K"].Unit.Dimension, new Rational(numerator, denominator), Rational.Parse(zero)), false);
        }
        Define(UnitTable.Metric, metric: true);
        Define(UnitTable.Plain, metric: false);
        return atoms.ToFrozenDictionary(StringComparer.Ordinal);

        void Define(string table, bool metric)
        {
            foreach (var line in table.Split('\n'))
            {
                var cells = line.Trim().Split(' ');
                var unit = new UnitParser(cells[2], atoms).Parse() ?? throw new InvalidOperationException($"The unit table has no {cells[2]}.");
                atoms[cells[0]] = (new Unit(cells[0], unit.Dimension, Rational.Parse(cells[1]) * unit.Scale), metric);
            }
        }
    }

    private static FrozenDictionary<string, Unit> BuildNames()
    {
        var names = new Dictionary<string, Unit>(StringComparer.Ordinal);
        foreach (var line in UnitTable.Names.Split('\n'))
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            var code = line[..colon].Trim();
            // The one code that UCUM's grammar lacks: an annotation takes no prefix there.
            var unit = code == "M{px}" ? new Unit("10*6.{px}", Vector128<sbyte>.Zero, new Rational(1_000_000, 1)) : Ucum(code);
            names.Add(code, unit ?? throw new InvalidOperationException($"The unit table has no {code}."));
            foreach (var name in line[(colon + 2)..].Split(", "))
            {
                names.Add(name.Trim(), unit);
            }
        }
        return names.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Names that mean one unit whatever their case; <c>mb</c>, which may be a megabit or a megabyte, is left out.</summary>
    private static FrozenDictionary<string, Unit> FoldNames() => Named
        .GroupBy(name => name.Key, StringComparer.OrdinalIgnoreCase)
        .Where(group => group.Select(name => name.Value.Code).Distinct().Count() == 1)
        .ToFrozenDictionary(group => group.Key, group => group.First().Value, StringComparer.OrdinalIgnoreCase);
}
