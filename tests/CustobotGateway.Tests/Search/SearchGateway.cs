using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Search;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CustobotGateway.Tests.Search;

/// <summary>
/// A gateway over a small registry with every type of attribute and products made from a seed; the same products are kept here
/// for a plain scan to say what is right.
/// </summary>
public class SearchGateway : GatewayFixture, IAsyncLifetime
{
    /// <summary>How many products there are.</summary>
    protected virtual int ProductCount => 1500;

    /// <summary>What a plain scan reads.</summary>
    public PlainScan Scan { get; private set; } = null!;

    /// <inheritdoc />
    protected override string? RegistryDirectory => Path.Combine(DataDirectory, "registry");

    async Task IAsyncLifetime.InitializeAsync()
    {
        Directory.CreateDirectory(RegistryDirectory!);
        await File.WriteAllTextAsync(Path.Combine(RegistryDirectory!, "attributes.json"), SeededCatalog.Registry().ToJsonString());
        await InitializeAsync();
        var products = SeededCatalog.Products(ProductCount);
        await InsertAsync(products);
        Scan = new PlainScan(await ReadProductsAsync());
        await WaitForAsync(index => index.Snapshot.Count == products.Count);
    }

    /// <summary>Adds products; their canonical values as they are stored.</summary>
    public async Task InsertAsync(IReadOnlyList<JsonObject> products, string prefix = "P-")
    {
        await using var connection = await OpenDatabaseAsync();
        await using var command = new NpgsqlCommand("""
            insert into catalog.products (external_id, attributes, provenance, content_hash)
            select $1 || lpad((row - 1)::text, 6, '0'), attributes::jsonb, '{}', '\x00' from unnest($2::text[]) with ordinality as given (attributes, row) order by row
            """, connection);
        command.Parameters.AddWithValue(prefix);
        command.Parameters.AddWithValue(products.Select(product => product.ToJsonString()).ToArray());
        await command.ExecuteNonQueryAsync();
        await NotifyAsync(connection);
    }

    /// <summary>Runs SQL on the catalogue and tells the followers.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenDatabaseAsync();
        await using (var command = new NpgsqlCommand(sql, connection))
        {
            await command.ExecuteNonQueryAsync();
        }
        await NotifyAsync(connection);
    }

    /// <summary>Waits until what searches read is so.</summary>
    public async Task WaitForAsync(Func<IndexedCatalog, bool> condition)
    {
        var index = App.Services.GetRequiredService<CatalogIndex>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (index.Current is not { } current || !condition(current) || !App.Services.GetRequiredService<CursorKey>().IsReady)
        {
            await Task.Delay(10, patience.Token);
        }
    }

    /// <summary>Searches; the answer must be a success.</summary>
    public async Task<JsonElement> SearchAsync(JsonNode request)
    {
        using var answer = await PostAsync(request.ToJsonString());
        var body = await ReadJsonAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{request.ToJsonString()}\n{body}");
        return body;
    }

    /// <summary>Posts a body as it is.</summary>
    public Task<HttpResponseMessage> PostAsync(string body, string mediaType = "application/json") =>
        Client.PostAsync("/v1/products/search", new StringContent(body, Encoding.UTF8, mediaType));

    /// <summary>All products that are not withdrawn, by number.</summary>
    public Task<List<PlainProduct>> ReadProductsAsync() => PlainProduct.ReadAllAsync(this);

    private static async Task NotifyAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("notify catalog_changes", connection);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>A registry and products from a seed.</summary>
public static class SeededCatalog
{
    /// <summary>How many attributes <c>extra_0</c> … there are besides the named ones.</summary>
    public const int Extras = 110;

    public static readonly string[] Brands = ["Dell", "Acme", "Öko", "Nordic Light", "Zeta", "acme"];
    public static readonly string[] Panels = ["IPS", "OLED", "VA", "TN"];
    public static readonly string[] Colors = ["red", "green", "blue", "black", "white", "silver", "café"];
    public static readonly string[] Words = ["quiet", "fast", "monitor", "lamp", "desk", "Größe", "café", "steel", "oak", "mini", "pro", "27", "travel", "silent"];

    public static JsonObject Registry()
    {
        var attributes = new JsonArray
        {
            Attribute("name", "text", ("full_text", true)),
            Attribute("description", "text", ("full_text", true)),
            Attribute("note", "text", ("searchable", false)),
            Attribute("brand", "keyword", ("full_text", true)),
            Attribute("category", "keyword"),
            Attribute("panel_type", "keyword", ("values", new JsonArray(
                new JsonObject { ["value"] = "IPS", ["synonyms"] = new JsonArray("in-plane switching", "ips panel") },
                new JsonObject { ["value"] = "OLED" }, new JsonObject { ["value"] = "VA" }, new JsonObject { ["value"] = "TN" }))),
            Attribute("serial", "keyword"),
            Attribute("colors", "keyword_set"),
            Attribute("in_stock", "boolean"),
            Attribute("cores", "integer"),
            Attribute("rating", "decimal"),
            Attribute("weight", "measure", ("unit", "g")),
            Attribute("screen_size", "measure", ("unit", "[in_i]")),
            Attribute("refresh_rate", "measure", ("unit", "Hz")),
            Attribute("warranty", "duration", ("unit", "mo")),
            Attribute("price", "money"),
            Attribute("list_price", "money"),
            Attribute("released", "date"),
            Attribute("tested_at", "date"),
            Attribute("gtin", "gtin"),
            Attribute("place", "geo"),
            Attribute("unit_cost", "money", ("staff_only", true)),
        };
        for (var i = 0; i < Extras; i++)
        {
            attributes.Add(Attribute($"extra_{i}", i % 3 == 0 ? "keyword" : i % 3 == 1 ? "integer" : "decimal"));
        }
        return new JsonObject { ["attributes"] = attributes };
    }

