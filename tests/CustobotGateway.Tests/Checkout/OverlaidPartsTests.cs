using System.Net;
using System.Text;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Tests.Catalog.Import;
using CustobotGateway.Tests.Common;
using CustobotGateway.Tests.Search;
using Dapper;

namespace CustobotGateway.Tests.Checkout;

/// <summary>Real products have neither stock nor delivery; the overlay that ships gives a part of them what buying needs.</summary>
public sealed class OverlaidPartsTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    private static readonly string[] Categories = ["monitor", "mouse"];

    [SharedDataFact]
    public async Task A_real_part_is_bought_when_an_overlay_has_given_it_price_and_stock()
    {
        using var feed = new MultipartFormDataContent();
        foreach (var file in RealProducts.Files.Where(file => Categories.Contains(Path.GetFileNameWithoutExtension(file))))
        {
            feed.Add(new ByteArrayContent(await File.ReadAllBytesAsync(file)), "file", Path.GetFileName(file));
        }
        var imported = await ImportAsync("pc-parts", feed);
        var overlay = await File.ReadAllTextAsync(Repository.PathOf("schemas", "overlays", "pc-parts.ndjson"));
        var parts = overlay.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        var mine = parts.Where(part => Categories.Any(category => part.GetProperty("id").GetString()!.StartsWith(category + "-", StringComparison.Ordinal))).ToList();

        var laid = await ImportAsync("overlay", Ndjson(overlay));
        var again = await ImportAsync("overlay", Ndjson(overlay));

        imported.AssertAddsUp();
        laid.AssertAddsUp();
        Assert.Equal((mine.Count, parts.Count - mine.Count), (laid.Count("changed"), laid.Count("refused")));
        Assert.All(laid.Refusals(), refusal => Assert.Equal("unknown_product", refusal.Code));
        Assert.Equal(mine.Sum(part => part.GetProperty("stock").GetArrayLength()), laid.Count("stock_changed"));
        Assert.Equal((mine.Count, 0, 0), (again.Count("unchanged"), again.Count("changed"), again.Count("stock_changed")));

        // What the feed said of the part stays, and says that it came from there.
        var part = mine[0];
        var product = await GetAsync("/v1/products/external_id:" + part.GetProperty("id").GetString());
        var id = product.GetProperty("id").GetString()!;
        Assert.Equal("monitor", product.GetProperty("attributes").GetProperty("category").GetString());
        Assert.True(product.GetProperty("attributes").TryGetProperty("screen_size", out _));
        Assert.Equal(part.GetProperty("price").GetRawText(), product.GetProperty("attributes").GetProperty("price").GetRawText());
        Assert.Equal(("pc-part-dataset", "overlay"), (Source(product, "screen_size"), Source(product, "price")));
        var before = await shop.StockOfAsync(id);
        Assert.Equal(part.GetProperty("stock_quantity").GetInt32(), before);

        var agent = await shop.GrantAsync();
        var (status, completed) = await agent.CompleteAsync(await agent.OpenSessionAsync(id, 2));

        Assert.Equal(HttpStatusCode.OK, status);
        var (_, order) = await agent.GetAsync("/v1/orders/" + completed.GetProperty("order").GetProperty("id").GetString());
        Assert.Equal(2 * part.GetProperty("price").GetProperty("amount").GetInt64(), order.GetProperty("totals").EnumerateArray().Last().GetProperty("amount").GetInt64());
        Assert.Equal(before - 2, await shop.StockOfAsync(id));

        (await agent.PostAsync("/v1/checkout_sessions", $$"""{"line_items":[{"product_id":"{{await OtherAsync("not attributes ? 'price'")}}","quantity":1}]}""")).ShouldBe(422, "not_buyable");
        var unstocked = await agent.OpenSessionAsync(await OtherAsync("attributes ? 'price' and (attributes->'price'->>'amount')::int < 50000"));
        (await agent.CompleteAsync(unstocked)).ShouldBe(409, "out_of_stock");
    }

    private static string Source(JsonElement product, string attribute) => product.GetProperty("provenance").GetProperty(attribute).GetProperty("source").GetString()!;

    private static StringContent Ndjson(string body) => new(body, Encoding.UTF8, "application/x-ndjson");

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await shop.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await GatewayFixture.ReadJsonAsync(answer);
    }

    /// <summary>The id of a part that the overlay does not name.</summary>
    private async Task<string> OtherAsync(string condition)
    {
        await using var connection = await shop.OpenDatabaseAsync();
        return Ids.FromNumber("prd", await connection.QuerySingleAsync<long>($"""
            select number from catalog.products as p where {condition} and not exists (select from catalog.stock where product = p.number) order by number limit 1
            """));
    }

    private async Task<JsonElement> ImportAsync(string mapping, HttpContent feed)
    {
        using var answer = await shop.Admin.PostAsync("/v1/products:import?mapping=" + mapping, feed);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var report = await GetAsync(answer.Headers.Location!.ToString());
            if (report.GetProperty("status").GetString() is "completed" or "failed")
            {
                return report;
            }
            await Task.Delay(20, patience.Token);
        }
    }
}
