using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CustobotGateway.Tests.Checkout;
using Dapper;

namespace CustobotGateway.Tests.Webhooks;

/// <summary>Whose endpoints are whose, where they may lead, and what is told of them.</summary>
public sealed class WebhookEndpointTests(WebhookFixture shop) : IClassFixture<WebhookFixture>
{
    private const string Url = "http://127.0.0.1:9/hook";

    private static string Body(string url = Url, string events = "\"order.*\"") => $$"""{"url":"{{url}}","events":[{{events}}]}""";

    [Fact]
    public async Task Secret_is_told_once_and_stored_sealed()
    {
        var agent = await shop.GrantAsync();

        var (status, created) = await agent.PostAsync("/v1/webhook_endpoints", Body(), key: "once");
        var (_, repeated) = await agent.PostAsync("/v1/webhook_endpoints", Body(), key: "once");
        var id = created.GetProperty("id").GetString()!;
        var (_, read) = await agent.GetAsync("/v1/webhook_endpoints/" + id);
        var (_, listed) = await agent.GetAsync("/v1/webhook_endpoints");

        Assert.Equal(HttpStatusCode.Created, status);
        var secret = created.GetProperty("secret").GetString()!;
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.InRange(Convert.FromBase64String(secret["whsec_".Length..]).Length, 24, 64);
        Assert.Equal(id, repeated.GetProperty("id").GetString());
        Assert.All([repeated, read, listed.GetProperty("endpoints").EnumerateArray().Single()], one => Assert.False(one.TryGetProperty("secret", out _)));
        await using var connection = await shop.OpenDatabaseAsync();
        var stored = await connection.QuerySingleAsync<byte[]>("select secret from webhooks.endpoints where id = @id", new { id });
        Assert.True(stored.AsSpan().IndexOf(Convert.FromBase64String(secret["whsec_".Length..])) < 0);
        Assert.Equal(0, await shop.CountAsync("common.idempotency", "answer::text like '%' || @secret || '%'", new { secret }));
    }

    [Fact]
    public async Task Another_grants_endpoint_is_not_there_and_the_administrator_sees_it_but_not_its_secret()
    {
        var (agent, other) = (await shop.GrantAsync(), await shop.GrantAsync());
        var (_, created) = await agent.PostAsync("/v1/webhook_endpoints", Body());
        var path = "/v1/webhook_endpoints/" + created.GetProperty("id").GetString();

        (await other.GetAsync(path)).ShouldBe(404, "webhook_endpoint_not_found");
        (await other.SendAsync(HttpMethod.Patch, path, """{"disabled":true}""")).ShouldBe(404, "webhook_endpoint_not_found");
        (await other.SendAsync(HttpMethod.Delete, path)).ShouldBe(404, "webhook_endpoint_not_found");
        (await other.PostAsync(path + "/secret:rotate", "{}")).ShouldBe(404, "webhook_endpoint_not_found");
        (await other.PostAsync(path + ":test", "")).ShouldBe(404, "webhook_endpoint_not_found");
        (await other.GetAsync(path + "/deliveries")).ShouldBe(404, "webhook_endpoint_not_found");
        (await other.PostAsync(path + "/deliveries:redeliver", """{"since":"2026-01-01T00:00:00Z"}""")).ShouldBe(404, "webhook_endpoint_not_found");
        Assert.DoesNotContain((await other.GetAsync("/v1/webhook_endpoints")).Body.GetProperty("endpoints").EnumerateArray(), one => one.GetProperty("id").GetString() == created.GetProperty("id").GetString());
        Assert.Equal(agent.GrantId, JsonElement.Parse(await shop.Admin.GetStringAsync(path)).GetProperty("grant_id").GetString());
        using var rotated = await shop.Admin.PostAsJsonAsync(path + "/secret:rotate", new { });
        Assert.Equal(HttpStatusCode.NotFound, rotated.StatusCode);
    }

