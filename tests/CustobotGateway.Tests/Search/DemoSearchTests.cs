using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Catalog;
using CustobotGateway.Catalog.Demo;
using CustobotGateway.Tests.Catalog;

namespace CustobotGateway.Tests.Search;

/// <summary>Every well-filled attribute of the demo shop is asked for once through HTTP, and the count compared with a plain scan of the demo's rows.</summary>
public sealed class DemoSearchTests(DemoSearchTests.Gateway gateway) : IClassFixture<DemoSearchTests.Gateway>
{
    public sealed class Gateway : SearchGateway, IAsyncLifetime
    {
        protected override string? RegistryDirectory => null;

        async Task IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            await InsertAsync([.. Rows.Select(Canonical)], "demo-");
            await WaitForAsync(index => index.Snapshot.Count == Rows.Count);
        }

        public async Task<int> CountAsync(JsonObject request) => (await SearchAsync(request)).GetProperty("total").GetInt32();

        private static JsonObject Canonical(JsonElement row)
        {
            var product = JsonNode.Parse(row.GetRawText())!.AsObject();
            product.Remove("id");
            product.Remove("provenance");
            if (product["gtin"] is { } gtin)
            {
                // Stored in its shortest standard length: the demo's numbers begin with one zero.
                product["gtin"] = gtin.GetValue<string>()[1..];
            }
            return product;
        }
    }

    private static readonly List<JsonElement> Rows = [.. DemoShop.Products().Select(product => JsonDocument.Parse(product.Line).RootElement)];
    private static readonly Dictionary<string, RegisteredAttribute> Asked = DemoFill.WellFilled(Rows,
        AttributeFiles.BuiltIn().Select((definition, i) => new RegisteredAttribute(i, definition))).ToDictionary(attribute => attribute.Key);

    public static TheoryData<string> Keys => [.. Asked.Keys];

    [Fact]
    public void At_least_a_hundred_attributes_are_asked() => Assert.True(Asked.Count >= 100, $"{Asked.Count} attributes");

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Search_finds_exactly_what_a_scan_finds(string key)
    {
        var attribute = Asked[key];
        var example = Rows.Where(row => row.TryGetProperty(key, out _)).Skip(7).First().GetProperty(key);
        var (constraint, meets) = Constraint(attribute, example);
        constraint["attribute"] = key;

        var count = await gateway.CountAsync(new JsonObject { ["must"] = new JsonArray(constraint.DeepClone()) });
        var others = await gateway.CountAsync(new JsonObject { ["must_not"] = new JsonArray(constraint) });

        var expected = Rows.Count(row => row.TryGetProperty(key, out var value) && meets(value));
        Assert.Equal((expected, Rows.Count - expected), (count, others));
    }

    private static (JsonObject Constraint, Func<JsonElement, bool> Meets) Constraint(RegisteredAttribute attribute, JsonElement example) => attribute.Type switch
    {
        AttributeType.Keyword or AttributeType.Boolean => (With("eq", example), value => JsonElement.DeepEquals(value, example)),
        AttributeType.Gtin => (With("eq", example), value => value.GetString() == example.GetString()),
        AttributeType.KeywordSet => (new JsonObject { ["op"] = "all", ["values"] = Node(example) }, value => Terms(example).IsSubsetOf(Terms(value))),
        AttributeType.Money => (With("lte", example), value => value.GetProperty("amount").GetInt64() <= example.GetProperty("amount").GetInt64()),
        AttributeType.Date => (With("gte", example), value => string.CompareOrdinal(value.GetString(), example.GetString()) >= 0),
        AttributeType.Geo => (new JsonObject { ["op"] = "within", ["value"] = new JsonObject { ["lat"] = Node(example[0]), ["lon"] = Node(example[1]), ["radius"] = 100, ["unit"] = "km" } },
            value => Kilometres(value, example) <= 100),
        AttributeType.Text => (new JsonObject { ["op"] = "exists", ["value"] = true }, _ => true),
        _ => (Quantity(attribute, example), value => value.GetDecimal() >= example.GetDecimal()),
    };

    /// <summary>At least the example, asked in the attribute's own unit where it has one.</summary>
    private static JsonObject Quantity(RegisteredAttribute attribute, JsonElement example)
    {
        var constraint = With("gte", example);
        if (attribute.Type is AttributeType.Measure or AttributeType.Duration)
        {
            constraint["unit"] = attribute.Unit!.Code;
        }
        return constraint;
    }

    private static JsonObject With(string op, JsonElement value) => new() { ["op"] = op, ["value"] = Node(value) };

    private static JsonNode? Node(JsonElement value) => JsonNode.Parse(value.GetRawText());

    private static HashSet<string> Terms(JsonElement set) => [.. set.EnumerateArray().Select(term => term.GetString()!)];

    /// <summary>Haversine on a sphere of 6,371 km.</summary>
    private static double Kilometres(JsonElement from, JsonElement to)
    {
        var (latitude, longitude) = (double.DegreesToRadians(from[0].GetDouble()), double.DegreesToRadians(from[1].GetDouble()));
        var (otherLatitude, otherLongitude) = (double.DegreesToRadians(to[0].GetDouble()), double.DegreesToRadians(to[1].GetDouble()));
        var half = Math.Pow(Math.Sin((otherLatitude - latitude) / 2), 2)
            + (Math.Cos(latitude) * Math.Cos(otherLatitude) * Math.Pow(Math.Sin((otherLongitude - longitude) / 2), 2));
        return 2 * 6371 * Math.Asin(Math.Sqrt(half));
    }
}
