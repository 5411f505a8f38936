using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Tests.Common;
using Npgsql;

namespace CustobotGateway.Tests.Search;

/// <summary>A product as the database keeps it.</summary>
public sealed record PlainProduct(long Number, string ExternalId, PlainAttributes Attributes)
{
    /// <summary>The public id.</summary>
    public string Id => CustobotGateway.Common.Ids.FromNumber("prd", Number);

    /// <summary>All products of a gateway that are not withdrawn, by number.</summary>
    public static async Task<List<PlainProduct>> ReadAllAsync(GatewayFixture gateway)
    {
        await using var connection = await gateway.OpenDatabaseAsync();
        await using var command = new NpgsqlCommand("select number, external_id, attributes::text from catalog.products where withdrawn_at is null order by number", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var products = new List<PlainProduct>();
        while (await reader.ReadAsync())
        {
            products.Add(new PlainProduct(reader.GetInt64(0), reader.GetString(1), new PlainAttributes(JsonElement.Parse(reader.GetString(2)))));
        }
        return products;
    }
}

/// <summary>A product's values by attribute.</summary>
public sealed class PlainAttributes(JsonElement json)
{
    private readonly Dictionary<string, JsonElement> _values = json.EnumerateObject().ToDictionary(member => member.Name, member => member.Value);

    public bool TryGetProperty(string key, out JsonElement value) => _values.TryGetValue(key, out value);

    public JsonElement GetProperty(string key) => _values[key];

    public IReadOnlyDictionary<string, JsonElement> All => _values;
}

/// <summary>
/// Says what a search must answer by looking at each product in turn. Shares no code with the search: reads JSON, has its own units,
/// its own words and its own distances.
/// </summary>
public sealed class PlainScan(IReadOnlyList<PlainProduct> products, IReadOnlyDictionary<string, (string Type, string? Unit)>? types = null)
{
    private static readonly Dictionary<string, (string Dimension, decimal Factor)> Units = new()
    {
        ["g"] = ("mass", 1),
        ["kg"] = ("mass", 1000),
        ["[lb_av]"] = ("mass", 453.59237m),
        ["[in_i]"] = ("length", 2.54m),
        ["cm"] = ("length", 1),
        ["mm"] = ("length", 0.1m),
        ["Hz"] = ("frequency", 1),
        ["kHz"] = ("frequency", 1000),
        ["mo"] = ("time", 30.4375m),
        ["a"] = ("time", 365.25m),
        ["d"] = ("time", 1),
        ["GB"] = ("data", 1),
        ["GBy"] = ("data", 1),
        ["TBy"] = ("data", 1000),
        ["[px]"] = ("px", 1),
        ["GHz"] = ("frequency", 1_000_000_000),
        ["MHz"] = ("frequency", 1_000_000),
        ["W"] = ("power", 1),
        ["kW"] = ("power", 1000),
    };

    private readonly IReadOnlyDictionary<string, (string Type, string? Unit)> _types = types ?? SeededCatalog.Registry()["attributes"]!.AsArray()
        .ToDictionary(attribute => (string)attribute!["key"]!, attribute => ((string)attribute!["type"]!, (string?)attribute!["unit"]));

    private PlainSets? _sets;

    public IReadOnlyList<PlainProduct> Products { get; } = products;

    public string TypeOf(string attribute) => _types[attribute].Type;

    public string? UnitOf(string attribute) => _types[attribute].Unit;

    /// <summary>How much of the attribute's own unit another one is.</summary>
    public decimal FactorOf(string attribute, string unit) => UnitOf(attribute) is { } own && own != unit ? Units[unit].Factor / Units[own].Factor : 1;

    /// <summary>Every product that matches, by number.</summary>
    public List<PlainProduct> Match(JsonNode request) => [.. Sets.Find(request).Select(place => Products[place])];

    /// <summary>How many products match.</summary>
    public int Count(JsonNode request) => Sets.Count(request);

    /// <summary>The same of some of the products.</summary>
    public PlainScan Of(IReadOnlyList<PlainProduct> some) => new(some, _types);

    private PlainSets Sets => _sets ??= new PlainSets(this);

    public bool Matches(PlainProduct product, JsonNode request) =>
        MatchesQuery(product, request)
        && List(request, "must").All(constraint => Holds(product, constraint))
        && !List(request, "must_not").Any(constraint => Holds(product, constraint));

    public double Score(PlainProduct product, JsonNode request) =>
        List(request, "should").Where(constraint => Holds(product, constraint)).Sum(constraint => (double?)constraint["weight"] ?? 1);

    public static IEnumerable<JsonNode> List(JsonNode request, string name) => request[name]?.AsArray().Select(constraint => constraint!) ?? [];

