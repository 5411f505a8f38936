using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using CustobotGateway.Common;

namespace CustobotGateway.Catalog.Values;

/// <content>Values that come as text: cells of tables, elements of XML, and strings in JSON.</content>
public sealed partial class ValueReader
{
    /// <summary>Reads the text of a cell, valid UTF-8; an empty one is a missing value.</summary>
    public ValueFault ReadText(ReadOnlySpan<byte> cell, ValueFormat format, Utf8Buffer value, Utf8Buffer given)
    {
        var text = Trim(cell);
        var (valueLength, givenLength) = (value.Length, given.Length);
        var fault = text.IsEmpty ? ValueFault.Missing : text.Contains((byte)0) ? ValueFault.BadText : ReadTypedText(text, format, value, given);
        if (fault != ValueFault.None)
        {
            value.Truncate(valueLength);
            given.Truncate(givenLength);
        }
        return fault;
    }

    private ValueFault ReadTypedText(ReadOnlySpan<byte> text, ValueFormat format, Utf8Buffer value, Utf8Buffer given)
    {
        switch (format.Type)
        {
            case AttributeType.Boolean:
                var truth = Truth(text);
                if (truth is null)
                {
                    return ValueFault.WrongType;
                }
                value.Append(truth.Value ? "true"u8 : "false"u8);
                return ValueFault.None;
            case AttributeType.Integer or AttributeType.Decimal:
                return CanonicalNumber.IsNumber(text) ? CanonicalNumber.Write(text, format.Type == AttributeType.Integer, value) : ValueFault.WrongType;
            case AttributeType.Measure or AttributeType.Duration:
                return text[0] == '{' ? ReadJson(text, format, value, given) : WriteQuantity(text, format, unitNeeded: false, value, given);
            case AttributeType.Money:
                return text[0] == '{' ? ReadJson(text, format, value, given) : WritePrice(text, value);
            case AttributeType.KeywordSet:
                return text[0] == '[' ? ReadJson(text, format, value, given) : WriteTerms(text, format, value, given);
            case AttributeType.Geo:
                if (text[0] is (byte)'[' or (byte)'{')
                {
                    return ReadJson(text, format, value, given);
                }
                var comma = text.IndexOfAny((byte)',', (byte)';', (byte)' ');
                return comma > 0 ? WritePlace(text[..comma], Trim(text[(comma + 1)..]), value) : ValueFault.WrongType;
            default:
                return WriteText(text, format, value, given);
        }
    }

    private ValueFault ReadJson(ReadOnlySpan<byte> text, ValueFormat format, Utf8Buffer value, Utf8Buffer given)
    {
        try
        {
            var json = new Utf8JsonReader(text);
            json.Read();
            return ReadTyped(ref json, format, value, given) is var fault and not ValueFault.None ? fault : json.Read() ? ValueFault.WrongType : ValueFault.None;
        }
        catch (JsonException)
        {
            return ValueFault.WrongType;
        }
    }

    private ValueFault WriteText(ReadOnlySpan<byte> text, ValueFormat format, Utf8Buffer value, Utf8Buffer given)
    {
        switch (format.Type)
        {
            case AttributeType.Text:
                if (text.Length is 0 or > ValueLimits.TextBytes)
                {
                    return text.IsEmpty ? ValueFault.Missing : ValueFault.TooLong;
                }
                value.AppendString(text);
                return ValueFault.None;
            case AttributeType.Date:
                Span<byte> date = stackalloc byte[24];
                if (!IsoDate.TryWrite(text, date, out var length))
                {
                    return ValueFault.BadDate;
                }
                value.AppendString(date[..length]);
                AppendIfOther(text, date[..length], given);
                return ValueFault.None;
            case AttributeType.Gtin:
                return WriteGtin(text, value, given);
            default:
                if (text.Length is 0 or > ValueLimits.TermBytes)
                {
                    return text.IsEmpty ? ValueFault.Missing : ValueFault.TooLong;
                }
                var term = format.Fold(text);
                value.AppendString(term);
                AppendIfOther(text, term, given);
                return ValueFault.None;
        }
    }

    private static ValueFault WriteGtin(ReadOnlySpan<byte> text, Utf8Buffer value, Utf8Buffer given)
    {
        Span<byte> digits = stackalloc byte[14];
        if (!Gtin.TryNormalize(text, digits, out var length))
        {
            return ValueFault.BadGtin;
        }
        value.AppendString(digits[..length]);
        AppendIfOther(text, digits[..length], given);
        return ValueFault.None;
    }

    private ValueFault WriteQuantity(ReadOnlySpan<byte> text, ValueFormat format, bool unitNeeded, Utf8Buffer value, Utf8Buffer given)
    {
        if (format.Type == AttributeType.Duration && text.Length > 0 && text[0] == 'P')
        {
            if (!IsoDuration.TryParse(Encoding.UTF8.GetString(text), format.Unit, out var duration))
            {
                return ValueFault.WrongType;
            }
            given.AppendString(text);
            return CanonicalNumber.Write(duration, whole: false, value);
        }
        var end = NumberLength(text);
        if (!CanonicalNumber.IsNumber(text[..end]))
        {
            return ValueFault.WrongType;
        }
        var unit = Trim(text[end..]);
        return !unit.IsEmpty ? WriteInUnit(text[..end], unit, format, value, given)
            : unitNeeded ? ValueFault.WrongType : CanonicalNumber.Write(text[..end], whole: false, value);
    }

