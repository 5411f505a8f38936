using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace CustobotGateway.MessageSignatures.StructuredFields;

/// <summary>The parsing algorithms of RFC 9651 §4.2, one method each.</summary>
internal ref struct FieldReader(string text, Capitals capitals)
{
    private const int MostIntegerDigits = 15;
    private const int MostWholeDigits = 12;
    private const int MostFractionDigits = 3;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<char> _text = text;
    private int _at;

    private readonly bool IsAtEnd => _at >= _text.Length;

    // NUL is in no structured field, so that it can stand for the end.
    private readonly char Here => IsAtEnd ? '\0' : _text[_at];

    public bool TryReadDictionary(out List<FieldMember> members, out bool repeated)
    {
        (members, repeated) = ([], false);
        Skip(" ");
        while (!IsAtEnd)
        {
            if (!TryReadKey(Capitals.InKeys, out var key))
            {
                return false;
            }
            FieldMember? member;
            if (Here == '=')
            {
                _at++;
                if (!TryReadMember(key, out member))
                {
                    return false;
                }
            }
            else
            {
                var from = _at;
                if (!TryReadParameters(out var parameters))
                {
                    return false;
                }
                member = new FieldMember(key, FieldValue.True, null, parameters, text[from.._at]);
            }
            var known = members.FindIndex(other => other.Key == key);
            if (known >= 0)
            {
                (members[known], repeated) = (member, true);
            }
            else if (members.Count == StructuredField.MostMembers)
            {
                return false;
            }
            else
            {
                members.Add(member);
            }
            if (!TryGoOn(out var isLast))
            {
                return false;
            }
            if (isLast)
            {
                return true;
            }
        }
        return true;
    }

    public bool TryReadList(out List<FieldMember> members)
    {
        members = [];
        Skip(" ");
        while (!IsAtEnd)
        {
            if (members.Count == StructuredField.MostMembers || !TryReadMember("", out var member))
            {
                return false;
            }
            members.Add(member);
            if (!TryGoOn(out var isLast))
            {
                return false;
            }
            if (isLast)
            {
                return true;
            }
        }
        return true;
    }

    public bool TryReadSingle([NotNullWhen(true)] out FieldItem? item)
    {
        Skip(" ");
        if (!TryReadItem(out item))
        {
            return false;
        }
        Skip(" ");
        return IsAtEnd;
    }

    // After a member: the end, or a comma that is not the last thing.
    private bool TryGoOn(out bool isLast)
    {
        Skip(" \t");
        isLast = IsAtEnd;
        if (isLast)
        {
            return true;
        }
        if (Here != ',')
        {
            return false;
        }
        _at++;
        Skip(" \t");
        return !IsAtEnd;
    }

    private bool TryReadMember(string key, [NotNullWhen(true)] out FieldMember? member)
    {
        member = null;
        var from = _at;
        if (Here != '(')
        {
            if (!TryReadItem(out var item))
            {
                return false;
            }
            member = new FieldMember(key, item.Value, null, item.Parameters, text[from.._at]);
            return true;
        }
        if (!TryReadInnerList(out var items) || !TryReadParameters(out var parameters))
        {
            return false;
        }
        member = new FieldMember(key, default, items, parameters, text[from.._at]);
        return true;
    }

    private bool TryReadInnerList(out List<FieldItem> items)
    {
        items = [];
        _at++;
        while (true)
        {
            Skip(" ");
            if (Here == ')')
            {
                _at++;
                return true;
            }
            if (items.Count == StructuredField.MostMembers || !TryReadItem(out var item) || Here is not (' ' or ')'))
            {
                return false;
            }
            items.Add(item);
        }
    }

    private bool TryReadItem([NotNullWhen(true)] out FieldItem? item)
    {
        item = null;
        if (!TryReadBare(out var value) || !TryReadParameters(out var parameters))
        {
            return false;
        }
        item = new FieldItem(value, parameters);
        return true;
    }

    private bool TryReadParameters(out FieldParameters parameters)
    {
        parameters = FieldParameters.None;
        while (Here == ';')
        {
            _at++;
            Skip(" ");
            if (!TryReadKey(Capitals.InParameters, out var key))
            {
                return false;
            }
            var value = FieldValue.True;
            if (Here == '=')
            {
                _at++;
                if (!TryReadBare(out value))
                {
                    return false;
                }
            }
            if (parameters.Count == 0)
            {
                parameters = new FieldParameters();
            }
            parameters.Set(new FieldParameter(key, value));
            if (parameters.Count > StructuredField.MostParameters)
            {
                return false;
            }
        }
        return true;
    }

    private bool TryReadKey(Capitals where, out string key)
    {
        var from = _at;
        var may = (capitals & where) != 0;
        if (Here is (>= 'a' and <= 'z') or '*' || (may && char.IsAsciiLetterUpper(Here)))
        {
            _at++;
            while (Here is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-' or '.' or '*' || (may && char.IsAsciiLetterUpper(Here)))
            {
                _at++;
            }
        }
        key = text[from.._at];
        return key.Length > 0;
    }

    private bool TryReadBare(out FieldValue value)
    {
        switch (Here)
        {
            case '"':
                return TryReadText(out value);
            case ':':
                return TryReadBytes(out value);
            case '?':
                value = FieldValue.OfBoolean(_at + 1 < _text.Length && _text[_at + 1] == '1');
                var isBoolean = _at + 1 < _text.Length && _text[_at + 1] is '0' or '1';
                _at += 2;
                return isBoolean;
            case '@':
                _at++;
                if (!TryReadNumber(out value) || value.Kind != FieldValueKind.Integer)
                {
                    return false;
                }
                value = FieldValue.OfDate(value.Number);
                return true;
            case '%':
                return TryReadDisplayText(out value);
            case '-' or (>= '0' and <= '9'):
                return TryReadNumber(out value);
            case '*' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'):
                return TryReadToken(out value);
            default:
                value = default;
                return false;
        }
    }

    private bool TryReadNumber(out FieldValue value)
    {
        value = default;
        var sign = Here == '-' ? -1 : 1;
        _at += Here == '-' ? 1 : 0;
        var from = _at;
        SkipDigits();
        var whole = _text[from.._at];
        if (whole.IsEmpty || whole.Length > MostIntegerDigits)
        {
            return false;
        }
        var number = long.Parse(whole, NumberStyles.None, CultureInfo.InvariantCulture);
        if (Here != '.')
        {
            value = FieldValue.OfInteger(sign * number);
            return true;
        }
        from = ++_at;
        SkipDigits();
        var fraction = _text[from.._at];
        if (whole.Length > MostWholeDigits || fraction.IsEmpty || fraction.Length > MostFractionDigits)
        {
            return false;
        }
        var thousandths = long.Parse(fraction, NumberStyles.None, CultureInfo.InvariantCulture) * (fraction.Length switch { 1 => 100, 2 => 10, _ => 1 });
        value = FieldValue.OfThousandths(sign * ((number * 1_000) + thousandths));
        return true;
    }

    private bool TryReadText(out FieldValue value)
    {
        value = default;
        var from = ++_at;
        // Mostly there is no escape, and the text is a part of the field as it stands.
        while (Here is >= ' ' and <= '~' and not ('"' or '\\'))
        {
            _at++;
        }
        if (Here == '"')
        {
            value = FieldValue.OfText(text[from.._at++]);
            return true;
        }
        var read = new StringBuilder(text, from, _at - from, _text.Length - from);
        while (Here is >= ' ' and <= '~')
        {
            var letter = _text[_at++];
            if (letter == '"')
            {
                value = FieldValue.OfText(read.ToString());
                return true;
            }
            if (letter == '\\')
            {
                if (Here is not ('"' or '\\'))
                {
                    return false;
                }
                letter = _text[_at++];
            }
            read.Append(letter);
        }
        return false;
    }

    private bool TryReadToken(out FieldValue value)
    {
        var from = _at;
        while (char.IsAsciiLetterOrDigit(Here) || Here is '!' or '#' or '$' or '%' or '&' or '\'' or '*' or '+' or '-' or '.' or '^' or '_' or '`' or '|' or '~' or ':' or '/')
        {
            _at++;
        }
        value = FieldValue.OfToken(text[from.._at]);
        return true;
    }

    private bool TryReadBytes(out FieldValue value)
    {
        value = default;
        var from = ++_at;
        while (char.IsAsciiLetterOrDigit(Here) || Here is '+' or '/' or '=')
        {
            _at++;
        }
        if (Here != ':')
        {
            return false;
        }
        var encoded = _text[from.._at++];
        var bytes = new byte[encoded.Length / 4 * 3];
        if (encoded.Length % 4 != 0 || !Convert.TryFromBase64Chars(encoded, bytes, out var length) || !HasOneSpelling(encoded, bytes.AsSpan(0, length)))
        {
            return false;
        }
        value = FieldValue.OfBytes(length == bytes.Length ? bytes : bytes[..length]);
        return true;
    }

    // The last letter of an unfinished group carries bits that mean nothing: they have to be zero, so that a signature cannot be written in another way.
    private static bool HasOneSpelling(ReadOnlySpan<char> encoded, ReadOnlySpan<byte> bytes)
    {
        Span<char> last = stackalloc char[4];
        return bytes.Length % 3 == 0 || (Convert.TryToBase64Chars(bytes[(bytes.Length / 3 * 3)..], last, out _) && encoded.EndsWith(last, StringComparison.Ordinal));
    }

    private bool TryReadDisplayText(out FieldValue value)
    {
        value = default;
        if (_at + 1 >= _text.Length || _text[_at + 1] != '"')
        {
            return false;
        }
        _at += 2;
        var bytes = new List<byte>();
        while (Here is >= ' ' and <= '~')
        {
            var letter = _text[_at++];
            if (letter == '"')
            {
                try
                {
                    value = FieldValue.OfDisplayText(StrictUtf8.GetString([.. bytes]));
                    return true;
                }
                catch (DecoderFallbackException)
                {
                    return false;
                }
            }
            if (letter != '%')
            {
                bytes.Add((byte)letter);
                continue;
            }
            if (_at + 2 > _text.Length || !IsLowerHex(_text[_at]) || !IsLowerHex(_text[_at + 1]))
            {
                return false;
            }
            bytes.Add(byte.Parse(_text.Slice(_at, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            _at += 2;
        }
        return false;
    }

    private static bool IsLowerHex(char letter) => letter is (>= '0' and <= '9') or (>= 'a' and <= 'f');

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Here))
        {
            _at++;
        }
    }

    private void Skip(string letters)
    {
        while (!IsAtEnd && letters.Contains(_text[_at], StringComparison.Ordinal))
        {
            _at++;
        }
    }
}
