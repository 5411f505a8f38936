using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Common;
using CustobotGateway.Tests.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Checkout;

/// <summary>A gateway with a clock that can be put forward, and short words for what tests of buying start from.</summary>
public class ShopFixture : GatewayFixture
{
    public ShiftedClock Clock { get; } = new();

    protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);

    /// <summary>Puts a product and its stock into the catalogue's tables; its id.</summary>
    public async Task<string> AddProductAsync(long? price = 20_000, long? cost = 15_000, int stock = 100, string name = "Monitor")
    {
        var attributes = new JsonObject { ["name"] = name };
        if (price is not null)
        {
            attributes["price"] = new JsonObject { ["amount"] = price, ["currency"] = "USD" };
        }
        if (cost is not null)
        {
            attributes["unit_cost"] = new JsonObject { ["amount"] = cost, ["currency"] = "USD" };
        }
        await using var connection = await OpenDatabaseAsync();
        var number = await connection.QuerySingleAsync<long>("""
            insert into catalog.products (external_id, attributes, provenance, content_hash)
            values (gen_random_uuid()::text, @attributes::jsonb, '{}', '\x00') returning number
            """, new { attributes = attributes.ToJsonString() });
        await connection.ExecuteAsync("insert into catalog.stock (product, location, on_hand) values (@number, 'main', @stock)", new { number, stock });
        return Ids.FromNumber("prd", number);
    }

    public async Task<int> StockOfAsync(string product)
    {
        Assert.True(Ids.TryGetNumber("prd", product, out var number));
        await using var connection = await OpenDatabaseAsync();
        return await connection.QuerySingleAsync<int>("select sum(on_hand) from catalog.stock where product = @number", new { number });
    }

    /// <summary>A grant with a mandate, and a client that holds its token.</summary>
    public async Task<Agent> GrantAsync(long perOrder = 100_000, long total = 1_000_000, string[]? actions = null, string clientId = "purchasing-bot")
    {
        using var answer = await Admin.PostAsJsonAsync("/v1/grants", new
        {
            client_id = clientId,
            person = "buyer@example.com",
            authorization_details = new[]
            {
                new { type = "purchase_mandate", actions = actions ?? ["quote", "purchase"], currency = "USD", limits = new { per_order = perOrder, total } },
            },
        });
        var grant = await ReadJsonAsync(answer);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return new Agent(this, grant.GetProperty("id").GetString()!, grant.GetProperty("token").GetString()!);
    }

    /// <summary>How many rows of a table hold, for what must not have happened.</summary>
    public async Task<long> CountAsync(string table, string where, object arguments)
    {
        await using var connection = await OpenDatabaseAsync();
        return await connection.QuerySingleAsync<long>($"select count(*) from {table} where {where}", arguments);
    }
}

/// <summary>An agent with a grant, as a caller.</summary>
public sealed class Agent(GatewayFixture gateway, string grantId, string token)
{
    public string GrantId => grantId;

    public string Token => token;

    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        if (body is not null)
        {
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        }
        using var answer = await gateway.Client.SendAsync(request);
        return (answer.StatusCode, await GatewayFixture.ReadJsonAsync(answer));
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string body, string? key = null) => SendAsync(HttpMethod.Post, path, body, key);

    public Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Opens a session for a product at its catalogue price; its id.</summary>
    public async Task<string> OpenSessionAsync(string product, int quantity = 1)
    {
        var (status, session) = await PostAsync("/v1/checkout_sessions", $$"""{"line_items":[{"product_id":"{{product}}","quantity":{{quantity}} }]}""");
        Assert.Equal(HttpStatusCode.Created, status);
        return session.GetProperty("id").GetString()!;
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> CompleteAsync(string session, string paymentToken = "tok_visa", string? key = null) =>
        PostAsync($"/v1/checkout_sessions/{session}/complete", $$"""{"payment":{"handler":"sandbox","token":"{{paymentToken}}"} }""", key);

    /// <summary>Opens a negotiation with an offer; the answer.</summary>
    public Task<(HttpStatusCode Status, JsonElement Body)> OfferAsync(string product, long unitPrice, int quantity = 1) =>
        PostAsync("/v1/negotiations", $$"""
            {"items":[{"product_id":"{{product}}","quantity":{{quantity}} }],"offer":{"terms":{"unit_price":{{unitPrice}} } } }
            """);

    /// <summary>Accepts the offer that stands; the answer.</summary>
    public Task<(HttpStatusCode Status, JsonElement Body)> AcceptAsync(JsonElement negotiation) => PostAsync(
        $"/v1/negotiations/{negotiation.GetProperty("id").GetString()}/acceptance",
        $$"""{"offer_id":"{{negotiation.GetProperty("standing_offer").GetProperty("offer_id").GetString()}}","round":{{negotiation.GetProperty("round").GetInt32()}} }""");

    /// <summary>What the agent's mandate still allows.</summary>
    public async Task<JsonElement> RemainingAsync()
    {
        var (status, budget) = await GetAsync($"/v1/grants/{grantId}/remaining");
        Assert.Equal(HttpStatusCode.OK, status);
        return budget;
    }

    /// <summary>Bargains to an agreement; the quote's id.</summary>
    public async Task<string> AgreeAsync(string product, long unitPrice, int quantity = 1)
    {
        var (_, negotiation) = await OfferAsync(product, unitPrice, quantity);
        var (status, agreed) = await AcceptAsync(negotiation);
        Assert.Equal(HttpStatusCode.OK, status);
        return agreed.GetProperty("quote").GetProperty("id").GetString()!;
    }
}

/// <summary>What every refusal must be.</summary>
public static class Refusals
{
    public static void ShouldBe(this (HttpStatusCode Status, JsonElement Body) answer, int status, string code)
    {
        Assert.Equal(code, answer.Body.GetProperty("code").GetString());
        Assert.Equal(status, (int)answer.Status);
        Assert.Equal("/problems/" + code, answer.Body.GetProperty("type").GetString());
        Assert.False(string.IsNullOrWhiteSpace(answer.Body.GetProperty("detail").GetString()));
    }
}
