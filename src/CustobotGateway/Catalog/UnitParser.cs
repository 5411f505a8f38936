using System.Globalization;
using System.Runtime.Intrinsics;

namespace CustobotGateway.Catalog;

/// <summary>Reads UCUM's case-sensitive terms (UCUM §2.1): <c>kg.m/s2</c>, <c>/min</c>, <c>{rev}/min</c>, <c>g/(100.g)</c>.</summary>
internal ref struct UnitParser(string text, IReadOnlyDictionary<string, (Unit Unit, bool Metric)> atoms)
{
    /// <summary>Longer codes are refused; it also bounds the nesting of parentheses.</summary>
    public const int MaxLength = 48;

    private const int MaxExponent = 9;
    private int _at;

    /// <summary>The unit of the whole text, or null.</summary>
    public Unit? Parse()
    {
        if (text.Length is 0 or > MaxLength || Term() is not { } term || _at != text.Length)
        {
            return null;
        }
        // A scale with a zero of its own is a unit by itself only: twice 20 degrees Celsius means nothing.
        return term.Zero is not null && term.Code == text ? term : new Unit(text, term.Dimension, term.Scale);
    }

    private Unit? Term()
    {
        Unit? left = null;
        while (_at < text.Length && text[_at] != ')')
        {
            var divide = text[_at] == '/';
            if (divide || (left is not null && text[_at] == '.'))
            {
                _at++;
            }
            else if (left is not null)
            {
                return null;
            }
            if (Component() is not { } right)
            {
                return null;
            }
            if (left is null && !divide)
            {
                left = right;
                continue;
            }
            left ??= One;
            if (left.Zero is not null || right.Zero is not null)
            {
                return null;
            }
            left = divide
                ? new Unit("", left.Dimension - right.Dimension, left.Scale / right.Scale)
                : new Unit("", left.Dimension + right.Dimension, left.Scale * right.Scale);
        }
        return left;
    }

    private static Unit One => new("1", Vector128<sbyte>.Zero, Rational.One);

    private Unit? Component()
    {
        if (_at == text.Length)
        {
            return null;
        }
        if (text[_at] == '(')
        {
            _at++;
            var inner = Term();
            if (inner is null || _at == text.Length)
            {
                return null;
            }
            _at++;
            return inner;
        }
        var start = _at;
        var bracket = false;
        while (_at < text.Length && (bracket || text[_at] is not ('.' or '/' or '(' or ')' or '{')))
        {
            bracket = text[_at] switch { '[' => true, ']' => false, _ => bracket };
            if (char.IsWhiteSpace(text[_at]) || char.IsControl(text[_at]))
            {
                return null;
            }
            _at++;
        }
        var symbol = text.AsSpan(start, _at - start);
        var annotated = Annotation();
        return annotated is null || (symbol.IsEmpty && annotated is false) ? null : symbol.IsEmpty ? One : Symbol(symbol);
    }

    /// <summary>Passes over <c>{…}</c>, which names what is counted and changes nothing; null when it is not closed.</summary>
    private bool? Annotation()
    {
        if (_at == text.Length || text[_at] != '{')
        {
            return false;
        }
        var end = text.AsSpan(_at).IndexOf('}');
        if (end < 0 || text.AsSpan(_at + 1, end - 1).ContainsAny('{', '\0'))
        {
            return null;
        }
        _at += end + 1;
        return true;
    }

    private Unit? Symbol(ReadOnlySpan<char> symbol)
    {
        if (!symbol.ContainsAnyExceptInRange('0', '9'))
        {
            return ulong.TryParse(symbol, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? new Unit("", Vector128<sbyte>.Zero, new Rational(number, 1))
                : null;
        }
        var exponent = 1;
        var digits = symbol.Length;
        while (digits > 0 && (char.IsAsciiDigit(symbol[digits - 1]) || symbol[digits - 1] is '-' or '+'))
        {
            digits--;
        }
        if (digits < symbol.Length && !atoms.ContainsKey(symbol.ToString()))
        {
            if (!int.TryParse(symbol[digits..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > 30 || exponent == 0)
            {
                return null;
            }
            symbol = symbol[..digits];
        }
        if (symbol is "10*" or "10^")
        {
            return new Unit("", Vector128<sbyte>.Zero, Rational.Pow(new Rational(10, 1), exponent));
        }
        if (Atom(symbol) is not { } unit || (exponent != 1 && (unit.Zero is not null || Math.Abs(exponent) > MaxExponent)))
        {
            return null;
        }
        return exponent == 1 ? unit : new Unit("", unit.Dimension * (sbyte)exponent, Rational.Pow(unit.Scale, exponent));
    }

    private readonly Unit? Atom(ReadOnlySpan<char> symbol)
    {
        if (atoms.TryGetValue(symbol.ToString(), out var found))
        {
            return found.Unit;
        }
        foreach (var (prefix, radix, power) in UnitTable.Prefixes)
        {
            if (symbol.StartsWith(prefix, StringComparison.Ordinal) && atoms.TryGetValue(symbol[prefix.Length..].ToString(), out var atom) && atom.Metric)
            {
                return new Unit("", atom.Unit.Dimension, Rational.Pow(new Rational(radix, 1), power) * atom.Unit.Scale);
            }
        }
        return null;
    }
}