    private ValueFault WriteInUnit(ReadOnlySpan<byte> number, ReadOnlySpan<byte> name, ValueFormat format, Utf8Buffer value, Utf8Buffer given)
    {
        if (!format.TryUnit(name, out var known))
        {
            return ValueFault.UnknownUnit;
        }
        if (ReferenceEquals(known.Unit, format.Unit) || known.Unit.Code == format.Unit.Code)
        {
            return CanonicalNumber.Write(number, whole: false, value);
        }
        if (!known.Unit.IsCommensurable(format.Unit))
        {
            return ValueFault.UnitNotConvertible;
        }
        _number.Clear();
        if (CanonicalNumber.Write(number, whole: false, _number) is var fault and not ValueFault.None)
        {
            return fault;
        }
        if (!Utf8Parser.TryParse(_number.Written, out decimal amount, out _) || !Units.TryConvert(amount, known.Unit, format.Unit, out var converted))
        {
            return ValueFault.NumberOutOfRange;
        }
        given.Append("{\"value\":"u8);
        given.Append(_number.Written);
        given.Append(",\"unit\":"u8);
        given.AppendString(known.Code);
        given.Append((byte)'}');
        return CanonicalNumber.Write(converted, whole: false, value);
    }

    /// <summary><c>12.50 USD</c>, as merchant feeds write prices.</summary>
    private ValueFault WritePrice(ReadOnlySpan<byte> text, Utf8Buffer value)
    {
        var end = NumberLength(text);
        var currency = Trim(text[end..]);
        if (!CanonicalNumber.IsNumber(text[..end]) || currency.Length != 3)
        {
            return currency.IsEmpty || end == 0 ? ValueFault.WrongType : ValueFault.BadCurrency;
        }
        Span<char> letters = stackalloc char[3];
        if (!TryCurrency(currency, letters, out var digits))
        {
            return ValueFault.BadCurrency;
        }
        _number.Clear();
        if (CanonicalNumber.Write(text[..end], whole: false, _number) is var fault and not ValueFault.None)
        {
            return fault;
        }
        var amount = Utf8Parser.TryParse(_number.Written, out decimal number, out _) ? number : 0;
        for (var i = 0; i < digits; i++)
        {
            amount *= 10;
        }
        _number.Clear();
        // A fraction of a minor unit is no price that can be paid.
        return CanonicalNumber.Write(amount, whole: true, _number) is var refused and not ValueFault.None
            ? ValueFault.NumberOutOfRange : WriteMoney(_number.Written, currency, value);
    }

    private static ValueFault WriteMoney(ReadOnlySpan<byte> amount, ReadOnlySpan<byte> currency, Utf8Buffer value)
    {
        Span<char> letters = stackalloc char[3];
        if (currency.Length != 3 || !TryCurrency(currency, letters, out _))
        {
            return ValueFault.BadCurrency;
        }
        value.Append("{\"amount\":"u8);
        value.Append(amount);
        value.Append(",\"currency\":"u8);
        value.AppendString(currency);
        value.Append((byte)'}');
        return ValueFault.None;
    }

    private static bool TryCurrency(ReadOnlySpan<byte> code, Span<char> letters, out int digits)
    {
        for (var i = 0; i < code.Length; i++)
        {
            letters[i] = (char)code[i];
        }
        return Currencies.TryGetDigits(letters, out digits);
    }

    private static ValueFault WritePlace(ReadOnlySpan<byte> latitude, ReadOnlySpan<byte> longitude, Utf8Buffer value)
    {
        if (!Utf8Parser.TryParse(latitude, out double north, out var used) || used != latitude.Length
            || !Utf8Parser.TryParse(longitude, out double east, out used) || used != longitude.Length)
        {
            return ValueFault.WrongType;
        }
        if (!(Math.Abs(north) <= 90) || !(Math.Abs(east) <= 180))
        {
            return ValueFault.BadPlace;
        }
        value.Append((byte)'[');
        var fault = CanonicalNumber.Write(latitude, whole: false, value);
        value.Append((byte)',');
        fault = fault == ValueFault.None ? CanonicalNumber.Write(longitude, whole: false, value) : fault;
        value.Append((byte)']');
        return fault;
    }

    private ValueFault WriteTerms(ReadOnlySpan<byte> text, ValueFormat format, Utf8Buffer value, Utf8Buffer given)
    {
        BeginTerms(value);
        foreach (var part in text.Split((byte)'|'))
        {
            var term = Trim(text[part]);
            if (!term.IsEmpty && AddTerm(term, format, value) is var fault and not ValueFault.None)
            {
                return fault;
            }
        }
        return EndTerms(value, given);
    }

    private static void AppendIfOther(ReadOnlySpan<byte> text, ReadOnlySpan<byte> canonical, Utf8Buffer given)
    {
        if (!text.SequenceEqual(canonical))
        {
            given.AppendString(text);
        }
    }

    private static bool? Truth(ReadOnlySpan<byte> text) =>
        Ascii.EqualsIgnoreCase(text, "true"u8) || Ascii.EqualsIgnoreCase(text, "yes"u8) || text.SequenceEqual("1"u8) ? true
        : Ascii.EqualsIgnoreCase(text, "false"u8) || Ascii.EqualsIgnoreCase(text, "no"u8) || text.SequenceEqual("0"u8) ? false : null;

    private static int NumberLength(ReadOnlySpan<byte> text)
    {
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit((char)text[end]) || text[end] is (byte)'.' or (byte)'-' or (byte)'+'
            || (text[end] is (byte)'e' or (byte)'E' && end > 0 && end + 1 < text.Length && (char.IsAsciiDigit((char)text[end + 1]) || text[end + 1] == '-'))))
        {
            end++;
        }
        return end;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n"u8);
}
