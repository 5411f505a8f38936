using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace CustobotGateway.Catalog.Demo;

/// <summary>A shop of invented products in thirteen departments; the same one each time. Every value says that it comes from <c>demo</c>.</summary>
public static class DemoShop
{
    /// <summary>Products of each category.</summary>
    public const int ProductsPerCategory = 120;

    /// <summary>The source that every value of the demo names.</summary>
    public const string Source = "demo";

    private const ulong Seed = 20261201;
    private const string Currency = "USD";
    private const string VerifiedAt = "2026-09-01T00:00:00Z";

    private static readonly string[] Warehouses = ["mx-cdmx", "mx-monterrey", "mx-guadalajara", "mx-queretaro"];
    private static readonly (decimal Latitude, decimal Longitude)[] Places = [(19.4326m, -99.1332m), (25.6866m, -100.3161m), (20.6597m, -103.3496m), (20.5888m, -100.3899m)];

    /// <summary>The day that dates of the demo count from.</summary>
    internal static DateOnly FirstDay { get; } = new(2026, 12, 1);

    /// <summary>All products, made one by one.</summary>
    public static IEnumerable<DemoProduct> Products()
    {
        var buffer = new ArrayBufferWriter<byte>(8192);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Common.Json.Options.Encoder });
        var number = 0;
        foreach (var category in DemoCategory.ReadAll())
        {
            for (var i = 0; i < ProductsPerCategory; i++)
            {
                number++;
                buffer.ResetWrittenCount();
                json.Reset();
                var random = new DemoRandom(Seed + ((ulong)number * 0x51_7CC1));
                var externalId = string.Create(CultureInfo.InvariantCulture, $"demo-{category.Name}-{i + 1:000}");
                var stock = StockOf(category, random);
                json.WriteStartObject();
                json.WriteString("id", externalId);
                WriteIdentity(json, category, number, random);
                WriteOffer(json, category, random);
                WriteAvailability(json, category, stock, random);
                foreach (var filler in category.Fillers)
                {
                    filler.Write(json, random);
                }
                WriteProvenance(json);
                json.WriteEndObject();
                json.Flush();
                yield return new DemoProduct(externalId, buffer.WrittenSpan.ToArray(), stock);
            }
        }
    }

    internal static void WriteMoney(Utf8JsonWriter json, long amount)
    {
        json.WriteStartObject();
        json.WriteNumber("amount", amount);
        json.WriteString("currency", Currency);
        json.WriteEndObject();
    }

    private static void WriteIdentity(Utf8JsonWriter json, DemoCategory category, int number, DemoRandom random)
    {
        var brands = DemoTable.Brands[category.Department];
        var brand = random.Pick(brands);
        var line = random.Pick(DemoTable.Lines);
        var model = string.Create(CultureInfo.InvariantCulture, $"{(char)('A' + random.Next(26))}{random.Next(90) + 10}-{number % 1000:000}");
        json.WriteString("name", $"{brand} {model} {line.English} {category.Noun}");
        json.WriteString("name_es", $"{char.ToUpperInvariant(category.SpanishNoun[0])}{category.SpanishNoun[1..]} {brand} {model}, línea {line.Spanish}");
        json.WriteString("description", $"A {category.Noun} of the {line.English.ToLowerInvariant()} line by {brand}, invented for the demo shop. Model {model} belongs to the department {category.Department}.");
        json.WriteString("brand", brand);
        json.WriteString("manufacturer", $"{random.Pick(brands)} Manufacturing");
        json.WriteString("model", model);
        json.WriteString("category", category.Name);
        json.WriteString("department", category.Department);
        if (!category.IsService)
        {
            json.WriteString("mpn", $"{brand[..2].ToUpperInvariant()}{model}");
            json.WriteString("gtin", Gtin(number));
        }
        json.WriteString("image_url", $"https://demo.example/images/{category.Name}.png");
    }

    private static void WriteOffer(Utf8JsonWriter json, DemoCategory category, DemoRandom random)
    {
        // The cube makes cheap products common and dear ones rare.
        var place = random.Fraction();
        var price = (long)((category.LowestPrice + ((category.HighestPrice - category.LowestPrice) * place * place * place)) * 100) / 10 * 10 + 9;
        Money("price", price);
        Money("unit_cost", price * (52 + random.Next(25)) / 100);
        if (random.Chance(60))
        {
            var percent = random.Chance(40) ? 0 : 5 * (1 + random.Next(8));
            Money("list_price", price * 100 / (100 - percent));
            json.WriteNumber("discount", percent);
        }
        if (!category.IsService)
        {
            Tier(10, 96);
            Tier(50, 92);
            Tier(100, 88);
            Tier(1000, 80);
            json.WriteNumber("min_order_quantity", random.Chance(80) ? 1 : random.Pick<int>([2, 5, 10, 25]));
            json.WriteNumber("max_order_quantity", random.Pick<int>([50, 100, 500, 5000]));
            json.WriteString("manual_url", $"https://demo.example/manuals/{category.Name}.pdf");
        }
        if (random.Chance(50))
        {
            json.WriteString("price_valid_until", FirstDay.AddDays(30 + random.Next(300)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }
        json.WriteNumber("warranty", random.Pick<int>(category.IsService ? [1, 3, 6] : [6, 12, 12, 24, 24, 36, 60]));

        void Tier(int quantity, int percent)
        {
            if (random.Chance(70))
            {
                Money($"price_tier_{quantity}", price * percent / 100);
            }
        }

        void Money(string key, long amount)
        {
            json.WritePropertyName(key);
            WriteMoney(json, amount);
        }
    }

    private static void WriteAvailability(Utf8JsonWriter json, DemoCategory category, List<DemoStock> stock, DemoRandom random)
    {
        var total = stock.Sum(lot => lot.OnHand);
        json.WriteString("availability", total > 10 ? "in_stock" : total > 0 ? "low_stock" : random.Pick(["backorder", "out_of_stock", "preorder"]));
        json.WriteNumber("stock_quantity", total);
        var (latitude, longitude) = random.Pick(Places);
        json.WriteStartArray(category.IsService ? "service_location" : "warehouse_location");
        json.WriteNumberValue(latitude + (random.Next(400) / 10_000m));
        json.WriteNumberValue(longitude + (random.Next(400) / 10_000m));
        json.WriteEndArray();
        if (category.IsService)
        {
            json.WriteNumber("slots_available", stock.Count(slot => slot.OnHand > 0));
            json.WriteString("start_time", Time(stock[0].StartsAt!.Value));
            json.WriteString("end_time", Time(stock[0].StartsAt!.Value.AddHours(2)));
            return;
        }
        json.WriteStartArray("stock_locations");
        foreach (var lot in stock.Where(lot => lot.OnHand > 0))
        {
            json.WriteStringValue(lot.Location);
        }
        json.WriteEndArray();
    }

    private static List<DemoStock> StockOf(DemoCategory category, DemoRandom random)
    {
        var stock = new List<DemoStock>();
        if (category.IsService)
        {
            var place = random.Pick(Warehouses);
            var day = 7 + random.Next(60);
            for (var i = 0; i < 6; i++)
            {
                var start = FirstDay.AddDays(day + (i * 3)).ToDateTime(new TimeOnly(15 + random.Next(8), 0), DateTimeKind.Utc);
                stock.Add(new DemoStock(place, new DateTimeOffset(start), 1 + random.Next(4)));
            }
            return stock;
        }
        var isOut = random.Chance(12);
        foreach (var warehouse in Warehouses)
        {
            stock.Add(new DemoStock(warehouse, null, isOut || random.Chance(35) ? 0 : 1 + random.Next(80)));
        }
        return stock;
    }

    private static void WriteProvenance(Utf8JsonWriter json)
    {
        json.WriteStartObject("provenance");
        json.WriteStartObject("*");
        json.WriteString("source", Source);
        json.WriteNumber("confidence", 1);
        json.WriteString("verified_at", VerifiedAt);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A number with the prefix that GS1 keeps free for use inside one company (02), so that it is nobody's.</summary>
    private static string Gtin(int number)
    {
        var digits = string.Create(CultureInfo.InvariantCulture, $"0200000{number:00000}");
        var sum = 0;
        for (var i = 0; i < 12; i++)
        {
            sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
        }
        return digits + (char)('0' + ((10 - (sum % 10)) % 10));
    }
}
