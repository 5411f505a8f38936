using System.Net;
using System.Text;
using System.Text.Json;

namespace CustobotGateway.Tests.Common.Idempotency;

/// <summary>Writes of the catalogue and of staff are tried without being done, and answered once for each key.</summary>
public sealed class RepeatedWriteTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Theory]
    [InlineData("PUT", "/v1/products/external_id:kept", """{"attributes":{"name":"Lamp"}}""", """{"attributes":{"name":"Torch"}}""", 201)]
    [InlineData("POST", "/v1/attributes", """{"key":"glow","type":"text"}""", """{"key":"glow_2","type":"text"}""", 201)]
    [InlineData("PUT", "/v1/mappings/kept", """{"name":"kept","fields":{}}""", """{"name":"kept","fields":{},"confidence":0.5}""", 201)]
    public async Task What_is_tried_is_not_there_and_what_is_done_is_answered_once(string method, string path, string body, string other, int status)
    {
        var tried = await SendAsync(method, path, body, dryRun: true);
        var (first, again) = (await SendAsync(method, path, body, key: "k"), await SendAsync(method, path, body, key: "k"));
        var anew = await SendAsync(method, path, body);
        var reused = await SendAsync(method, path, other, key: "k");

        // Each was new again after the dry run, is answered as new to the same key, and is there for who asks without.
        Assert.Equal((status, status, status, 200), (tried.Status, first.Status, again.Status, anew.Status));
        Assert.True(JsonElement.DeepEquals(first.Body, again.Body), $"{first.Body}\n{again.Body}");
        Assert.Equal((422, "idempotency_key_reused"), (reused.Status, reused.Body.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_product_is_changed_and_withdrawn_once_for_each_key()
    {
        const string Path = "/v1/products/external_id:changed";
        await SendAsync("PUT", Path, """{"attributes":{"name":"Lamp"}}""");

        var tried = await SendAsync("PATCH", Path, """{"attributes":{"name":"Torch"}}""", dryRun: true);
        var untouched = await SendAsync("GET", Path);
        var patched = await SendAsync("PATCH", Path, """{"attributes":{"name":"Torch"}}""", key: "p");
        await SendAsync("PATCH", Path, """{"attributes":{"name":"Candle"}}""");
        var repeated = await SendAsync("PATCH", Path, """{"attributes":{"name":"Torch"}}""", key: "p");
        var triedAway = await SendAsync("DELETE", Path, dryRun: true);
        var candle = await SendAsync("GET", Path);
        var (deleted, again, gone) = (await SendAsync("DELETE", Path, key: "d"), await SendAsync("DELETE", Path, key: "d"), await SendAsync("DELETE", Path));
        var (refused, refusedAgain) = (await SendAsync("PATCH", Path, """{"attributes":{}}""", key: "late"), await SendAsync("PATCH", Path, """{"attributes":{}}""", key: "late"));

        Assert.Equal(("Torch", "Lamp"), (NameOf(tried), NameOf(untouched)));
        Assert.True(JsonElement.DeepEquals(patched.Body, repeated.Body), $"{patched.Body}\n{repeated.Body}");
        Assert.Equal((204, "Candle"), (triedAway.Status, NameOf(candle)));
        Assert.Equal((204, 204, 404), (deleted.Status, again.Status, gone.Status));
        Assert.Equal((404, 404), (refused.Status, refusedAgain.Status));

        static string? NameOf((int Status, JsonElement Body) product) => product.Body.GetProperty("attributes").GetProperty("name").GetString();
    }

    [Fact]
    public async Task Keys_rules_and_lanes_are_changed_once_for_each_key()
    {
        var before = await SendAsync("GET", "/.well-known/http-message-signatures-directory");
        await SendAsync("POST", "/v1/bot-detection/message-keys", dryRun: true);
        var untouched = await SendAsync("GET", "/.well-known/http-message-signatures-directory");
        var (rotated, again) = (await SendAsync("POST", "/v1/bot-detection/message-keys", key: "r"), await SendAsync("POST", "/v1/bot-detection/message-keys", key: "r"));

        var (_, rule) = await SendAsync("POST", "/v1/bot-detection/rules", """{"name":"Night","when":{"user_agent_contains":"moon"},"lane":"restricted"}""");
        var path = "/v1/bot-detection/rules/" + (rule.TryGetProperty("id", out var id) ? id.GetString() : throw new InvalidOperationException(rule.ToString()));
        var (named, namedAgain) = (await SendAsync("PATCH", path, """{"name":"Day"}""", key: "n"), await SendAsync("PATCH", path, """{"name":"Day"}""", key: "n"));
        var other = await SendAsync("PATCH", path, """{"name":"Dusk"}""", key: "n");
        var (deleted, deletedAgain, gone) = (await SendAsync("DELETE", path, key: "n"), await SendAsync("DELETE", path, key: "n"), await SendAsync("DELETE", path));

        Assert.True(JsonElement.DeepEquals(before.Body, untouched.Body));
        Assert.Equal((200, rotated.Body.ToString()), (rotated.Status, again.Body.ToString()));
        Assert.Equal((200, named.Body.ToString()), (named.Status, namedAgain.Body.ToString()));
        Assert.Equal((422, 204, 204, 404), (other.Status, deleted.Status, deletedAgain.Status, gone.Status));
    }

    [Fact]
    public async Task A_name_of_any_length_is_refused_as_a_short_one_is()
    {
        // PostgreSQL packs what repeats itself; this does not.
        var name = Convert.ToHexString(Enumerable.Range(0, 100).SelectMany(i => System.Security.Cryptography.SHA256.HashData([(byte)i])).ToArray());

        var (first, again) = (await SendAsync("POST", $"/v1/checkout_sessions/{name}/cancel", key: "long"), await SendAsync("POST", $"/v1/checkout_sessions/{name}/cancel", key: "long"));
        var product = await SendAsync("PUT", "/v1/products/external_id:" + name, """{"attributes":{"name":"Lamp"}}""");

        Assert.Equal((404, 404, 400), (first.Status, again.Status, product.Status));
    }

    private async Task<(int Status, JsonElement Body)> SendAsync(string method, string path, string? body = null, string? key = null, bool dryRun = false)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        if (dryRun)
        {
            request.Headers.Add("Prefer", "dry-run");
        }
        using var answer = await gateway.Admin.SendAsync(request);
        Assert.Equal(dryRun, answer.Headers.Contains("Preference-Applied"));
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        return ((int)answer.StatusCode, answer.StatusCode == HttpStatusCode.NoContent ? default : JsonElement.Parse(bytes));
    }
}
