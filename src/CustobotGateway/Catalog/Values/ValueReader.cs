using System.Text.Json;

namespace CustobotGateway.Catalog.Values;

/// <summary>
/// Turns a value as it came, from JSON or from the cell of a table, into the one form that is stored, or says why not. Keeps buffers of
/// its own: one thread at a time.
/// </summary>
public sealed partial class ValueReader
{
    private readonly Utf8Buffer _text = new();
    private readonly Utf8Buffer _number = new(64);
    private readonly Utf8Buffer _given = new();
    private readonly List<(int Start, int Length)> _terms = [];

    /// <summary>Reads the JSON value that the reader stands on, and leaves the reader on its last token, also when it is refused.</summary>
    /// <param name="json">Over the whole document: a value may not continue in another buffer. The bytes are valid UTF-8.</param>
    /// <param name="format">The attribute.</param>
    /// <param name="value">Gets the canonical value appended; nothing when it is refused.</param>
    /// <param name="given">Gets the value as it was given appended, when that is another form; else nothing.</param>
    public ValueFault Read(ref Utf8JsonReader json, ValueFormat format, Utf8Buffer value, Utf8Buffer given)
    {
        var start = json;
        var (valueLength, givenLength) = (value.Length, given.Length);
        ValueFault fault;
        try
        {
            fault = json.TokenType == JsonTokenType.Null ? ValueFault.Missing : ReadTyped(ref json, format, value, given);
        }
        catch (InvalidOperationException)
        {
            // The reader's word for half a surrogate pair, in the name of a member for example.
            fault = ValueFault.BadText;
        }
        if (fault != ValueFault.None)
        {
            json = start;
            json.Skip();
            value.Truncate(valueLength);
            given.Truncate(givenLength);
        }
        return fault;
    }

    private ValueFault ReadTyped(ref Utf8JsonReader json, ValueFormat format, Utf8Buffer value, Utf8Buffer given)
    {
        switch (format.Type)
        {
            case AttributeType.Boolean:
                if (json.TokenType is not (JsonTokenType.True or JsonTokenType.False))
                {
                    return ValueFault.WrongType;
                }
                value.Append(json.ValueSpan);
                return ValueFault.None;
            case AttributeType.Integer or AttributeType.Decimal:
                return json.TokenType == JsonTokenType.Number
                    ? CanonicalNumber.Write(json.ValueSpan, format.Type == AttributeType.Integer, value)
                    : ValueFault.WrongType;
            case AttributeType.Measure or AttributeType.Duration:
                return ReadQuantity(ref json, format, value, given);
            case AttributeType.Money:
                return ReadMoney(ref json, value);
            case AttributeType.KeywordSet:
                return ReadTerms(ref json, format, value, given);
            case AttributeType.Geo:
                return ReadPlace(ref json, value);
            case AttributeType.Gtin when json.TokenType == JsonTokenType.Number:
                return WriteGtin(json.ValueSpan, value, given);
            default:
                if (json.TokenType != JsonTokenType.String)
                {
                    return ValueFault.WrongType;
                }
                return TryText(ref json, out var text) is var fault and not ValueFault.None ? fault : WriteText(text, format, value, given);
        }
    }