    public static bool MatchesQuery(PlainProduct product, JsonNode request)
    {
        if ((string?)request["query"] is not { } query)
        {
            return true;
        }
        var words = WordsOf(product);
        var wanted = WordsOf(query).ToList();
        return (string?)request["query_mode"] == "any" ? wanted.Exists(words.Contains) : wanted.TrueForAll(words.Contains);
    }

    /// <summary>The words that a query finds the product by.</summary>
    public static HashSet<string> WordsOf(PlainProduct product)
    {
        var words = new HashSet<string>();
        foreach (var key in new[] { "name", "description", "brand" })
        {
            if (product.Attributes.TryGetProperty(key, out var text))
            {
                words.UnionWith(WordsOf(text.GetString()!));
            }
        }
        return words;
    }

    public bool Holds(PlainProduct product, JsonNode constraint)
    {
        if (constraint["any"] is { } any)
        {
            return any.AsArray().Any(part => Holds(product, part!));
        }
        if (constraint["all"] is { } all)
        {
            return all.AsArray().All(part => Holds(product, part!));
        }
        if (constraint["not"] is { } not)
        {
            return not is JsonArray parts ? !parts.Any(part => Holds(product, part!)) : !Holds(product, not);
        }
        var key = (string)constraint["attribute"]!;
        var op = (string)constraint["op"]!;
        if (key is "id" or "external_id")
        {
            var own = key == "id" ? product.Id : product.ExternalId;
            return op == "eq" ? own == (string?)constraint["value"] : op == "prefix" ? own.StartsWith((string)constraint["value"]!, StringComparison.Ordinal)
                : constraint["values"]!.AsArray().Any(value => own == (string?)value);
        }
        var known = product.Attributes.TryGetProperty(key, out var actual);
        if (op == "exists")
        {
            return known == (bool)constraint["value"]!;
        }
        var unknown = (string?)constraint["unknown"] ?? "exclude";
        return !known ? unknown != "exclude" : unknown != "only" && Compare(key, actual, op, constraint);
    }

    private bool Compare(string key, JsonElement actual, string op, JsonNode constraint)
    {
        var (type, unit) = _types[key];
        switch (type)
        {
            case "text":
                return actual.GetString()!.StartsWith((string)constraint["value"]!, StringComparison.Ordinal);
            case "keyword":
                return CompareTerms([actual.GetString()!], op, constraint);
            case "keyword_set":
                return CompareTerms([.. actual.EnumerateArray().Select(term => term.GetString()!)], op, constraint);
            case "boolean":
                return actual.GetBoolean() == (bool)constraint["value"]!;
            case "gtin":
                var digits = long.Parse(actual.GetString()!, CultureInfo.InvariantCulture);
                return Operands(constraint).Any(value => long.Parse((string)value!, CultureInfo.InvariantCulture) == digits);
            case "geo":
                var circle = constraint["value"]!;
                var metres = (double)circle["radius"]! * ((string?)circle["unit"] switch { "m" => 1, "[mi_i]" => 1609.344, _ => 1000 });
                return Metres((double)circle["lat"]!, (double)circle["lon"]!, actual[0].GetDouble(), actual[1].GetDouble()) <= metres;
            case "date":
                return CompareRange(op, constraint, Instant(actual.GetString()!).Start, value => Instant((string)value!));
            case "money":
                return CompareRange(op, constraint, actual.GetProperty("amount").GetDouble(), value => Same((double)value!["amount"]!))
                    && Operands(constraint).All(value => (string?)value["currency"] == actual.GetProperty("currency").GetString());
            default:
                return CompareRange(op, constraint, actual.GetDouble(), value => Same(value is JsonObject
                    ? Number((decimal)value["value"]!, (string?)value["unit"] ?? (string?)constraint["unit"], unit)
                    : Number((decimal)value!, (string?)constraint["unit"], unit)));
        }
    }

    public static IEnumerable<JsonNode> Operands(JsonNode constraint) =>
        constraint["values"] is JsonArray values ? values.Select(value => value!) : new[] { constraint["value"], constraint["from"], constraint["to"] }.OfType<JsonNode>();

    private static bool CompareTerms(string[] terms, string op, JsonNode constraint) => op switch
    {
        "eq" => terms.Contains(Fold((string)constraint["value"]!)),
        "in" => constraint["values"]!.AsArray().Any(value => terms.Contains(Fold((string)value!))),
        "all" => constraint["values"]!.AsArray().All(value => terms.Contains(Fold((string)value!))),
        _ => terms.Any(term => term.StartsWith((string)constraint["value"]!, StringComparison.Ordinal)),
    };

    private static string Fold(string term) => term.ToLowerInvariant() is "in-plane switching" or "ips" ? "IPS" : term;

