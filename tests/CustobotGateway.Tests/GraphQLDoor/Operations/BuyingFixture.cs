using System.Net;
using System.Text;
using System.Text.Json;
using CustobotGateway.Common.RateLimits;
using CustobotGateway.Tests.Checkout;
using CustobotGateway.Tests.Checkout.Orders;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.GraphQLDoor.Operations;

/// <summary>A shop that is asked in GraphQL alone.</summary>
public sealed class BuyingFixture : OrderFixture
{
    /// <summary>How often a grant buys and asks for orders in a minute.</summary>
    public const int MostOfGrant = 40;

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.AddSingleton(new RateLimitOptions { Checkout = new() { Grant = new(MostOfGrant, 60) } });
    }

    /// <summary>The data of an answer without errors.</summary>
    public async Task<JsonElement> DoAsync(string token, string query, object? variables = null)
    {
        var answer = await AskAsync(token, query, variables);
        Assert.False(answer.TryGetProperty("errors", out var errors), $"{query}\n{errors}");
        return answer.GetProperty("data");
    }

    /// <summary>The field of an answer without errors that asks for one.</summary>
    public async Task<JsonElement> DoOneAsync(string token, string query, object? variables = null) => (await DoAsync(token, query, variables)).EnumerateObject().Single().Value;

    /// <summary>What the first error of an answer says beside its words.</summary>
    public async Task<JsonElement> RefusalAsync(string token, string query, object? variables = null) =>
        (await AskAsync(token, query, variables)).GetProperty("errors")[0].GetProperty("extensions");

    /// <summary>The whole answer.</summary>
    public async Task<JsonElement> AskAsync(string token, string query, object? variables = null, string? key = null, string? prefer = null, bool isForged = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = new StringContent(JsonSerializer.Serialize(new { query, variables }), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", token);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        if (prefer is not null)
        {
            request.Headers.Add("Prefer", prefer);
        }
        if (isForged)
        {
            // Signed by nobody whom the gateway knows: such a caller may read and not buy.
            request.Headers.Add("Signature-Input", "sig1=(\"@authority\");created=1;expires=2;keyid=\"nobody\";tag=\"web-bot-auth\"");
            request.Headers.Add("Signature", "sig1=:AAAA:");
        }
        using var answer = await Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await ReadJsonAsync(answer);
    }

    /// <summary>Opens a session for a product; its id.</summary>
    public async Task<string> OpenAsync(Agent agent, string product, int quantity = 1) =>
        (await DoOneAsync(agent.Token, Documents.Open, new { input = new { lineItems = new[] { new { productId = product, quantity } } } })).GetProperty("id").GetString()!;
}

/// <summary>What is asked more than once.</summary>
internal static class Documents
{
    public const string Open = "mutation($input: OpenCheckoutSessionInput!, $key: String, $dry: Boolean) { openCheckoutSession(input: $input, idempotencyKey: $key, dryRun: $dry) { id status totals { type amount } } }";

    public const string Complete = """
        mutation($id: ID!, $token: String = "tok_visa", $key: String) {
          completeCheckoutSession(id: $id, input: { payment: { handler: "sandbox", token: $token } }, idempotencyKey: $key) { session { status order { id } } waiting { id } }
        }
        """;

    /// <summary>Variables of <see cref="Open"/>.</summary>
    public static object Of(string product, int quantity = 1, string? key = null, bool dry = false) => new { input = new { lineItems = new[] { new { productId = product, quantity } } }, key, dry };
}
