using System.Text.Json;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Search;

/// <summary>Ten searches that a purchasing agent makes on 66,778 real products, each counted by reading the files line by line.</summary>
[Collection(nameof(RealProducts))]
public sealed class PurchasingAgentTests(RealProducts products)
{
    /// <summary>What is asked, of which file, which rows answer it, and a number of the row with the attribute that it becomes.</summary>
    private sealed record Question(string Constraints, string Category, Func<JsonElement, bool> Matches, string Attribute, Func<JsonElement, double?> Value);

    private static readonly Question[] Questions =
    [
        // Monitors for a design office.
        new("""
            {"attribute":"panel_type","op":"eq","value":"IPS"},{"attribute":"screen_size","op":"gte","value":27},{"attribute":"refresh_rate","op":"gte","value":0.144,"unit":"kHz"},
            {"attribute":"width_px","op":"gte","value":2560},{"attribute":"price","op":"lt","value":{"amount":30000,"currency":"USD"}}
            """, "monitor", row => Text(row, "panel_type") == "IPS" && Number(row, "screen_size") >= 27 && Number(row, "refresh_rate") >= 144 && Number(row, "resolution", 0) >= 2560 && Number(row, "price") < 300,
            "refresh_rate", row => Number(row, "refresh_rate")),
        new("""{"attribute":"screen_size","op":"between","from":60,"to":70,"unit":"cm"},{"attribute":"aspect_ratio","op":"in","values":["16:9","16:10"]},{"attribute":"response_time","op":"lte","value":0.001,"unit":"s"}""",
            "monitor", row => Number(row, "screen_size") * 2.54 is >= 60 and <= 70 && Text(row, "aspect_ratio") is "16:9" or "16:10" && Number(row, "response_time") <= 1,
            "screen_size", row => Number(row, "screen_size")),
        // Processors for quiet workstations, then for any price, known or not.
        new("""{"attribute":"core_count","op":"gte","value":8},{"attribute":"tdp","op":"lte","value":0.065,"unit":"kW"},{"attribute":"boost_clock","op":"gt","value":4.5,"unit":"GHz"}""",
            "cpu", row => Number(row, "core_count") >= 8 && Number(row, "tdp") <= 65 && Number(row, "boost_clock") > 4.5, "core_count", row => Number(row, "core_count")),
        new("""{"attribute":"core_count","op":"in","values":[6,12]},{"attribute":"price","op":"lte","value":{"amount":25000,"currency":"USD"},"unknown":"include"}""",
            "cpu", row => Number(row, "core_count") is 6 or 12 && !(Number(row, "price") > 250), "tdp", row => Number(row, "tdp")),
        // Memory: two modules, 32 GB together, DDR5 of low latency.
        new("""{"attribute":"memory_type","op":"eq","value":"DDR5"},{"attribute":"memory_capacity","op":"gte","value":32,"unit":"GBy"},{"attribute":"module_count","op":"eq","value":2},{"attribute":"cas_latency","op":"lte","value":32}""",
            "memory", row => Number(row, "speed", 0) == 5 && Number(row, "modules", 0) * Number(row, "modules", 1) >= 32 && Number(row, "modules", 0) == 2 && Number(row, "cas_latency") <= 32,
            "cas_latency", row => Number(row, "cas_latency")),
        // Drives from two terabytes, asked in terabytes.
        new("""{"attribute":"storage_type","op":"eq","value":"SSD"},{"attribute":"storage_capacity","op":"gte","value":2,"unit":"TBy"},{"attribute":"price","op":"exists","value":true}""",
            "internal-hard-drive", row => row.GetProperty("type") is { ValueKind: JsonValueKind.String } type && type.GetString() == "SSD" && Number(row, "capacity") >= 2000 && Number(row, "price") is not null,
            "storage_capacity", row => Number(row, "capacity")),
        // Graphics cards that fit a small case.
        new("""{"attribute":"video_memory","op":"gte","value":12},{"any":[{"attribute":"card_length","op":"lt","value":25,"unit":"cm"},{"attribute":"price","op":"lt","value":{"amount":40000,"currency":"USD"}}]}""",
            "video-card", row => Number(row, "memory") >= 12 && (Number(row, "length") < 250 || Number(row, "price") < 400), "video_memory", row => Number(row, "memory")),
        // Power supplies.
        new("""{"attribute":"output_power","op":"between","from":0.75,"to":1,"unit":"kW"},{"not":{"attribute":"price","op":"gt","value":{"amount":15000,"currency":"USD"}}}""",
            "power-supply", row => Number(row, "wattage") is >= 750 and <= 1000 && !(Number(row, "price") > 150), "output_power", row => Number(row, "wattage")),
        // Keyboards and headsets for a call centre.
        new("""{"attribute":"tenkeyless","op":"eq","value":true},{"attribute":"price","op":"lt","value":{"amount":8000,"currency":"USD"}}""",
            "keyboard", row => True(row, "tenkeyless") && Number(row, "price") < 80, "price", row => Number(row, "price") * 100),
        new("""{"attribute":"microphone","op":"eq","value":true},{"attribute":"wireless","op":"eq","value":true},{"attribute":"price","op":"between","from":{"amount":5000,"currency":"USD"},"to":{"amount":20000,"currency":"USD"}}""",
            "headphones", row => True(row, "microphone") && True(row, "wireless") && Number(row, "price") is >= 50 and <= 200, "frequency_response_low", row => Number(row, "frequency_response", 0)),
    ];