    public static List<JsonObject> Products(int count, int seed = 20)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => Product(random, i))];
    }

    public static JsonObject Product(Random random, int number)
    {
        var product = new JsonObject { ["name"] = Text(random, 2, 6), ["category"] = "cat" + Math.Min(random.Next(12), random.Next(12)) };
        Maybe(0.7, "description", () => Text(random, 3, 15));
        Maybe(0.5, "note", () => "hidden");
        Maybe(0.9, "brand", () => Brands[random.Next(Brands.Length)]);
        Maybe(0.7, "panel_type", () => Panels[Math.Min(random.Next(4), random.Next(4))]);
        Maybe(0.6, "serial", () => $"SN{random.Next(100000):x5}");
        Maybe(0.6, "colors", () => new JsonArray([.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Colors[random.Next(Colors.Length)]).Distinct().Order(StringComparer.Ordinal).Select(color => JsonValue.Create(color))]));
        Maybe(0.6, "in_stock", () => random.Next(3) > 0);
        Maybe(0.5, "cores", () => 1 << random.Next(7));
        Maybe(0.6, "rating", () => Math.Round(1m + (random.Next(401) / 100m), 2));
        Maybe(0.8, "weight", () => random.Next(4) == 0 ? 1000m * random.Next(1, 20) : Math.Round((decimal)(random.NextDouble() * 20000), random.Next(4)));
        Maybe(0.6, "screen_size", () => new[] { 21.5m, 23.8m, 24m, 27m, 31.5m, 32m, 34m }[random.Next(7)]);
        Maybe(0.6, "refresh_rate", () => new[] { 60m, 75m, 100m, 120m, 144m, 165m, 240m }[random.Next(7)]);
        Maybe(0.7, "warranty", () => new[] { 6m, 12m, 24m, 36m, 60m }[random.Next(5)]);
        Maybe(0.8, "price", () => Money(random.Next(1, 3000) * 100 - random.Next(2), "USD"));
        Maybe(0.6, "list_price", () => Money(random.Next(1, 3000) * 100, random.Next(3) == 0 ? "MXN" : "USD"));
        Maybe(0.7, "released", () => new DateTime(2020, 1, 1).AddDays(random.Next(2200)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Maybe(0.5, "tested_at", () => random.Next(2) == 0
            ? new DateTime(2024, 1, 1).AddDays(random.Next(30)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : new DateTime(2024, 1, 1).AddSeconds(1 + random.Next(30 * 86_400 - 1)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        Maybe(0.5, "gtin", () => Gtin(random.Next(2) == 0 ? 7 : 12, number));
        Maybe(0.6, "place", () => new JsonArray(Math.Round(19.4 + (random.NextDouble() * 2), 4), Math.Round(-99.1 + (random.NextDouble() * 2), 4)));
        Maybe(0.5, "unit_cost", () => Money(random.Next(1, 1000), "USD"));
        for (var i = 0; i < Extras; i++)
        {
            if (random.NextDouble() < 0.2)
            {
                product[$"extra_{i}"] = i % 3 == 0 ? $"v{Math.Min(random.Next(30), random.Next(30))}" : i % 3 == 1 ? random.Next(40) : Math.Round((decimal)random.NextDouble() * 10, 1);
            }
        }
        return product;

        void Maybe(double share, string key, Func<JsonNode> value)
        {
            if (random.NextDouble() < share)
            {
                product[key] = value();
            }
        }
    }

    private static JsonObject Attribute(string key, string type, params (string Name, JsonNode Value)[] more)
    {
        var attribute = new JsonObject { ["key"] = key, ["type"] = type };
        foreach (var (name, value) in more)
        {
            attribute[name] = value;
        }
        return attribute;
    }

    private static JsonObject Money(int amount, string currency) => new() { ["amount"] = amount, ["currency"] = currency };

    private static string Text(Random random, int least, int most) =>
        string.Join(' ', Enumerable.Range(0, random.Next(least, most)).Select(_ => Words[Math.Min(random.Next(Words.Length), random.Next(Words.Length))]));

    private static string Gtin(int digits, int number)
    {
        var body = (1 + number).ToString(CultureInfo.InvariantCulture).PadLeft(digits, digits == 12 ? '4' : '1');
        var sum = 0;
        for (var i = 0; i < digits; i++)
        {
            sum += (body[digits - 1 - i] - '0') * (i % 2 == 0 ? 3 : 1);
        }
        return body + ((10 - (sum % 10)) % 10);
    }
}
