using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CustobotGateway.BotDetection.Decisions;
using CustobotGateway.BotDetection.Lanes;
using CustobotGateway.Common.Events;
using CustobotGateway.Tests.Common;
using CustobotGateway.Tests.Identity.ResourceServer;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CustobotGateway.Tests.BotDetection.Lanes;

/// <summary>A rule in shadow mode, its preview, and what it does when it is enabled.</summary>
public sealed class RuleTests(RuleTests.Gateway gateway) : IClassFixture<RuleTests.Gateway>
{
    private const string Path = "/v1/bot-detection/rules";

    public sealed class Gateway : TokenFixture
    {
        protected override bool Demo => true;
    }

    [Fact]
    public async Task Rule_is_tried_in_shadow_then_enabled_then_acts_and_who_follows_the_remedy_gets_in()
    {
        var robot = "scripted-" + Guid.NewGuid().ToString("n");
        await SetSlowLaneAsync();
        var rule = await CreateAsync(new { name = "Scripted readers", when = new { user_agent_contains = robot, @class = "automation" }, lane = "slow" });
        Assert.Equal("shadow", rule.GetProperty("mode").GetString());
        var id = rule.GetProperty("id").GetString()!;

        // In shadow mode it counts and does nothing.
        for (var i = 0; i < 5; i++)
        {
            using var served = await ReadAsync(robot);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }
        var preview = await PreviewAsync(id);
        Assert.Equal((5, 5, 0), (preview.GetProperty("hit").GetInt32(), preview.GetProperty("named").GetInt32(), preview.GetProperty("refused_then").GetInt32()));
        Assert.Equal((0, 5), (preview.GetProperty("refused").GetInt32(), preview.GetProperty("slowed").GetInt32()));
        Assert.Equal((robot, 5), (preview.GetProperty("by_user_agent")[0].GetProperty("key").GetString(), preview.GetProperty("by_user_agent")[0].GetProperty("hits").GetInt32()));
        Assert.Equal("automation", preview.GetProperty("by_class")[0].GetProperty("key").GetString());

        // Enabled it acts at once: two a minute.
        using var enabled = await PatchAsync(id, new { mode = "enabled" }, "\"1\"");
        Assert.Equal(HttpStatusCode.OK, enabled.StatusCode);
        HttpStatusCode[] answers = [(await ReadAsync(robot)).StatusCode, (await ReadAsync(robot)).StatusCode];
        using var refused = await ReadAsync(robot);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], [.. answers, refused.StatusCode]);
        var problem = await GatewayFixture.ReadJsonAsync(refused);
        Assert.Equal("lane_rate_exceeded", problem.GetProperty("code").GetString());
        Assert.NotNull(refused.Headers.RetryAfter);
        var link = problem.GetProperty("remedy").GetProperty("link").GetString()!;

        // The remedy leads to the authorization server; a token of it leads out of the lane.
        using (var metadata = await gateway.Client.GetAsync(link))
        {
            Assert.Equal(gateway.Issuer, (await GatewayFixture.ReadJsonAsync(metadata)).GetProperty("issuer").GetString());
        }
        using var admitted = await ReadAsync(robot, gateway.Signed("catalog:read"));
        Assert.Equal(HttpStatusCode.OK, admitted.StatusCode);

        // The refusal is in the log, with the rule that led to it.
        await gateway.App.Services.GetRequiredService<DecisionLog>().WhenWrittenAsync(TimeSpan.FromSeconds(5));
        await using var connection = await gateway.OpenDatabaseAsync();
        var logged = (await connection.QueryAsync<(string Lane, string Rule, short Status)>("select lane, rule, status from botdetection.decisions where user_agent = @robot order by at", new { robot })).ToList();
        Assert.Equal(("slow", id, (short)429), logged[^2]);
        Assert.Equal(("express", null!, (short)200), logged[^1]);
        Assert.All(logged.Take(5), row => Assert.Equal("shadow:" + id, row.Rule));
    }

    [Fact]
    public async Task Preview_tells_how_many_people_the_rule_would_hit_by_mistake()
    {
        var marker = "marker" + Guid.NewGuid().ToString("n");
        using (var loaded = await gateway.Admin.PostAsJsonAsync("/v1/bot-detection/labelled-rows", new
        {
            rows = Enumerable.Range(0, 40).Select(i => new
            {
                id = $"{marker}-{i}",
                label = i < 20 ? "human" : "automation",
                kind = "ignored",
                method = "GET",
                path = "/",
                http_version = "1.1",
                headers = new[] { new[] { "Host", "shop.example" }, ["User-Agent", (i is < 5 or >= 20 ? marker : "else") + " client"] },
                received_at = 1_750_000_000,
            }),
        }))
        {
            Assert.Equal(HttpStatusCode.OK, loaded.StatusCode);
            Assert.Equal(40, (await GatewayFixture.ReadJsonAsync(loaded)).GetProperty("loaded").GetInt32());
        }
        var rule = await CreateAsync(new { name = "Marked", when = new { user_agent_contains = marker.ToUpperInvariant() }, lane = "restricted" });

        var preview = await PreviewAsync(rule.GetProperty("id").GetString()!);

        // 5 of 20 people; of 20 machines all. Rows that other tests load are people, too, but carry no marker.
        var mistaken = preview.GetProperty("false_positives");
        Assert.Equal(5, mistaken.GetProperty("hit").GetInt32());
        Assert.InRange(mistaken.GetProperty("rows").GetInt32(), 20, 25);
        Assert.InRange(mistaken.GetProperty("low").GetDouble(), 0.05, mistaken.GetProperty("share").GetDouble());
        Assert.InRange(mistaken.GetProperty("high").GetDouble(), mistaken.GetProperty("share").GetDouble(), 0.5);
        Assert.Contains(preview.GetProperty("by_label").EnumerateArray(), label => label.GetProperty("label").GetString() == "automation" && label.GetProperty("hit").GetProperty("hit").GetInt32() == 20);
    }

    [Fact]
    public async Task Rule_is_read_listed_changed_by_one_at_a_time_deleted_and_audited()
    {
        var rule = await CreateAsync(new { name = "Short-lived", when = new { path_prefix = "/nowhere" }, lane = "restricted", mode = "disabled" });
        var id = rule.GetProperty("id").GetString()!;
        using var read = await gateway.Admin.GetAsync($"{Path}/{id}");
        Assert.Equal("\"1\"", read.Headers.ETag!.Tag);

        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => PatchAsync(id, new { name = "Changed " + i }, "\"1\"")));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.PreconditionFailed, HttpStatusCode.PreconditionFailed], answers.Select(answer => answer.StatusCode).Order());
        var listed = (await GatewayFixture.ReadJsonAsync(await gateway.Admin.GetAsync(Path))).GetProperty("rules").EnumerateArray().Single(one => one.GetProperty("id").GetString() == id);
        Assert.StartsWith("Changed", listed.GetProperty("name").GetString(), StringComparison.Ordinal);
        using var deleted = await gateway.Admin.DeleteAsync($"{Path}/{id}");
        using var gone = await gateway.Admin.GetAsync($"{Path}/{id}");
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.StatusCode, gone.StatusCode));
        Assert.Equal("rule_not_found", (await GatewayFixture.ReadJsonAsync(gone)).GetProperty("code").GetString());
        var events = await EventLog.ReadStreamAsync(gateway.App.Services.GetRequiredService<NpgsqlDataSource>(), id, CancellationToken.None);
        Assert.Equal(["rule.saved", "rule.saved", "rule.deleted"], events.Select(entry => entry.Type));
        Assert.Null(EventChain.FirstBreak(events));
    }

    [Theory]
    [InlineData("""{"name":"x","when":{},"lane":"nowhere"}""", 422, "lane_unknown")]
    [InlineData("""{"name":"","when":{},"lane":"restricted"}""", 400, "invalid_request")]
    [InlineData("""{"name":"x","when":{"score_gte":101},"lane":"restricted"}""", 400, "invalid_request")]
    [InlineData("""{"name":"x","when":{"score_gte":50,"score_lte":40},"lane":"restricted"}""", 400, "invalid_request")]
    [InlineData("""{"name":"x","when":{"path_prefix":"v1"},"lane":"restricted"}""", 400, "invalid_request")]
    [InlineData("""{"name":"x","when":{"colour":"red"},"lane":"restricted"}""", 400, "invalid_request")]
    [InlineData("""{"name":"x","lane":"restricted"}""", 400, "invalid_request")]
    public async Task Rule_that_is_not_one_is_refused(string body, int status, string code)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var answer = await gateway.Admin.PostAsync(Path, content);

        Assert.Equal((status, code), ((int)answer.StatusCode, (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Only_so_many_rules_and_labelled_rows_are_held()
    {
        await using var connection = await gateway.OpenDatabaseAsync();
        await connection.ExecuteAsync("""
            insert into botdetection.rules (id, name, condition, lane, mode, version, created_at, created_by, changed_at, changed_by)
            select 'rul_full' || n, 'Full', '{}', 'restricted', 'disabled', 1, now(), 'x', now(), 'x' from generate_series(1, 200) as n;
            insert into botdetection.labelled_rows (id, label, class, score, bad_signature, reasons, "group", path)
            select 'full' || n, 'declared_bot', 'declared_bot', 1, false, '{}', 'reads', '/' from generate_series(1, 20000) as n
            """);
        try
        {
            using var refused = await gateway.Admin.PostAsJsonAsync(Path, new { name = "One more", when = new { }, lane = "restricted" });
            using var rows = await gateway.Admin.PostAsJsonAsync("/v1/bot-detection/labelled-rows", new { rows = new[] { new { id = "one-more", label = "human", method = "GET", path = "/", headers = Array.Empty<string[]>() } } });

            Assert.Equal("too_many_rules", (await GatewayFixture.ReadJsonAsync(refused)).GetProperty("code").GetString());
            Assert.Equal("too_many_rows", (await GatewayFixture.ReadJsonAsync(rows)).GetProperty("code").GetString());
        }
        finally
        {
            await connection.ExecuteAsync("delete from botdetection.rules where id like 'rul_full%'; delete from botdetection.labelled_rows where id like 'full%'");
        }
    }

    private async Task SetSlowLaneAsync()
    {
        var policy = LanePolicy.BuiltIn with { Lanes = [.. LanePolicy.BuiltIn.Lanes, new Lane { Name = "slow", Reads = new() { Rate = new(2, 60) } }] };
        using var set = await gateway.Admin.PutAsJsonAsync("/v1/bot-detection/lanes", policy, CustobotGateway.Common.Json.Options);
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
    }

    private async Task<JsonElement> CreateAsync(object rule)
    {
        using var created = await gateway.Admin.PostAsJsonAsync(Path, rule);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return await GatewayFixture.ReadJsonAsync(created);
    }

    private async Task<JsonElement> PreviewAsync(string id)
    {
        await gateway.App.Services.GetRequiredService<DecisionLog>().WhenWrittenAsync(TimeSpan.FromSeconds(5));
        using var answer = await gateway.Admin.GetAsync($"{Path}/{id}/preview?days=1");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await GatewayFixture.ReadJsonAsync(answer);
    }

    private Task<HttpResponseMessage> PatchAsync(string id, object change, string tag) =>
        gateway.Admin.SendAsync(new HttpRequestMessage(HttpMethod.Patch, $"{Path}/{id}") { Content = JsonContent.Create(change), Headers = { { "If-Match", tag } } });

    private Task<HttpResponseMessage> ReadAsync(string agent, string? token = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/products?size=1");
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }
        return gateway.Client.SendAsync(request);
    }
}
