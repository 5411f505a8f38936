using System.Net;
using System.Text;
using System.Text.Json;
using CustobotGateway.Checkout.Shop;
using CustobotGateway.Common.OpenApi;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Checkout.Shop;

/// <summary>The shop's settings come from a file or from staff, are held to their form, and reach every gateway.</summary>
public sealed class ShopSettingsTests(SellingFixture shop) : IClassFixture<SellingFixture>
{
    private static string DemoFile => Repository.PathOf("schemas", "shops", "demo.json");

    [Fact]
    public async Task Settings_are_replaced_by_whoever_read_them_last()
    {
        using var first = await PutAsync("""{"checkout":{"session_minutes":30}}""");
        var tag = first.Headers.ETag!.Tag;
        using var second = await PutAsync("""{"checkout":{"session_minutes":45}}""", tag);

        using var late = await PutAsync("""{"checkout":{"session_minutes":60}}""", tag);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal("precondition_failed", (await GatewayFixture.ReadJsonAsync(late)).GetProperty("code").GetString());
        using var read = await shop.Admin.GetAsync(new Uri("/v1/shop", UriKind.Relative));
        Assert.Equal(45, (await GatewayFixture.ReadJsonAsync(read)).GetProperty("settings").GetProperty("checkout").GetProperty("session_minutes").GetInt32());
        Assert.Equal(second.Headers.ETag!.Tag, read.Headers.ETag!.Tag);
        Assert.Equal(45, shop.Shop.Checkout.SessionMinutes);
    }

    [Theory]
    [InlineData("""{"checkout":{"session_minutes":0}}""", "/checkout/session_minutes")]
    [InlineData("""{"checkout":{"continue_url":"javascript:alert(1)"}}""", "/checkout/continue_url")]
    [InlineData("""{"currencies":{"accepted":["DOLLARS"]}}""", "/currencies/accepted")]
    [InlineData("""{"taxes":{"rules":[{"title":"VAT","percent":101}]}}""", "/taxes/rules/0/percent")]
    [InlineData("""{"taxes":{"rules":[{"title":"VAT","percent":1,"region":"CA"}]}}""", "/taxes/rules/0/country")]
    [InlineData("""{"shipping":{"rates":[{"id":"Standard!","title":"Standard","price":{"amount":1,"currency":"USD"}}]}}""", "/shipping/rates/0/id")]
    [InlineData("""{"shipping":{"rates":[{"id":"a","title":"A","price":{"amount":-1,"currency":"USD"}}]}}""", "/shipping/rates/0/price")]
    [InlineData("""{"discounts":[{"id":"a","title":"A","kind":"percent"}]}""", "/discounts/0/percent")]
    [InlineData("""{"discounts":[{"id":"a","title":"A","kind":"buy_x","buy":1}]}""", "/discounts/0/get")]
    [InlineData("""{"discounts":[{"id":"a","title":"A","kind":"free_shipping","code":"X"},{"id":"b","title":"B","kind":"free_shipping","code":"x"}]}""", "/discounts")]
    [InlineData("""{"fees":[{"title":"","amount":{"amount":1,"currency":"USD"}}]}""", "/fees/0/title")]
    [InlineData("""{"discounts":[null]}""", "/discounts/0")]
    [InlineData("""{"pickup":{"locations":[{"id":"main","name":"Main","address":{"address_country":"USA"}}]}}""", "/pickup/locations/0/address/address_country")]
    [InlineData("""{"shop":{}}""", "/shop")]
    public async Task What_is_wrong_in_settings_is_named(string settings, string pointer)
    {
        using var answer = await PutAsync(settings);

        var problem = await GatewayFixture.ReadJsonAsync(answer);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Equal(pointer, problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Only_the_administrator_sees_and_sets_them()
    {
        var agent = await shop.GrantAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await agent.GetAsync("/v1/shop")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await agent.SendAsync(HttpMethod.Put, "/v1/shop", "{}")).Status);
    }

    [Fact]
    public void The_file_of_the_demo_shop_is_read() => Assert.Equal(4, ShopFile.Read(DemoFile).Settings.Discounts.Count);

    [Fact]
    public void A_file_that_is_wrong_stops_the_start_and_says_where()
    {
        var file = Path.Combine(shop.DataDirectory, "shop.json");
        File.WriteAllText(file, """{"checkout":{"session_minutes":0}}""");

        var fault = Assert.Throws<InvalidOperationException>(() => ShopFile.Read(file));

        Assert.Contains("/checkout/session_minutes", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_of_settings_knows_every_member()
    {
        using var schema = JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("schemas", "shop.schema.json")));
        using var contract = JsonDocument.Parse(shop.App.Services.GetRequiredService<Contract>().Json);
        var described = contract.RootElement.GetProperty("components").GetProperty("schemas");

        Assert.Equal(MembersOf(described.GetProperty(nameof(ShopSettings))), MembersOf(schema.RootElement));
        foreach (var part in schema.RootElement.GetProperty("$defs").EnumerateObject())
        {
            Assert.Equal(MembersOf(described.GetProperty(part.Name)), MembersOf(part.Value));
        }
    }

    private static string[] MembersOf(JsonElement schema) =>
        schema.TryGetProperty("properties", out var members) ? [.. members.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)] : [];

    private async Task<HttpResponseMessage> PutAsync(string settings, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/shop") { Content = new StringContent(settings, Encoding.UTF8, "application/json") };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }
        return await shop.Admin.SendAsync(request);
    }
}
