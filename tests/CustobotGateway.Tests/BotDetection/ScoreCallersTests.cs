using System.Net;
using System.Net.Http.Json;
using System.Text;
using CustobotGateway.Tests.BotDetection.Agents;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.BotDetection;

/// <summary>Recorded requests are judged as live ones are, and nothing of them stays.</summary>
public sealed class ScoreCallersTests(AgentsFixture gateway) : IClassFixture<AgentsFixture>
{
    private static object Row(string id, params (string Name, string Value)[] headers) =>
        new { id, method = "GET", path = "/test/signature", headers = headers.Select(header => new[] { header.Name, header.Value }) };

    [Fact]
    public async Task Rows_get_class_score_and_reasons_and_unknown_members_are_ignored()
    {
        var answer = await ScoreAsync("""{"requests":[{"id":"a","label":"x","method":"GET","path":"/","http_version":"1.1","headers":[["User-Agent","curl/8.5.0"]],"session":{"more":1,"requests":[{"t":0,"method":"GET","path":"/","extra":true}]}}],"kind":1}""");

        var result = (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("results")[0];
        Assert.Equal("a", result.GetProperty("id").GetString());
        Assert.Equal("automation", result.GetProperty("class").GetString());
        Assert.Contains(result.GetProperty("reasons").EnumerateArray(), reason => reason.GetProperty("weight").GetDouble() > 0 && reason.GetProperty("text").GetString()!.Length > 0);
        Assert.False(result.TryGetProperty("operator", out _));
    }

    [Fact]
    public async Task A_signature_proves_its_agent_once_in_a_batch_and_meets_no_live_nonce()
    {
        var signed = gateway.Sign(AgentsFixture.Shop);
        (string, string)[] headers = [("Host", AgentsFixture.Shop), .. signed];
        var received = gateway.Now.ToUnixTimeSeconds();

        for (var batch = 0; batch < 2; batch++)
        {
            using var answer = await gateway.Admin.PostAsJsonAsync("/v1/bot-detection/score", new
            {
                requests = new[] { "first", "again" }.Select(id => new { id, method = "GET", path = "/test/signature", received_at = received, headers = headers.Select(header => new[] { header.Item1, header.Item2 }) }),
            });
            var results = (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("results");
            Assert.Equal("verified_agent", results[0].GetProperty("class").GetString());
            Assert.Equal(AgentsFixture.Agent, results[0].GetProperty("operator").GetString());
            Assert.Equal("signature_verified", results[0].GetProperty("reasons")[0].GetProperty("code").GetString());
            Assert.NotEqual("verified_agent", results[1].GetProperty("class").GetString());
        }
        Assert.Equal("verified", await gateway.ReasonAsync(signed, AgentsFixture.Shop));
    }

    [Fact]
    public async Task A_batch_of_a_thousand_is_taken_and_one_more_is_not()
    {
        using var most = await gateway.Admin.PostAsJsonAsync("/v1/bot-detection/score", new { requests = Enumerable.Range(0, 1_000).Select(i => Row($"r{i}")) });
        using var more = await gateway.Admin.PostAsJsonAsync("/v1/bot-detection/score", new { requests = Enumerable.Range(0, 1_001).Select(i => Row($"r{i}")) });

        Assert.Equal(HttpStatusCode.OK, most.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, more.StatusCode);
        Assert.Equal("/requests", (await GatewayFixture.ReadJsonAsync(more)).GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Theory]
    [InlineData("""{"requests":[]}""", "/requests")]
    [InlineData("""{"requests":[{"id":"a","method":"GET","path":"/","headers":[]},{"id":"a","method":"GET","path":"/","headers":[]}]}""", "/requests/1/id")]
    [InlineData("""{"requests":[{"id":"","method":"GET","path":"/","headers":[]}]}""", "/requests/0/id")]
    [InlineData("""{"requests":[{"id":"a","method":"GET","path":"/","headers":[["x"]]}]}""", "/requests/0/headers/0")]
    [InlineData("""{"requests":[{"id":"a","method":"GET","path":"/","headers":[["x","y","z"]]}]}""", "/requests/0/headers/0")]
    [InlineData("""{"requests":[{"id":"a","method":"GET","path":"/","headers":[],"received_at":-1}]}""", "/requests/0/received_at")]
    [InlineData("""{"requests":[{"id":"a","method":"GET","path":"/","headers":[],"received_at":1e300}]}""", "/requests/0/received_at")]
    [InlineData("""{"requests":[{"id":"a","method":"GET","path":"/","headers":[],"session":{"requests":[{"t":-1,"method":"GET","path":"/"}]}}]}""", "/requests/0/session/requests/0")]
    public async Task What_is_wrong_with_a_batch_is_said_by_pointer(string body, string pointer)
    {
        var answer = await ScoreAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(pointer, (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Theory]
    [InlineData("""{"requests":[null]}""")]
    [InlineData("""{"requests":[{"id":"a","method":"GET","path":"/","headers":null}]}""")]
    [InlineData("""{"requests":[{"id":"a","method":"GET","path":"/","headers":[null]}]}""")]
    [InlineData("""{"requests":[{"id":"a","method":"GET","path":"/","headers":[["a",null]]}]}""")]
    [InlineData("""{"requests":[{"id":"a","method":null,"path":"/","headers":[]}]}""")]
    [InlineData("""{"requests":[{"id":"a","path":"/","headers":[]}]}""")]
    [InlineData("""{"requests":[{"id":"a","method":"GET","path":"/","headers":[],"session":{"requests":null}}]}""")]
    [InlineData("""{"requests":[{"id":"a","method":"GET","path":"/","headers":[],"session":{"requests":[null]}}]}""")]
    [InlineData("""{"requests":1}""")]
    [InlineData("""[]""")]
    public async Task A_malformed_batch_is_refused_and_never_a_failure(string body) => Assert.Equal(HttpStatusCode.BadRequest, (await ScoreAsync(body)).StatusCode);

    [Fact]
    public async Task Whoever_lacks_the_scope_learns_which()
    {
        using var answer = await gateway.Client.PostAsJsonAsync("/v1/bot-detection/score", new { requests = new[] { Row("a") } });

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("bot:score", (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("remedy").GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> ScoreAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await gateway.Admin.PostAsync("/v1/bot-detection/score", content);
    }
}