    [SharedDataFact]
    public async Task Ten_searches_count_what_a_reading_of_the_files_counts()
    {
        foreach (var question in Questions)
        {
            var rows = File.ReadLines(SharedData.Find($"data/products/pc-parts/{question.Category}.jsonl")!).Select(line => JsonElement.Parse(line)).Where(question.Matches).ToList();
            var answer = await products.SearchAsync($$$"""
                {"must":[{"attribute":"category","op":"eq","value":"{{{question.Category}}}"},{{{question.Constraints}}}],
                 "facets":[{"attribute":"{{{question.Attribute}}}","limit":10000,"stats":true},{"attribute":"brand","limit":10000}],"page":{"size":100}}
                """);

            Assert.NotEmpty(rows);
            Assert.Equal((question.Constraints, rows.Count), (question.Constraints, answer.GetProperty("total").GetInt32()));
            Assert.Equal(Math.Min(100, rows.Count), answer.GetProperty("products").GetArrayLength());
            var values = rows.Select(question.Value).OfType<double>().Select(value => Math.Round(value, 6)).ToList();
            var facet = answer.GetProperty("facets").GetProperty(question.Attribute);
            Assert.Equal(rows.Count - values.Count, facet.GetProperty("missing").GetInt32());
            Assert.Equal(values.Count, facet.GetProperty("stats").GetProperty("count").GetInt32());
            Assert.Equal(values.GroupBy(value => value).OrderBy(group => group.Key).Select(group => (group.Key, group.Count())),
                facet.GetProperty("values").EnumerateArray().Select(value => (Plain(value.GetProperty("value")), value.GetProperty("count").GetInt32())).OrderBy(value => value.Item1));
            var brands = answer.GetProperty("facets").GetProperty("brand");
            Assert.Equal(rows.Count, brands.GetProperty("values").EnumerateArray().Sum(brand => brand.GetProperty("count").GetInt32()) + brands.GetProperty("missing").GetInt32());
        }
    }

    private static double Plain(JsonElement value) => value.ValueKind == JsonValueKind.Object ? value.GetProperty("amount").GetDouble() : value.GetDouble();

    private static string? Text(JsonElement row, string field) => row.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool True(JsonElement row, string field) => row.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.True;

    private static double? Number(JsonElement row, string field) => row.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static double? Number(JsonElement row, string field, int index) =>
        row.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > index && value[index].ValueKind == JsonValueKind.Number ? value[index].GetDouble() : null;
}