    [Theory]
    [InlineData("https://10.0.0.1/hook")]
    [InlineData("https://127.0.0.2/hook")]
    [InlineData("https://[::1]/hook")]
    [InlineData("https://[::ffff:127.0.0.1]/hook")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://0x7f000002/hook")]
    [InlineData("https://2130706434/hook")]
    [InlineData("https://inside.example/hook")]
    [InlineData("http://8.8.8.8/hook")]
    public async Task Address_inside_the_network_or_without_tls_is_refused(string url)
    {
        shop.Names["inside.example"] = "192.168.1.10";
        var agent = await shop.GrantAsync();
        var (_, good) = await agent.PostAsync("/v1/webhook_endpoints", Body());

        (await agent.PostAsync("/v1/webhook_endpoints", Body(url))).ShouldBe(422, "webhook_url_refused");
        (await agent.SendAsync(HttpMethod.Patch, "/v1/webhook_endpoints/" + good.GetProperty("id").GetString(), $$"""{"url":"{{url}}"}""")).ShouldBe(422, "webhook_url_refused");
    }

    [Theory]
    [InlineData("""{"url":"ftp://partner.example/","events":["*"]}""", "/url")]
    [InlineData("""{"url":"/hook","events":["*"]}""", "/url")]
    [InlineData("""{"url":"https://user:secret@partner.example/","events":["*"]}""", "/url")]
    [InlineData("""{"url":"https://partner.example/#here","events":["*"]}""", "/url")]
    [InlineData("""{"url":"https://partner.example/","events":[]}""", "/events")]
    [InlineData("""{"url":"https://partner.example/","events":["order"]}""", "/events/0")]
    [InlineData("""{"url":"https://partner.example/","events":["order.*","order.*.*"]}""", "/events/1")]
    [InlineData("""{"url":"https://partner.example/","events":["person.created"]}""", "/events/0")]
    [InlineData("""{"url":"https://partner.example/","events":["negotiation.*"]}""", "/events/0")]
    public async Task Request_that_makes_no_sense_names_what_does_not(string body, string pointer)
    {
        var agent = await shop.GrantAsync();

        var answer = await agent.PostAsync("/v1/webhook_endpoints", body);

        answer.ShouldBe(400, "invalid_request");
        Assert.Equal(pointer, answer.Body.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Twenty_at_once_are_taken_and_no_more()
    {
        var agent = await shop.GrantAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => agent.PostAsync("/v1/webhook_endpoints", Body())));

        Assert.Equal(20, answers.Count(one => one.Status == HttpStatusCode.Created));
        Assert.All(answers.Where(one => one.Status != HttpStatusCode.Created), one => one.ShouldBe(409, "too_many_webhook_endpoints"));
        var (_, page) = await agent.GetAsync("/v1/webhook_endpoints?size=15");
        var (_, rest) = await agent.GetAsync("/v1/webhook_endpoints?size=15&after=" + page.GetProperty("page").GetProperty("next").GetString());
        Assert.Equal((15, 5), (page.GetProperty("endpoints").GetArrayLength(), rest.GetProperty("endpoints").GetArrayLength()));
        Assert.False(rest.GetProperty("page").TryGetProperty("next", out var next) && next.ValueKind == JsonValueKind.String);
    }

    [Fact]
    public async Task Disabled_endpoint_is_sent_nothing_until_it_is_enabled()
    {
        var id = (await shop.CreateAsync(Url)).GetProperty("id").GetString()!;

        using var disabled = await shop.Admin.PatchAsJsonAsync("/v1/webhook_endpoints/" + id, new { disabled = true });
        using var test = await shop.Admin.PostAsync($"/v1/webhook_endpoints/{id}:test", null);
        using var redelivered = await shop.Admin.PostAsJsonAsync($"/v1/webhook_endpoints/{id}/deliveries:redeliver", new { since = "2026-01-01T00:00:00Z" });
        using var enabled = await shop.Admin.PatchAsJsonAsync("/v1/webhook_endpoints/" + id, new { disabled = false, description = "again" });
        using var again = await shop.Admin.PostAsync($"/v1/webhook_endpoints/{id}:test", null);

        Assert.Equal("asked", (await Common.GatewayFixture.ReadJsonAsync(disabled)).GetProperty("disabled_reason").GetString());
        (test.StatusCode, await Common.GatewayFixture.ReadJsonAsync(test)).ShouldBe(409, "webhook_endpoint_disabled");
        (redelivered.StatusCode, await Common.GatewayFixture.ReadJsonAsync(redelivered)).ShouldBe(409, "webhook_endpoint_disabled");
        var now = await Common.GatewayFixture.ReadJsonAsync(enabled);
        Assert.Equal((false, "again"), (now.GetProperty("disabled").GetBoolean(), now.GetProperty("description").GetString()));
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
    }

    [Fact]
    public async Task Deleted_endpoint_is_gone_with_its_log()
    {
        var id = (await shop.CreateAsync(Url)).GetProperty("id").GetString()!;
        using var test = await shop.Admin.PostAsync($"/v1/webhook_endpoints/{id}:test", null);

        using var deleted = await shop.Admin.DeleteAsync("/v1/webhook_endpoints/" + id);
        using var gone = await shop.Admin.GetAsync("/v1/webhook_endpoints/" + id);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.StatusCode, gone.StatusCode));
        Assert.Equal(0, await shop.CountAsync("webhooks.deliveries", "endpoint_id = @id", new { id }));
    }

    [Theory]
    [InlineData("/deliveries?state=lost", "?state")]
    [InlineData("/deliveries?after=17", "?after")]
    [InlineData("/deliveries?size=0", "?size")]
    public async Task Wrong_parameter_of_the_log_is_named(string query, string pointer)
    {
        var id = (await shop.CreateAsync(Url)).GetProperty("id").GetString()!;

        using var answer = await shop.Admin.GetAsync($"/v1/webhook_endpoints/{id}{query}");
        var problem = await Common.GatewayFixture.ReadJsonAsync(answer);

        (answer.StatusCode, problem).ShouldBe(400, "invalid_request");
        Assert.Equal(pointer, problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Delivery_that_is_not_in_the_log_is_said_to_be_missing()
    {
        var id = (await shop.CreateAsync(Url)).GetProperty("id").GetString()!;

        using var answer = await shop.Admin.GetAsync($"/v1/webhook_endpoints/{id}/deliveries/msg_00000000zzzzz");
        using var redelivered = await shop.Admin.PostAsync($"/v1/webhook_endpoints/{id}/deliveries/nonsense:redeliver", null);

        (answer.StatusCode, await Common.GatewayFixture.ReadJsonAsync(answer)).ShouldBe(404, "webhook_delivery_not_found");
        Assert.Equal(HttpStatusCode.NotFound, redelivered.StatusCode);
    }

    [Fact]
    public async Task Token_without_the_scope_for_orders_makes_no_endpoint()
    {
        var agent = await shop.GrantAsync(actions: ["quote"]);

        (await agent.PostAsync("/v1/webhook_endpoints", Body())).ShouldBe(403, "insufficient_scope");
    }
}