    private static bool CompareRange(string op, JsonNode constraint, double actual, Func<JsonNode?, (double Start, double End)> read) => op switch
    {
        "eq" => actual >= read(constraint["value"]).Start && actual < read(constraint["value"]).End,
        "in" => constraint["values"]!.AsArray().Any(value => actual >= read(value).Start && actual < read(value).End),
        "gt" => actual >= read(constraint["value"]).End,
        "gte" => actual >= read(constraint["value"]).Start,
        "lt" => actual < read(constraint["value"]).Start,
        "lte" => actual < read(constraint["value"]).End,
        _ => actual >= read(constraint["from"]).Start && actual < read(constraint["to"]).End,
    };

    private static (double Start, double End) Same(double value) => (value, Math.BitIncrement(value));

    private static double Number(decimal value, string? from, string? to)
    {
        if (from is not null && from != to)
        {
            Assert.Equal(Units[from].Dimension, Units[to!].Dimension);
            value = value * Units[from].Factor / Units[to!].Factor;
        }
        return double.Parse(value.ToString("G15", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static (double Start, double End) Instant(string text)
    {
        var start = (DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) - DateTimeOffset.UnixEpoch).TotalSeconds;
        return (start, text.Length == 10 ? start + 86_400 : Math.BitIncrement(start));
    }

    public static double Metres(double latitude, double longitude, double otherLatitude, double otherLongitude)
    {
        const double radians = Math.PI / 180;
        var a = Math.Pow(Math.Sin((otherLatitude - latitude) * radians / 2), 2)
            + (Math.Cos(latitude * radians) * Math.Cos(otherLatitude * radians) * Math.Pow(Math.Sin((otherLongitude - longitude) * radians / 2), 2));
        return 2 * 6_371_000 * Math.Asin(Math.Sqrt(a));
    }

    /// <summary>A value as facets count it: numbers as numbers, money by its amount.</summary>
    public IEnumerable<object> FacetValues(PlainProduct product, string key)
    {
        if (!product.Attributes.TryGetProperty(key, out var actual))
        {
            return [];
        }
        return TypeOf(key) switch
        {
            "keyword_set" => actual.EnumerateArray().Select(term => (object)term.GetString()!),
            "money" => [actual.GetProperty("amount").GetDouble()],
            "boolean" => [actual.GetBoolean()],
            "keyword" or "gtin" => [actual.GetString()!],
            "date" => [actual.GetString()!],
            _ => [actual.GetDouble()],
        };
    }

    /// <summary>What sorting compares; null when missing.</summary>
    public IComparable? SortValue(PlainProduct product, string key, JsonNode request)
    {
        switch (key)
        {
            case "id":
                return product.Number;
            case "external_id":
                return product.ExternalId;
            case "_score":
                return Score(product, request);
            default:
                return !product.Attributes.TryGetProperty(key, out var actual) ? null : TypeOf(key) switch
                {
                    "text" or "keyword" => actual.GetString(),
                    "money" => actual.GetProperty("amount").GetDouble(),
                    "boolean" => actual.GetBoolean() ? 1d : 0d,
                    "date" => Instant(actual.GetString()!).Start,
                    "gtin" => double.Parse(actual.GetString()!, CultureInfo.InvariantCulture),
                    _ => actual.GetDouble(),
                };
        }
    }

    /// <summary>The matching products in the order that the request asks.</summary>
    public List<PlainProduct> Order(JsonNode request)
    {
        var matching = Match(request);
        var keys = List(request, "sort").Select(key => (By: (string)key["by"]!, Descending: (string?)key["order"] == "desc")).ToList();
        if (keys.Count == 0 && request["should"] is not null)
        {
            keys.Add(("_score", true));
        }
        matching.Sort((a, b) =>
        {
            foreach (var (by, descending) in keys)
            {
                var (left, right) = (SortValue(a, by, request), SortValue(b, by, request));
                var order = left is null ? (right is null ? 0 : 1) : right is null ? -1
                    : left is string text ? CompareUtf8(text, (string)right) * (descending ? -1 : 1)
                    : left.CompareTo(right) * (descending ? -1 : 1);
                if (order != 0)
                {
                    return order;
                }
            }
            return a.Number.CompareTo(b.Number);
        });
        return matching;
    }

    public static int CompareUtf8(string left, string right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));

    public static IEnumerable<string> WordsOf(string text)
    {
        var word = new StringBuilder();
        foreach (var letter in text.Replace("ß", "ss", StringComparison.Ordinal).ToLowerInvariant().Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark)
            {
                continue;
            }
            if (char.IsLetterOrDigit(letter))
            {
                word.Append(letter);
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }
        if (word.Length > 0)
        {
            yield return word.ToString();
        }
    }
}