    /// <summary>A number in the attribute's unit, <c>{"value","unit"}</c>, or text such as <c>2.6 lb</c> and <c>P3Y</c>.</summary>
    private ValueFault ReadQuantity(ref Utf8JsonReader json, ValueFormat format, Utf8Buffer value, Utf8Buffer given)
    {
        if (json.TokenType == JsonTokenType.Number)
        {
            return CanonicalNumber.Write(json.ValueSpan, whole: false, value);
        }
        if (json.TokenType == JsonTokenType.String)
        {
            return TryText(ref json, out var text) is var fault and not ValueFault.None ? fault : WriteQuantity(text, format, unitNeeded: true, value, given);
        }
        if (json.TokenType != JsonTokenType.StartObject)
        {
            return ValueFault.WrongType;
        }
        ReadOnlySpan<byte> number = default;
        _text.Clear();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isValue = json.ValueTextEquals("value"u8);
            if ((!isValue && !json.ValueTextEquals("unit"u8)) || !json.Read() || json.TokenType != (isValue ? JsonTokenType.Number : JsonTokenType.String))
            {
                return ValueFault.WrongType;
            }
            if (isValue)
            {
                number = json.ValueSpan;
            }
            else if (TryText(ref json, out _) is var fault and not ValueFault.None)
            {
                return fault;
            }
        }
        return number.IsEmpty ? ValueFault.WrongType
            : _text.Length == 0 ? CanonicalNumber.Write(number, whole: false, value)
            : WriteInUnit(number, _text.Written, format, value, given);
    }

    private ValueFault ReadMoney(ref Utf8JsonReader json, Utf8Buffer value)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            return TryText(ref json, out var text) is var fault and not ValueFault.None ? fault : WritePrice(text, value);
        }
        if (json.TokenType != JsonTokenType.StartObject)
        {
            return ValueFault.WrongType;
        }
        ReadOnlySpan<byte> amount = default, currency = default;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isAmount = json.ValueTextEquals("amount"u8);
            if ((!isAmount && !json.ValueTextEquals("currency"u8)) || !json.Read() || json.TokenType != (isAmount ? JsonTokenType.Number : JsonTokenType.String))
            {
                return ValueFault.WrongType;
            }
            _ = isAmount ? amount = json.ValueSpan : currency = json.ValueSpan;
        }
        if (amount.IsEmpty || currency.IsEmpty)
        {
            return ValueFault.WrongType;
        }
        _number.Clear();
        return CanonicalNumber.Write(amount, whole: true, _number) is var refused and not ValueFault.None ? refused : WriteMoney(_number.Written, currency, value);
    }

    private ValueFault ReadTerms(ref Utf8JsonReader json, ValueFormat format, Utf8Buffer value, Utf8Buffer given)
    {
        BeginTerms(value);
        if (json.TokenType == JsonTokenType.String)
        {
            return TryText(ref json, out var only) is var fault and not ValueFault.None ? fault
                : AddTerm(only, format, value) is var refused and not ValueFault.None ? refused : EndTerms(value, given);
        }
        if (json.TokenType != JsonTokenType.StartArray)
        {
            return ValueFault.WrongType;
        }
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.String)
            {
                return ValueFault.WrongType;
            }
            if (TryText(ref json, out var term) is var fault and not ValueFault.None || (fault = AddTerm(term, format, value)) != ValueFault.None)
            {
                return fault;
            }
        }
        return EndTerms(value, given);
    }

    private static ValueFault ReadPlace(ref Utf8JsonReader json, Utf8Buffer value)
    {
        ReadOnlySpan<byte> latitude = default, longitude = default;
        if (json.TokenType == JsonTokenType.StartArray)
        {
            for (var i = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; i++)
            {
                if (json.TokenType != JsonTokenType.Number || i > 1)
                {
                    return ValueFault.WrongType;
                }
                _ = i == 0 ? latitude = json.ValueSpan : longitude = json.ValueSpan;
            }
        }
        else if (json.TokenType == JsonTokenType.StartObject)
        {
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isLatitude = json.ValueTextEquals("lat"u8);
                if ((!isLatitude && !json.ValueTextEquals("lon"u8)) || !json.Read() || json.TokenType != JsonTokenType.Number)
                {
                    return ValueFault.WrongType;
                }
                _ = isLatitude ? latitude = json.ValueSpan : longitude = json.ValueSpan;
            }
        }
        return latitude.IsEmpty || longitude.IsEmpty ? ValueFault.WrongType : WritePlace(latitude, longitude, value);
    }

    /// <summary>The string that the reader stands on, unescaped; in <see cref="_text"/> where it had escapes, and always for a unit.</summary>
    private ValueFault TryText(ref Utf8JsonReader json, out ReadOnlySpan<byte> text)
    {
        text = default;
        _text.Clear();
        if (!json.ValueIsEscaped)
        {
            _text.Append(json.ValueSpan);
            text = _text.Written;
            return ValueFault.None;
        }
        try
        {
            _text.Advance(json.CopyString(_text.Reserve(json.ValueSpan.Length)));
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which no UTF-8 can hold.
            return ValueFault.BadText;
        }
        text = _text.Written;
        return text.Contains((byte)0) ? ValueFault.BadText : ValueFault.None;
    }
}
