using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Checkout;
using CustobotGateway.Checkout.Shop;
using CustobotGateway.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Checkout;

/// <summary>A shop whose settings, prices and time a test can change.</summary>
public sealed class SellingFixture : ShopFixture
{
    /// <summary>Sets the shop's settings, given as JSON.</summary>
    public async Task SetShopAsync(string settings)
    {
        using var content = new StringContent(settings, System.Text.Encoding.UTF8, "application/json");
        using var answer = await Admin.PutAsync(new Uri("/v1/shop", UriKind.Relative), content);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The settings that hold.</summary>
    public ShopSettings Shop => App.Services.GetRequiredService<ShopInForce>().Current;

    /// <summary>Adds attributes to a product.</summary>
    public async Task ChangeAsync(string product, string attributes)
    {
        Assert.True(Ids.TryGetNumber("prd", product, out var number));
        await using var connection = await OpenDatabaseAsync();
        await connection.ExecuteAsync("update catalog.products set attributes = attributes || @attributes::jsonb where number = @number", new { number, attributes });
    }

    /// <summary>Sets what a product costs.</summary>
    public Task SetPriceAsync(string product, long amount, string currency = "USD") =>
        ChangeAsync(product, new JsonObject { ["price"] = new JsonObject { ["amount"] = amount, ["currency"] = currency } }.ToJsonString());

    /// <summary>Takes a product out of the catalogue.</summary>
    public async Task WithdrawAsync(string product)
    {
        Assert.True(Ids.TryGetNumber("prd", product, out var number));
        await using var connection = await OpenDatabaseAsync();
        await connection.ExecuteAsync("update catalog.products set withdrawn_at = now() where number = @number", new { number });
    }

    /// <summary>Writes a session's status as paying does.</summary>
    public async Task SetStatusAsync(string session, string status, string? escalation = null)
    {
        await using var connection = await OpenDatabaseAsync();
        await connection.ExecuteAsync("update checkout.sessions set status = @status, escalation = @escalation::jsonb where id = @session", new { session, status, escalation });
    }

    /// <summary>Ends what has expired now.</summary>
    public Task<int> SweepAsync() => App.Services.GetRequiredService<ExpireSessions>().SweepAsync(CancellationToken.None);

    /// <summary>The types of the events of a stream, in order.</summary>
    public async Task<IReadOnlyList<string>> EventsOfAsync(string stream)
    {
        await using var connection = await OpenDatabaseAsync();
        return [.. await connection.QueryAsync<string>("select type from common.events where stream = @stream order by version", new { stream })];
    }
}

/// <summary>Short words for what tests read of sessions.</summary>
internal static class Sessions
{
    public static string Line(string product, int quantity = 1) => $$"""{"product_id":"{{product}}","quantity":{{quantity}}}""";

    /// <summary>Opens a session for products, with further members; the answer's body.</summary>
    public static async Task<JsonElement> OpenAsync(this Agent agent, string lines, string more = "")
    {
        var (status, body) = await agent.PostAsync("/v1/checkout_sessions", $$"""{"line_items":[{{lines}}]{{(more.Length > 0 ? "," + more : "")}}}""");
        Assert.True(status == HttpStatusCode.Created, body.GetRawText());
        return body;
    }

    public static Task<(HttpStatusCode Status, JsonElement Body)> PatchAsync(this Agent agent, string session, string body, string? key = null) =>
        agent.SendAsync(HttpMethod.Patch, $"/v1/checkout_sessions/{session}", body, key);

    public static Task<(HttpStatusCode Status, JsonElement Body)> CancelAsync(this Agent agent, string session, string? key = null) =>
        agent.SendAsync(HttpMethod.Post, $"/v1/checkout_sessions/{session}/cancel", null, key);

    public static string Id(this JsonElement session) => session.GetProperty("id").GetString()!;

    public static string Status(this JsonElement session) => session.GetProperty("status").GetString()!;

    public static (string, long)[] Totals(this JsonElement session) =>
        [.. session.GetProperty("totals").EnumerateArray().Select(total => (total.GetProperty("type").GetString()!, total.GetProperty("amount").GetInt64()))];

    public static string[] Codes(this JsonElement session) => [.. session.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("code").GetString()!)];

    public static JsonElement Message(this JsonElement session, string code) => session.GetProperty("messages").EnumerateArray().Single(message => message.GetProperty("code").GetString() == code);
}
