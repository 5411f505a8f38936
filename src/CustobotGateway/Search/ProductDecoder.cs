using System.Globalization;
using System.Text.Json;
using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;

namespace CustobotGateway.Search;

/// <summary>Reads a product's canonical values into the index. Values are the store's own, so what does not fit is left out, not refused.</summary>
internal sealed class ProductDecoder(CatalogLayout layout)
{
    private byte[] _text = new byte[4096];

    /// <summary>Whether a product had an attribute that this layout does not know: it was registered after the layout was made.</summary>
    public bool MetUnknownAttribute { get; private set; }

    /// <summary>Adds one product; its number is the document's id.</summary>
    public void Decode(in FeedProduct product, DocumentWriter documents)
    {
        documents.Begin(product.Number);
        documents.Keyword(IndexedCatalog.ExternalIdColumn, product.ExternalId);
        var reader = new Utf8JsonReader(product.Attributes);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!layout.ByKey.TryGetValue(reader.ValueSpan, out var attribute))
            {
                MetUnknownAttribute = true;
                reader.Skip();
                continue;
            }
            var column = layout.Columns[attribute.Ordinal];
            reader.Read();
            if (column < 0)
            {
                reader.Skip();
                continue;
            }
            DecodeValue(ref reader, attribute.Type, column, documents);
        }
        documents.End();
    }

    private void DecodeValue(ref Utf8JsonReader reader, AttributeType type, int column, DocumentWriter documents)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                documents.Number(column, reader.GetDouble());
                break;
            case JsonTokenType.True or JsonTokenType.False:
                documents.Number(column, reader.TokenType == JsonTokenType.True ? 1 : 0);
                break;
            case JsonTokenType.String when type == AttributeType.Text:
                documents.Text(column, Text(ref reader));
                break;
            case JsonTokenType.String when type == AttributeType.Keyword:
                documents.Keyword(column, Text(ref reader));
                break;
            case JsonTokenType.String when type == AttributeType.Date:
                if (TrySeconds(reader.ValueSpan, out var seconds))
                {
                    documents.Number(column, seconds);
                }
                break;
            case JsonTokenType.String when type == AttributeType.Gtin:
                if (long.TryParse(reader.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var digits))
                {
                    documents.Number(column, digits);
                }
                break;
            case JsonTokenType.StartObject when type == AttributeType.Money:
                DecodeMoney(ref reader, column, documents);
                break;
            case JsonTokenType.StartArray when type == AttributeType.Geo:
                reader.Read();
                var latitude = reader.GetDouble();
                reader.Read();
                documents.Geo(column, latitude, reader.GetDouble());
                reader.Read();
                break;
            case JsonTokenType.StartArray when type == AttributeType.KeywordSet:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    documents.Keyword(column, Text(ref reader));
                }
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private void DecodeMoney(ref Utf8JsonReader reader, int column, DocumentWriter documents)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isAmount = reader.ValueTextEquals("amount"u8);
            reader.Read();
            if (isAmount)
            {
                documents.Number(column, reader.GetDouble());
            }
            else
            {
                documents.Keyword(column + 1, Text(ref reader));
            }
        }
    }

    /// <summary>Seconds since 1970 of a date, at its first instant in UTC, or of a date-time in UTC.</summary>
    public static bool TrySeconds(ReadOnlySpan<byte> text, out long seconds)
    {
        Span<char> characters = stackalloc char[20];
        seconds = 0;
        if (text.Length is not (10 or 20))
        {
            return false;
        }
        var length = System.Text.Encoding.ASCII.GetChars(text, characters);
        var format = text.Length == 10 ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss'Z'";
        if (!DateTime.TryParseExact(characters[..length], format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
        {
            return false;
        }
        seconds = new DateTimeOffset(instant).ToUnixTimeSeconds();
        return true;
    }

    private ReadOnlySpan<byte> Text(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }
        if (_text.Length < reader.ValueSpan.Length)
        {
            _text = new byte[reader.ValueSpan.Length];
        }
        return _text.AsSpan(0, reader.CopyString(_text));
    }
}
