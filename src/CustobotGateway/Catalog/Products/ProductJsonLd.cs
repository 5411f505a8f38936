using System.Buffers;
using System.Text.Json;
using CustobotGateway.Common;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace CustobotGateway.Catalog.Products;

/// <summary>A product as linked data: schema.org's Product (https://schema.org/Product) in JSON-LD 1.1.</summary>
internal static class ProductJsonLd
{
    public const string MediaType = "application/ld+json";

    private static readonly string[] Texts = ["name", "description", "mpn", "color", "material", "pattern", "size", "model"];
    private static readonly string[] Sizes = ["weight", "width", "height", "depth"];

    /// <summary>The attributes that have a place of their own; all others become additionalProperty.</summary>
    private static readonly HashSet<string> Placed =
        [.. Texts, .. Sizes, "name_es", "description_es", "category", "brand", "gtin", "price", "availability", "condition", "rating", "review_count", "image_url", "image", "url"];

    /// <summary>Whether Accept asks for JSON-LD before JSON; <c>*/*</c> asks for neither.</summary>
    public static bool IsAsked(HttpRequest request)
    {
        var accept = request.GetTypedHeaders().Accept;
        return Quality(accept, MediaType) is > 0 and var linked && linked >= Quality(accept, "application/json");
    }

    /// <summary><c>es</c> where Accept-Language prefers Spanish to English, else <c>en</c>.</summary>
    public static string LanguageOf(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage.OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.Value!.Split('-')[0].ToLowerInvariant()).FirstOrDefault(language => language is "es" or "en") ?? "en";

    public static FileContentHttpResult ToHttp(Product product, AttributeRegistry registry, string language, string baseUrl)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Json.Options.Encoder }))
        {
            Write(json, product, registry, language, baseUrl);
        }
        return TypedResults.Bytes(buffer.WrittenMemory.ToArray(), MediaType);
    }

    private static void Write(Utf8JsonWriter json, Product product, AttributeRegistry registry, string language, string baseUrl)
    {
        var values = product.Attributes;
        var address = $"{baseUrl}/v1/products/{product.Id}";
        json.WriteStartObject();
        json.WriteString("@context", "https://schema.org");
        json.WriteString("@type", "Product");
        json.WriteString("@id", address);
        json.WriteString("url", values.TryGetValue("url", out var page) ? page.GetString() : address);
        json.WriteString("productID", product.Id);
        json.WriteString("sku", product.ExternalId);
        json.WriteString("inLanguage", language);
        foreach (var key in Texts)
        {
            if (values.TryGetValue(language == "es" && values.ContainsKey(key + "_es") ? key + "_es" : key, out var text))
            {
                WriteMember(json, key, text);
            }
        }
        WriteMember(json, "category", values);
        WriteMember(json, "gtin", values);
        WriteMember(json, "image", values, "image_url");
        WriteMember(json, "image", values);
        if (values.TryGetValue("brand", out var brand))
        {
            json.WriteStartObject("brand");
            json.WriteString("@type", "Brand");
            json.WriteString("name", brand.ToString());
            json.WriteEndObject();
        }
        foreach (var key in Sizes)
        {
            if (values.TryGetValue(key, out var size))
            {
                json.WritePropertyName(key);
                WriteQuantity(json, size);
            }
        }
        WriteRating(json, values);
        WriteOffer(json, values, address);
        WriteOthers(json, values, registry, language);
        json.WriteEndObject();
    }

    private static void WriteOffer(Utf8JsonWriter json, IReadOnlyDictionary<string, JsonElement> values, string address)
    {
        if (!values.TryGetValue("price", out var price) || price.ValueKind != JsonValueKind.Object)
        {
            // Without a price there is nothing that is offered.
            return;
        }
        var currency = price.GetProperty("currency"u8).GetString()!;
        Currencies.TryGetDigits(currency, out var digits);
        json.WriteStartObject("offers");
        json.WriteString("@type", "Offer");
        json.WriteString("url", address);
        json.WriteNumber("price", price.GetProperty("amount"u8).GetInt64() / new decimal(Math.Pow(10, digits)));
        json.WriteString("priceCurrency", currency);
        if (values.TryGetValue("availability", out var availability))
        {
            json.WriteString("availability", "https://schema.org/" + Pascal(availability.ToString()));
        }
        if (values.TryGetValue("condition", out var condition))
        {
            json.WriteString("itemCondition", $"https://schema.org/{Pascal(condition.ToString())}Condition");
        }
        json.WriteEndObject();
    }

    private static void WriteRating(Utf8JsonWriter json, IReadOnlyDictionary<string, JsonElement> values)
    {
        if (values.TryGetValue("rating", out var rating) && values.TryGetValue("review_count", out var count))
        {
            json.WriteStartObject("aggregateRating");
            json.WriteString("@type", "AggregateRating");
            WriteMember(json, "ratingValue", rating.ValueKind == JsonValueKind.Object ? rating.GetProperty("value"u8) : rating);
            WriteMember(json, "reviewCount", count);
            json.WriteEndObject();
        }
    }

    private static void WriteOthers(Utf8JsonWriter json, IReadOnlyDictionary<string, JsonElement> values, AttributeRegistry registry, string language)
    {
        json.WriteStartArray("additionalProperty");
        foreach (var (key, value) in values.Where(value => !Placed.Contains(value.Key)))
        {
            var definition = registry.Find(key)!.Definition;
            json.WriteStartObject();
            json.WriteString("@type", "PropertyValue");
            json.WriteString("propertyID", key);
            json.WriteString("name", definition.Labels?.FirstOrDefault(label => label.Key.StartsWith(language, StringComparison.OrdinalIgnoreCase)).Value?.Title ?? definition.Title ?? key);
            if (definition.Type is AttributeType.Measure or AttributeType.Duration)
            {
                WriteMember(json, "value", value.GetProperty("value"u8));
                json.WriteString("unitText", value.GetProperty("unit"u8).GetString());
            }
            else
            {
                WriteMember(json, "value", definition.Type == AttributeType.Geo ? JsonSerializer.SerializeToElement($"{value[0]},{value[1]}") : value);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteQuantity(Utf8JsonWriter json, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            value.WriteTo(json);
            return;
        }
        json.WriteStartObject();
        json.WriteString("@type", "QuantitativeValue");
        WriteMember(json, "value", value.GetProperty("value"u8));
        json.WriteString("unitText", value.GetProperty("unit"u8).GetString());
        json.WriteEndObject();
    }

    private static void WriteMember(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, JsonElement> values, string? key = null)
    {
        if (values.TryGetValue(key ?? name, out var value))
        {
            WriteMember(json, name, value);
        }
    }

    private static void WriteMember(Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        value.WriteTo(json);
    }

    /// <summary><c>in_stock</c> and <c>in stock</c> are schema.org's InStock.</summary>
    private static string Pascal(string term) =>
        string.Concat(term.Split([' ', '_', '-'], StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant()));

    private static double Quality(IList<MediaTypeHeaderValue> accept, string type) =>
        accept.Where(media => media.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(media => media.Quality ?? 1).DefaultIfEmpty(0).Max();
}
