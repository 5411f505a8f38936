using System.Net;
using System.Text;
using CustobotGateway.Tests.Checkout;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Catalog.Inventory;

/// <summary>What the merchant counts is what can be sold.</summary>
public sealed class SetStockTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    private Agent Administrator => new(shop, "none", GatewayFixture.AdminToken);

    [Fact]
    public async Task A_count_replaces_what_was_known_and_the_last_of_two_counts()
    {
        var product = await shop.AddProductAsync(stock: 100);

        var (status, answer) = await Administrator.PostAsync("/v1/inventory:batch", $$"""
            {"stock":[{"product_id":"{{product}}","location":"main","on_hand":1},
                      {"product_id":"{{product}}","location":"second","on_hand":5},
                      {"product_id":"{{product}}","location":"main","on_hand":2}]}
            """);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(2, answer.GetProperty("written").GetInt32());
        Assert.Equal(7, await shop.StockOfAsync(product));
    }

    [Fact]
    public async Task An_unknown_product_is_named_and_nothing_is_written()
    {
        var product = await shop.AddProductAsync(stock: 3);

        var answer = await Administrator.PostAsync("/v1/inventory:batch", $$"""
            {"stock":[{"product_id":"{{product}}","location":"main","on_hand":9},{"product_id":"external_id:nowhere","location":"main","on_hand":9}]}
            """);

        answer.ShouldBe(404, "not_found");
        Assert.Equal("/stock/1/product_id", answer.Body.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.Equal(3, await shop.StockOfAsync(product));
    }

    [Theory]
    [InlineData("""{"stock":[]}""", "/stock")]
    [InlineData("""{"stock":[null]}""", "/stock")]
    [InlineData("""{"stock":[{"product_id":"prd_0000000000001","location":"main","on_hand":-1}]}""", "/stock/0/on_hand")]
    [InlineData("""{"stock":[{"product_id":"prd_0000000000001","location":"","on_hand":1}]}""", "/stock/0/location")]
    public async Task A_malformed_count_names_the_member(string body, string pointer)
    {
        var answer = await Administrator.PostAsync("/v1/inventory:batch", body);

        answer.ShouldBe(400, "invalid_request");
        Assert.Equal(pointer, answer.Body.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Only_the_administrator_counts()
    {
        using var answer = await shop.Client.PostAsync("/v1/inventory:batch", new StringContent("""{"stock":[]}""", Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }
}
