using System.Text.Json;
using CustobotGateway.BotDetection.Agents;
using CustobotGateway.Common;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.MessageSignatures.Components;
using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.Messages;
using CustobotGateway.MessageSignatures.Signing;
using CustobotGateway.MessageSignatures.WebBotAuth;
using CustobotGateway.Tests.Common;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CustobotGateway.Tests.BotDetection.Agents;

/// <summary>Who is believed to be a trusted agent, live and in batches.</summary>
public sealed class AgentSignatureTests(AgentsFixture gateway) : IClassFixture<AgentsFixture>
{
    [Fact]
    public async Task Signed_request_is_its_agents()
    {
        var seen = await gateway.AskAsync(gateway.Sign(gateway.Authority));

        Assert.Equal(("verified", AgentsFixture.Agent, "web-bot-auth", gateway.Key.Public.Thumbprint),
            (seen.GetProperty("reason").GetString(), seen.GetProperty("agent").GetString(), seen.GetProperty("protocol").GetString(), seen.GetProperty("key_id").GetString()));
    }

    [Fact]
    public async Task Request_without_signature_is_nobodys_and_costs_no_work()
    {
        var context = new DefaultHttpContext();

        var judged = gateway.Signatures.JudgeAsync(context);

        Assert.True(judged.IsCompletedSuccessfully);
        Assert.Same(SignatureVerdict.Unsigned, await judged);
        Assert.Equal("no_signature", await gateway.ReasonAsync([]));
    }

    [Fact]
    public async Task Request_is_judged_once_however_often_it_is_asked()
    {
        var context = new DefaultHttpContext { Request = { Method = "GET", Scheme = "http", Host = new HostString(gateway.Authority), Path = "/test/signature" } };
        foreach (var (name, value) in gateway.Sign(gateway.Authority))
        {
            context.Request.Headers[name] = value;
        }

        Assert.True((await gateway.Signatures.JudgeAsync(context)).IsVerified);
        Assert.True((await gateway.Signatures.JudgeAsync(context)).IsVerified);
    }

    [Fact]
    public async Task Signature_is_good_once()
    {
        var signed = gateway.Sign(gateway.Authority);

        Assert.Equal("verified", await gateway.ReasonAsync(signed));
        Assert.Equal("replay", await gateway.ReasonAsync(signed));
    }

