using System.Globalization;
using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;

namespace CustobotGateway.Search;

/// <summary>Writes values of the index in their wire form.</summary>
internal static class ValueWriter
{
    private const int TermsOnStack = 64;
    private const int SecondsPerDay = 86_400;

    /// <summary>Writes a product's value; false and nothing when it has none.</summary>
    public static bool TryWrite(SearchOutput output, IndexSnapshot snapshot, DocumentRef document, SearchableAttribute attribute)
    {
        var column = attribute.Column;
        switch (attribute.Type)
        {
            case AttributeType.Text:
                var text = snapshot.GetTextJson(document, column);
                output.Add(text);
                return !text.IsEmpty;
            case AttributeType.Keyword:
                Span<int> term = stackalloc int[1];
                if (snapshot.GetTerms(document, column, term) == 0)
                {
                    return false;
                }
                output.Add(snapshot.TermJson(column, term[0]));
                return true;
            case AttributeType.KeywordSet:
                return TryWriteSet(output, snapshot, document, column);
            case AttributeType.Geo:
                if (!snapshot.TryGetGeo(document, column, out var latitude, out var longitude))
                {
                    return false;
                }
                output.Add((byte)'[');
                output.Add(latitude);
                output.Add((byte)',');
                output.Add(longitude);
                output.Add((byte)']');
                return true;
            case AttributeType.Integer or AttributeType.Decimal:
                return TryWriteNumber(output, snapshot, document, column);
            case AttributeType.Measure or AttributeType.Duration:
                return TryWriteMeasure(output, snapshot, document, attribute);
            case AttributeType.Money:
                return TryWriteMoney(output, snapshot, document, attribute);
            default:
                if (!snapshot.TryGetNumber(document, column, out var number))
                {
                    return false;
                }
                Write(output, attribute, number, null);
                return true;
        }
    }

    /// <summary>Writes one value of a Number column: plain, except money. The unit of a measure is told elsewhere.</summary>
    public static void Write(SearchOutput output, SearchableAttribute attribute, double number, string? currency)
    {
        switch (attribute.Type)
        {
            case AttributeType.Boolean:
                output.Add(number != 0 ? "true"u8 : "false"u8);
                break;
            case AttributeType.Date:
                WriteDate(output, number);
                break;
            case AttributeType.Gtin:
                WriteGtin(output, (long)number);
                break;
            case AttributeType.Money:
                output.Add("{\"amount\":"u8);
                output.Add((long)number);
                output.Add(",\"currency\":"u8);
                output.AddString(currency ?? "");
                output.Add((byte)'}');
                break;
            default:
                output.Add(number);
                break;
        }
    }

    private static bool TryWriteNumber(SearchOutput output, IndexSnapshot snapshot, DocumentRef document, int column)
    {
        if (!snapshot.TryFormatNumber(document, column, output.Reserve(32), out var written))
        {
            return false;
        }
        output.Advance(written);
        return true;
    }

    private static bool TryWriteMeasure(SearchOutput output, IndexSnapshot snapshot, DocumentRef document, SearchableAttribute attribute)
    {
        var start = output.Length;
        output.Add("{\"value\":"u8);
        if (!TryWriteNumber(output, snapshot, document, attribute.Column))
        {
            output.BackTo(start);
            return false;
        }
        output.Add(",\"unit\":"u8);
        output.Add(attribute.UnitJson);
        output.Add((byte)'}');
        return true;
    }

    private static bool TryWriteMoney(SearchOutput output, IndexSnapshot snapshot, DocumentRef document, SearchableAttribute attribute)
    {
        var start = output.Length;
        output.Add("{\"amount\":"u8);
        Span<int> currency = stackalloc int[1];
        if (!TryWriteNumber(output, snapshot, document, attribute.Column) || snapshot.GetTerms(document, attribute.CurrencyColumn, currency) == 0)
        {
            output.BackTo(start);
            return false;
        }
        output.Add(",\"currency\":"u8);
        output.Add(snapshot.TermJson(attribute.CurrencyColumn, currency[0]));
        output.Add((byte)'}');
        return true;
    }

    private static bool TryWriteSet(SearchOutput output, IndexSnapshot snapshot, DocumentRef document, int column)
    {
        Span<int> terms = stackalloc int[TermsOnStack];
        var count = snapshot.GetTerms(document, column, terms);
        while (count == terms.Length)
        {
            // There may be more than there was room for.
            terms = new int[terms.Length * 8];
            count = snapshot.GetTerms(document, column, terms);
        }
        if (count == 0)
        {
            return false;
        }
        for (var i = 0; i < count; i++)
        {
            output.Add(i == 0 ? (byte)'[' : (byte)',');
            output.Add(snapshot.TermJson(column, terms[i]));
        }
        output.Add((byte)']');
        return true;
    }

    private static void WriteDate(SearchOutput output, double seconds)
    {
        var whole = (long)Math.Floor(seconds);
        var instant = DateTime.UnixEpoch.AddSeconds(whole);
        var room = output.Reserve(24);
        room[0] = (byte)'"';
        instant.TryFormat(room[1..], out var written, whole % SecondsPerDay == 0 ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        room[written + 1] = (byte)'"';
        output.Advance(written + 2);
    }

    /// <summary>The index keeps the digits as a number; the shortest standard length that holds them brings the leading zeros back.</summary>
    private static void WriteGtin(SearchOutput output, long digits)
    {
        var format = digits switch { < 100_000_000 => "D8", < 1_000_000_000_000 => "D12", < 10_000_000_000_000 => "D13", _ => "D14" };
        var room = output.Reserve(20);
        room[0] = (byte)'"';
        digits.TryFormat(room[1..], out var written, format, CultureInfo.InvariantCulture);
        room[written + 1] = (byte)'"';
        output.Advance(written + 2);
    }
}
