using System.Net;
using System.Net.Http.Json;
using CustobotGateway.BotDetection.Lanes;
using CustobotGateway.Tests.Common;
using CustobotGateway.Tests.Identity.ResourceServer;

namespace CustobotGateway.Tests.BotDetection.Lanes;

/// <summary>A lane without prices: products come without them, and nothing else tells them.</summary>
public sealed class HiddenPriceTests(HiddenPriceTests.Gateway gateway) : IClassFixture<HiddenPriceTests.Gateway>
{
    private const string Agent = "priceless-reader/1.0";

    public sealed class Gateway : TokenFixture
    {
        protected override bool Demo => true;
    }

    [Theory]
    [InlineData("/v1/products?size=5")]
    [InlineData("/v1/search/filters")]
    [InlineData("/v1/search/filters?stage=buy")]
    public async Task Reading_tells_no_price(string path) => await AssertHiddenAsync(() => new HttpRequestMessage(HttpMethod.Get, path));

    [Fact]
    public async Task Product_has_no_price_in_any_form()
    {
        await HideAsync();
        var id = await FirstIdAsync();
        await AssertHiddenAsync(() => new HttpRequestMessage(HttpMethod.Get, "/v1/products/" + id));
        await AssertHiddenAsync(() => new HttpRequestMessage(HttpMethod.Get, "/v1/products/" + id) { Headers = { { "Accept", "application/ld+json" } } });
        await AssertHiddenAsync(() => new HttpRequestMessage(HttpMethod.Post, "/v1/products:batchGet") { Content = JsonContent.Create(new { ids = new[] { id } }) });

        // What one was shown is not taken for what another may see.
        using var seen = await SendAsync(new HttpRequestMessage(HttpMethod.Get, "/v1/products/" + id), gateway.Signed("catalog:read"));
        using var again = await SendAsync(new HttpRequestMessage(HttpMethod.Get, "/v1/products/" + id) { Headers = { { "If-None-Match", seen.Headers.ETag!.Tag } } });
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (seen.StatusCode, again.StatusCode));
    }

    [Fact]
    public async Task Comparison_has_no_price()
    {
        await HideAsync();
        var ids = await IdsAsync(2);
        await AssertHiddenAsync(() => new HttpRequestMessage(HttpMethod.Post, "/v1/products:compare") { Content = JsonContent.Create(new { ids }) });
        await AssertRefusedAsync(new HttpRequestMessage(HttpMethod.Post, "/v1/products:compare") { Content = JsonContent.Create(new { ids, attributes = new[] { "name", "price" } }) });
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"select":["name","price","list_price"]}""")]
    [InlineData("""{"facets":[{"attribute":"brand"}],"explain":true}""")]
    public async Task Search_tells_no_price(string search) => await AssertHiddenAsync(() => Search(search));

    [Theory]
    [InlineData("""{"must":[{"attribute":"price","op":"lte","value":{"amount":10000,"currency":"USD"}}]}""")]
    [InlineData("""{"must_not":[{"attribute":"list_price","op":"exists","value":true}]}""")]
    [InlineData("""{"should":[{"attribute":"price","op":"lte","value":{"amount":10000,"currency":"USD"},"weight":1}]}""")]
    [InlineData("""{"sort":[{"by":"price","order":"asc"}]}""")]
    [InlineData("""{"facets":[{"attribute":"price","stats":true}]}""")]
    public async Task Search_by_price_is_refused_with_a_remedy(string search)
    {
        await HideAsync();
        await AssertRefusedAsync(Search(search));
    }

    [Fact]
    public async Task GraphQL_tells_no_price_and_refuses_to_search_by_it()
    {
        await HideAsync();
        var id = await FirstIdAsync();
        await AssertHiddenAsync(() => Ask($$"""{ product(id: "{{id}}") { name price { amount currency } attributes } }"""), "\"amount\":");
        await AssertHiddenAsync(() => Ask("{ products(first: 3) { nodes { name price { amount } attributes(keys: [\"name\", \"price\"]) } } }"), "\"amount\":");

        using var refused = await SendAsync(Ask("{ products(must: { price: { lte: { amount: 1000, currency: \"USD\" } } }) { totalCount } }"));

        var text = await refused.Content.ReadAsStringAsync();
        Assert.Contains("prices_hidden", text, StringComparison.Ordinal);
        Assert.Contains("remedy", text, StringComparison.Ordinal);
    }

    private static HttpRequestMessage Search(string search) => new(HttpMethod.Post, "/v1/products/search") { Content = new StringContent(search, System.Text.Encoding.UTF8, "application/json") };

    private static HttpRequestMessage Ask(string query) => new(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query }) };

    // The same request by a caller who is shown prices tells some: so the test would see one.
    private async Task AssertHiddenAsync(Func<HttpRequestMessage> request, string sign = "price\"")
    {
        await HideAsync();
        using var shown = await SendAsync(request(), gateway.Signed("catalog:read"));
        using var hidden = await SendAsync(request());

        Assert.Equal(HttpStatusCode.OK, hidden.StatusCode);
        var (with, without) = (await shown.Content.ReadAsStringAsync(), await hidden.Content.ReadAsStringAsync());
        Assert.Contains(sign, with, StringComparison.Ordinal);
        Assert.DoesNotContain(sign, without, StringComparison.Ordinal);
        Assert.DoesNotContain("\"amount\":", without, StringComparison.Ordinal);
    }

    private async Task AssertRefusedAsync(HttpRequestMessage request)
    {
        using var answer = await SendAsync(request);

        var problem = await GatewayFixture.ReadJsonAsync(answer);
        Assert.Equal((HttpStatusCode.Forbidden, "prices_hidden"), (answer.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Equal("/.well-known/oauth-authorization-server", problem.GetProperty("remedy").GetProperty("link").GetString());
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? token = null)
    {
        request.Headers.TryAddWithoutValidation("User-Agent", Agent);
        if (token is not null)
        {
            // The GraphQL door is a resource of its own.
            request.Headers.Authorization = new("Bearer", request.RequestUri!.OriginalString == "/graphql"
                ? gateway.Signed(gateway.Token("catalog:read") with { Audience = gateway.Issuer + "/graphql" }) : token);
        }
        return gateway.Client.SendAsync(request);
    }

    private async Task<string> FirstIdAsync() => (await IdsAsync(1))[0];

    private async Task<string[]> IdsAsync(int count)
    {
        using var answer = await gateway.Admin.GetAsync("/v1/products?size=" + count);
        return [.. (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("products").EnumerateArray().Select(product => product.GetProperty("id").GetString()!)];
    }

    private async Task HideAsync()
    {
        var policy = LanePolicy.BuiltIn with
        {
            Lanes = [.. LanePolicy.BuiltIn.Lanes, new Lane { Name = "priceless", Prices = false }],
            Assign = [.. LanePolicy.BuiltIn.Assign.Where(assignment => assignment.When.Class is null or CustobotGateway.Common.Callers.CallerClass.VerifiedAgent), new(new(), "priceless")],
        };
        using var set = await gateway.Admin.PutAsJsonAsync("/v1/bot-detection/lanes", policy, CustobotGateway.Common.Json.Options);
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
    }
}
