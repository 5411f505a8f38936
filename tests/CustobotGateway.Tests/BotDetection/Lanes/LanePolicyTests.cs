using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.BotDetection.Lanes;
using CustobotGateway.Common.Events;
using CustobotGateway.Tests.Common;
using CustobotGateway.Tests.Identity.ResourceServer;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CustobotGateway.Tests.BotDetection.Lanes;

/// <summary>Staff read and change the lane policy while gateways run.</summary>
public sealed class LanePolicyTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const string Path = "/v1/bot-detection/lanes";

    // What passes; a test changes one thing of it.
    private const string Good = """
        {"lanes":[
          {"name":"fast"},
          {"name":"slow","prices":false,"reads":{"rate":{"permits":10,"window_seconds":60}},"negotiations":{"allowed":false},"checkout":{"allowed":false}}],
         "assign":[{"when":{"signature":"bad"},"lane":"slow"},{"when":{"class":"verified_agent","trust_below":20},"lane":"slow"},{"when":{},"lane":"fast"}]}
        """;

    [Fact]
    public async Task Policy_that_was_set_is_read_back_audited_and_followed_by_another_gateway_within_a_second()
    {
        await using var second = new SecondGateway(gateway);
        await second.StartAsync();
        var (before, tag) = await ReadAsync();

        using var set = await PutAsync(Good, tag);

        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        var (after, next) = await ReadAsync();
        Assert.NotEqual(tag, next);
        Assert.True(after.GetProperty("version").GetInt64() > before.GetProperty("version").GetInt64());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Good), JsonNode.Parse(after.GetProperty("policy").GetRawText())));
        Assert.Equal("administrator", after.GetProperty("changed_by").GetString());
        var follower = second.App.Services.GetRequiredService<LanesInForce>();
        Assert.True(await BecomesAsync(() => follower.Current.Policy.Version == after.GetProperty("version").GetInt64()));
        Assert.Equal(["fast", "slow"], follower.Current.Lanes.Keys.Order());
        var events = await EventLog.ReadStreamAsync(gateway.App.Services.GetRequiredService<NpgsqlDataSource>(), LaneStore.Stream, CancellationToken.None);
        Assert.Null(EventChain.FirstBreak(events));
        Assert.Equal(after.GetProperty("version").GetInt64(), events[^1].Read<LanesChanged>().Version);
    }

    [Fact]
    public async Task Of_two_changes_to_one_version_at_once_the_second_is_refused()
    {
        var (_, tag) = await ReadAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PutAsync(Good, tag)));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.PreconditionFailed, HttpStatusCode.PreconditionFailed, HttpStatusCode.PreconditionFailed], answers.Select(answer => answer.StatusCode).Order());
        Assert.Equal("precondition_failed", (await GatewayFixture.ReadJsonAsync(answers.First(answer => !answer.IsSuccessStatusCode))).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("reads", """{"allowed":false}""", "wall", "/lanes/1/reads")]
    [InlineData("reads", """{"rate":{"permits":1,"window_seconds":61}}""", "wall", "/lanes/1/reads")]
    [InlineData("token", """{"allowed":false}""", "wall", "/lanes/1/token")]
    [InlineData("registration", """{"allowed":false}""", "wall", "/lanes/1/registration")]
    [InlineData("other", """{"allowed":false}""", "wall", "/lanes/1/other")]
    [InlineData("checkout", """{"rate":{"permits":0,"window_seconds":60}}""", "out_of_range", "/lanes/1/checkout")]
    [InlineData("name", "\"fast\"", "repeated", "/lanes")]
    [InlineData("name", "\"Slow!\"", "wrong_form", "/lanes/1/name")]
    public async Task Policy_with_a_lane_that_no_policy_may_have_is_refused(string member, string value, string code, string pointer)
    {
        var policy = JsonNode.Parse(Good)!;
        policy["lanes"]![1]![member] = JsonNode.Parse(value);

        using var answer = await PutAsync(policy.ToJsonString());

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var errors = (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("errors").EnumerateArray().Select(error => (error.GetProperty("code").GetString(), error.GetProperty("pointer").GetString()));
        Assert.Contains((code, pointer), errors);
    }

    [Theory]
    [InlineData("""[{"when":{"class":"human"},"lane":"fast"}]""", "class_without_lane")]
    [InlineData("""[{"when":{"score_gte":0},"lane":"fast"}]""", "class_without_lane")]
    [InlineData("""[{"when":{},"lane":"nowhere"}]""", "unknown_lane")]
    [InlineData("""[null]""", "required")]
    [InlineData("""[]""", "out_of_range")]
    public async Task Policy_that_leaves_a_caller_without_a_lane_is_refused(string assign, string code)
    {
        var policy = JsonNode.Parse(Good)!;
        policy["assign"] = JsonNode.Parse(assign);

        using var answer = await PutAsync(policy.ToJsonString());

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(code, (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Lane_that_an_enabled_rule_leads_to_cannot_be_taken_out_of_the_policy()
    {
        using (var set = await PutAsync(Good))
        {
            Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        }
        await SaveAsync(RuleMode.Enabled);

        using var refused = await PutAsync(Good.Replace("\"slow\"", "\"slower\"", StringComparison.Ordinal));
        await SaveAsync(RuleMode.Shadow);
        using var taken = await PutAsync(Good.Replace("\"slow\"", "\"slower\"", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.OK), (refused.StatusCode, taken.StatusCode));
        Assert.Equal("lane_unknown", (await GatewayFixture.ReadJsonAsync(refused)).GetProperty("code").GetString());
    }

    private async Task SaveAsync(RuleMode mode)
    {
        await using var connection = await gateway.OpenDatabaseAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var at = DateTimeOffset.UtcNow;
        await LaneStore.SaveAsync(transaction, new LaneRule("rul_1", "A rule", new() { ScoreGte = 101 }, "slow", mode, 1, at, "administrator", at, "administrator"), CancellationToken.None);
        await transaction.CommitAsync();
    }

    [Fact]
    public void Built_in_policy_is_one_that_could_be_set() => Assert.Empty(new LanePolicyValidator().Validate(LanePolicy.BuiltIn).Errors);

    [Fact]
    public void Configured_policy_that_is_a_wall_stops_the_start() =>
        Assert.Contains("wall", Assert.Throws<ArgumentException>(() => new LaneOptions
        {
            Lanes = [new Lane { Name = "shut", Reads = new() { Allowed = false } }],
            Assign = [new(new(), "shut")],
        }.ToPolicy()).Message, StringComparison.Ordinal);

    private async Task<(JsonElement Policy, string Tag)> ReadAsync()
    {
        using var answer = await gateway.Admin.GetAsync(Path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await GatewayFixture.ReadJsonAsync(answer), answer.Headers.ETag!.Tag);
    }

    private Task<HttpResponseMessage> PutAsync(string policy, string? tag = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, Path) { Content = new StringContent(policy, Encoding.UTF8, "application/json") };
        if (tag is not null)
        {
            request.Headers.Add("If-Match", tag);
        }
        return gateway.Admin.SendAsync(request);
    }

    internal static async Task<bool> BecomesAsync(Func<bool> condition)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            if (condition())
            {
                return true;
            }
            await Task.Delay(50);
        }
        return false;
    }
}
