using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Tests.Identity.People;
using Dapper;
using static CustobotGateway.Tests.Identity.People.AuthorizeFixture;

namespace CustobotGateway.Tests.Checkout.Orders;

/// <summary>A person reads on the page of a grant what its agent bought, and what is left.</summary>
public sealed class PurchasePageTests(AuthorizeFixture gateway) : IClassFixture<AuthorizeFixture>
{
    [Fact]
    public async Task What_an_agent_bought_with_a_delegated_token_is_on_the_persons_page_with_what_is_left()
    {
        await gateway.PrepareAsync();
        using var browser = await gateway.SignedInAsync(await gateway.PersonAsync());
        using var agent = await AgentAsync(browser);
        var product = await AddProductAsync();

        using var opened = await agent.PostAsJsonAsync("/v1/checkout_sessions", new { line_items = new[] { new { product_id = product, quantity = 2 } } });
        var session = (await opened.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        using var completed = await agent.PostAsJsonAsync($"/v1/checkout_sessions/{session}/complete", new { payment = new { handler = "sandbox", token = "tok_visa" } });
        Assert.Equal(HttpStatusCode.OK, completed.StatusCode);
        var page = await browser.GetAsync("/grants/" + (await gateway.NewestGrantAsync("web")).Id);

        var words = string.Join(' ', page.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("What was bought", words, StringComparison.Ordinal);
        Assert.Contains("2 × Quiet laptop for 90.00 EUR, being prepared", words, StringComparison.Ordinal);
        Assert.Contains("910.00 EUR left of 1,000.00 EUR altogether", words, StringComparison.Ordinal);
        Assert.Contains("310.00 EUR left of 400.00 EUR a week", words, StringComparison.Ordinal);
        Assert.Contains("19 of 20 orders left", words, StringComparison.Ordinal);
    }

    private async Task<HttpClient> AgentAsync(PersonBrowser browser)
    {
        var consent = await browser.GetAsync(AuthorizeUrl(("authorization_details", Mandate), ("scope", "checkout")));
        var code = AnswerOf(await browser.SubmitAsync(consent, ("decision", "allow")))["code"];
        var client = new HttpClient { BaseAddress = new Uri(gateway.BaseUrl) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("web:web-secret")));
        using var form = new FormUrlEncodedContent([new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", WebUri), new("code_verifier", Verifier)]);
        using var answer = await client.PostAsync("/oauth/token", form);
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private async Task<string> AddProductAsync()
    {
        await using var connection = await gateway.OpenDatabaseAsync();
        return Ids.FromNumber("prd", await connection.QuerySingleAsync<long>("""
            with added as (
                insert into catalog.products (external_id, attributes, provenance, content_hash)
                values ('quiet', '{"name":"Quiet laptop","category":"laptop","price":{"amount":4500,"currency":"EUR"}}', '{}', '\x00') returning number)
            insert into catalog.stock (product, location, on_hand) select number, 'main', 5 from added returning product
            """));
    }
}