    [Fact]
    public async Task Of_many_at_once_with_one_nonce_one_is_believed()
    {
        var signed = gateway.Sign(gateway.Authority);

        var reasons = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => gateway.ReasonAsync(signed)));

        Assert.Equal((1, 15), (reasons.Count(reason => reason == "verified"), reasons.Count(reason => reason == "replay")));
    }

    [Fact]
    public async Task Signature_is_good_once_among_all_gateways_of_the_database()
    {
        var signed = gateway.Sign(AgentsFixture.Shop);
        await using var other = GatewayApplication.Build(new GatewaySettings
        {
            Urls = ["http://127.0.0.1:0"],
            DataDirectory = gateway.DataDirectory,
            ConnectionString = gateway.ConnectionString,
            AdminToken = GatewayFixture.AdminToken,
            Demo = false,
        }, services => services.AddSingleton<TimeProvider>(gateway.Clock));
        await other.StartAsync();
        var message = HttpMessage.Request("GET", "http", AgentsFixture.Shop, "/test/signature", new MessageFields(signed));

        Assert.Equal("verified", await gateway.ReasonAsync(signed, AgentsFixture.Shop));
        Assert.Equal("replay", (await other.Services.GetRequiredService<AgentSignatures>().JudgeAsync(message, gateway.Now, NonceScope.Live, CancellationToken.None)).Reason);
        await other.StopAsync();
    }

    [Theory]
    [InlineData("evil.example", "evil.example", "wrong_authority")]
    [InlineData("evil.example", null, "bad_signature")]
    [InlineData(AgentsFixture.Shop, AgentsFixture.Shop, "verified")]
    [InlineData(AgentsFixture.Shop, "SHOP.example:80", "verified")]
    [InlineData(AgentsFixture.Shop, null, "bad_signature")]
    public async Task Signature_is_over_a_host_that_the_gateway_is(string signedFor, string? sentTo, string reason) =>
        Assert.Equal(reason, await gateway.ReasonAsync(gateway.Sign(signedFor), sentTo));

    [Fact]
    public async Task Key_of_nobody_is_unknown()
    {
        using var other = SigningKey.Create();

        Assert.Equal("unknown_key", await gateway.ReasonAsync(gateway.Sign(gateway.Authority, other)));
    }

    [Fact]
    public async Task Path_is_signed_as_it_was_sent()
    {
        var signed = gateway.Sign(gateway.Authority, target: "/test/%73ignature?x=%20");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.BaseUrl + "/test/%73ignature?x=%20", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach (var (name, value) in signed)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal("verified", (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Expired_signature_is_told_so()
    {
        var signed = gateway.Sign(gateway.Authority, change: parameters => parameters with { Created = gateway.Now.AddMinutes(-5), Expires = gateway.Now.AddMinutes(-1) });

        Assert.Equal("expired", await gateway.ReasonAsync(signed));
    }

    [Fact]
    public async Task Rows_of_a_batch_have_nonces_among_themselves_alone()
    {
        var signed = gateway.Sign(AgentsFixture.Shop);
        var batch = NonceScope.NewBatch();

        Assert.Equal("verified", (await RowAsync(signed, batch)).Reason);
        Assert.Equal("replay", (await RowAsync(signed, batch)).Reason);
        Assert.Equal("verified", (await RowAsync(signed, NonceScope.NewBatch())).Reason);
        Assert.Equal("verified", await gateway.ReasonAsync(signed, AgentsFixture.Shop));
        Assert.Equal("replay", await gateway.ReasonAsync(signed, AgentsFixture.Shop));
        Assert.Equal("verified", (await RowAsync(signed, NonceScope.NewBatch())).Reason);
    }

    [Fact]
    public async Task Rows_are_judged_by_the_time_at_which_they_were_received()
    {
        var signed = gateway.Sign(AgentsFixture.Shop);

        Assert.Equal("verified", (await RowAsync(signed, NonceScope.NewBatch(), gateway.Now.AddSeconds(59))).Reason);
        Assert.Equal("expired", (await RowAsync(signed, NonceScope.NewBatch(), gateway.Now.AddSeconds(61))).Reason);
        Assert.Equal("created_in_future", (await RowAsync(signed, NonceScope.NewBatch(), gateway.Now.AddSeconds(-120))).Reason);
    }

    [Theory]
    [InlineData("https", "SHOP.example:443", true)]
    [InlineData("https", AgentsFixture.Shop, true)]
    [InlineData("http", AgentsFixture.Shop, false)]
    public async Task Rows_of_a_shop_were_sent_by_https(string scheme, string host, bool isVerified)
    {
        Assert.True(MessageSigning.TrySign(HttpMessage.Request("GET", scheme, AgentsFixture.Shop, "/a?b", MessageFields.None), gateway.Key, new SigningParameters
        {
            Components = [Component.Of("@target-uri"), Component.Of("@authority")],
            Created = gateway.Now,
            Expires = gateway.Now.AddMinutes(1),
            Tag = "web-bot-auth",
        }, out var signed));

        var verdict = await gateway.Signatures.JudgeAsync(
            "GET", "/a?b", [("Host", host), ("Signature-Input", signed.Input), ("Signature", signed.Signature)], gateway.Now, NonceScope.NewBatch(), CancellationToken.None);

        Assert.Equal(isVerified, verdict.IsVerified);
    }

    [Theory]
    [InlineData("sig1=(\"@authority\" \"x-note\");created=1;expires=2;keyid=\"k\";tag=\"web-bot-auth\"", "a\n\"@method\": GET")]
    [InlineData("sig1=(\"@authority\" \"x-note\");created=1;expires=2;keyid=\"k\";tag=\"web-bot-auth\"", "\ud800 \u0000")]
    [InlineData("\u0000", "")]
    [InlineData("sig1=((((((((((", "")]
    public async Task Rows_may_hold_what_no_wire_would_carry(string input, string note)
    {
        var verdict = await gateway.Signatures.JudgeAsync(
            "\u0000", "", [("Host", "\u0000"), ("X-Note", note), ("Signature-Input", input), ("Signature", "sig1=:AAAA:")], DateTimeOffset.UnixEpoch.AddSeconds(1), NonceScope.NewBatch(), CancellationToken.None);

        Assert.Equal("malformed", verdict.Reason);
    }

    [Fact]
    public async Task Header_of_64_kilobytes_is_refused_in_a_row_and_at_the_door()
    {
        (string, string)[] flood = [("Signature-Input", "sig1=(\"@authority\");tag=\"" + new string('a', 65_536) + "\""), ("Signature", "sig1=:AAAA:")];

        Assert.Equal("malformed", (await RowAsync(flood, NonceScope.NewBatch())).Reason);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/test/signature");
        request.Headers.TryAddWithoutValidation(flood[0].Item1, flood[0].Item2);
        using var answer = await gateway.Client.SendAsync(request);
        Assert.Equal(431, (int)answer.StatusCode);
        Assert.Equal("malformed", await gateway.ReasonAsync([("Signature-Input", flood[0].Item2[..20_000] + "\""), flood[1]]));
    }

    [Fact]
    public async Task Row_that_names_two_hosts_was_sent_nowhere()
    {
        var signed = gateway.Sign(AgentsFixture.Shop);

        var verdict = await gateway.Signatures.JudgeAsync(
            "GET", "/test/signature", [("Host", "evil.example"), ("Host", AgentsFixture.Shop), .. signed], gateway.Now, NonceScope.NewBatch(), CancellationToken.None);

        Assert.False(verdict.IsVerified);
    }

    [Fact]
    public async Task Nonces_that_cannot_be_looked_up_leave_the_caller_unknown_and_answered()
    {
        await using var away = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=1");
        var nonces = new LiveNonces(new ReplayBatches(away));

        Assert.Null(await nonces.TryUseAsync("key", "nonce", gateway.Now.AddMinutes(1), CancellationToken.None));
    }

    [Fact]
    public async Task Nonces_of_a_single_gateway_are_good_once_until_they_expire()
    {
        var nonces = new LocalNonces(gateway.Clock);

        Assert.True(await nonces.TryUseAsync("key", "nonce", gateway.Now.AddMinutes(1), CancellationToken.None));
        Assert.False(await nonces.TryUseAsync("key", "nonce", gateway.Now.AddMinutes(1), CancellationToken.None));
        Assert.True(await nonces.TryUseAsync("another", "nonce", gateway.Now.AddMinutes(1), CancellationToken.None));
    }

    [Fact]
    public async Task Agent_that_was_added_by_another_process_is_known_with_its_first_request()
    {
        using var key = SigningKey.Create();
        // Keys that nobody is known by are looked for twenty times a second at most, and another test may just have named one.
        await Task.Delay(TimeSpan.FromMilliseconds(100));
        await using (var connection = await gateway.OpenDatabaseAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await gateway.App.Services.GetRequiredService<CustobotGateway.Identity.TrustedAgents.TrustedAgentStore>().SaveAsync(
                transaction, "https://new.example", AgentsFixture.Shop, JsonElement.Parse(KeyDirectory.Write([key.Public])), null, "test", CancellationToken.None);
            await transaction.CommitAsync();
        }

        Assert.Equal("verified", await gateway.ReasonAsync(gateway.Sign(gateway.Authority, key)));
    }

    [Fact]
    public async Task Agent_that_was_taken_away_is_unknown_at_once()
    {
        using var key = SigningKey.Create();
        var trusted = await gateway.TrustAsync("https://gone.example", AgentsFixture.Shop, KeyDirectory.Write([key.Public]));
        Assert.Equal("verified", await gateway.ReasonAsync(gateway.Sign(gateway.Authority, key)));
        var store = gateway.App.Services.GetRequiredService<CustobotGateway.Identity.TrustedAgents.TrustedAgentStore>();
        await using (var connection = await gateway.OpenDatabaseAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            Assert.NotNull(await store.RemoveAsync(transaction, trusted.Id, "test", CancellationToken.None));
            await transaction.CommitAsync();
        }
        await store.WhenChangedAsync(CancellationToken.None);

        Assert.Equal("unknown_key", await gateway.ReasonAsync(gateway.Sign(gateway.Authority, key)));
    }

    [SharedDataFact]
    public async Task Every_recorded_agent_is_recognised_and_no_forger()
    {
        var trusted = JsonElement.Parse(await File.ReadAllBytesAsync(SharedData.Find("data/web-bot-auth/requests.json")!)).GetProperty("trusted_keys");
        var keys = JsonSerializer.SerializeToUtf8Bytes(new { keys = trusted.EnumerateArray().Select(key => key.GetProperty("jwk")) });
        await gateway.TrustAsync("https://signature-agent.test", "shop.example", keys);
        var batch = NonceScope.NewBatch();
        var (verified, refused, wrong) = (0, 0, new List<string>());

        foreach (var line in File.ReadLines(SharedData.Find("data/bots/dev.jsonl")!))
        {
            var row = JsonElement.Parse(line);
            (string, string)[] headers = [.. row.GetProperty("headers").EnumerateArray().Select(header => (header[0].GetString()!, header[1].GetString()!))];
            var verdict = await gateway.Signatures.JudgeAsync(row.GetProperty("method").GetString()!, row.GetProperty("path").GetString()!, headers,
                DateTimeOffset.FromUnixTimeSeconds(row.TryGetProperty("received_at", out var at) ? at.GetInt64() : 0), batch, CancellationToken.None);
            verified += verdict.IsVerified ? 1 : 0;
            refused += verdict.IsRefused ? 1 : 0;
            if (verdict.IsVerified != (row.GetProperty("label").GetString() == "verified_agent"))
            {
                wrong.Add($"{row.GetProperty("id").GetString()} {row.GetProperty("source").GetString()}: {verdict.Reason}");
            }
        }

        Assert.Empty(wrong);
        Assert.Equal((130, 80), (verified, refused));
    }

    private ValueTask<SignatureVerdict> RowAsync(IReadOnlyList<(string, string)> signed, NonceScope scope, DateTimeOffset? at = null) =>
        gateway.Signatures.JudgeAsync("GET", "/test/signature", [("host", AgentsFixture.Shop), .. signed], at ?? gateway.Now, scope, CancellationToken.None);
}
