using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CustobotGateway.BotDetection.Trust;
using CustobotGateway.Common.Events;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Tests.Checkout;
using CustobotGateway.Tests.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.BotDetection.Trust;

/// <summary>Trust follows what an operator does in the shop, decays, explains itself, and can be appealed.</summary>
public sealed class TrustTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    private const string Path = "/v1/bot-detection/trust";

    [Fact]
    public async Task Orders_raise_trust_and_what_the_mandate_does_not_cover_lowers_it_and_each_is_explained()
    {
        var name = Name();
        var agent = await shop.GrantAsync(perOrder: 30_000, clientId: name);
        var product = await shop.AddProductAsync(20_000);
        Assert.Equal(50, (await ReadAsync(name)).GetProperty("trust").GetInt32());

        Assert.Equal(HttpStatusCode.OK, (await agent.CompleteAsync(await agent.OpenSessionAsync(product))).Status);
        var after = await UntilAsync(name, "completed_orders");

        // log-odds 0.6 × log2(1 + 1) = 0.6: 100 / (1 + e^-0.6) = 64.6.
        Assert.Equal(65, after.GetProperty("trust").GetInt32());
        Assert.Equal(HttpStatusCode.Forbidden, (await agent.CompleteAsync(await agent.OpenSessionAsync(product, 2), key: "once")).Status);
        var breached = await UntilAsync(name, "limit_breaches");
        // 0.6 − 0.5 = 0.1: 52.5.
        Assert.Equal(52, breached.GetProperty("trust").GetInt32());
        Assert.Contains("mandate", breached.GetProperty("raises")[0].GetString(), StringComparison.Ordinal);
        Assert.All(breached.GetProperty("components").EnumerateArray(), one => Assert.True(one.TryGetProperty("since", out _) && one.TryGetProperty("weight", out _)));
        var lanes = shop.App.Services.GetRequiredService<TrustScores>();
        Assert.True(await BecomesAsync(() => lanes.Of(name) == 52));
    }

    [Fact]
    public async Task What_ends_and_what_is_still_held_are_counted_together()
    {
        var (name, now) = (Name(), DateTimeOffset.UtcNow);
        await using (var connection = await shop.OpenDatabaseAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var (reservation, isPaid) in new[] { ("cks_a" + name, true), ("cks_b" + name, false) })
            {
                await EventLog.AppendAsync(transaction, "grt_" + reservation, name, now, new GrantHeld(reservation, "man_1", new(100, "USD"), now.AddHours(1)), default);
                if (isPaid)
                {
                    await EventLog.AppendAsync(transaction, "grt_" + reservation, name, now, new GrantSpent(reservation, new(100, "USD"), "man_1"), default);
                    await EventLog.AppendAsync(transaction, "grt_" + reservation, name, now, new PurchaseRefused("grt_1", reservation, "per_order"), default);
                    await EventLog.AppendAsync(transaction, "grt_" + reservation, name, now, new PurchaseRefused("grt_1", reservation, "total"), default);
                }
            }
            await transaction.CommitAsync();
        }

        var breaches = (await UntilAsync(name, "limit_breaches")).GetProperty("components").EnumerateArray().Single(one => one.GetProperty("component").GetString() == "limit_breaches");

        Assert.Equal(2, breaches.GetProperty("count").GetDouble(), 2);
        await using var database = await shop.OpenDatabaseAsync();
        Assert.Equal([("paid", false), ("hold", true)], await database.QueryAsync<(string, bool)>(
            "select state, expires_at is not null from botdetection.trust_subjects where operator = @name order by subject", new { name }));
    }

    [Fact]
    public async Task What_was_done_counts_half_after_the_half_life()
    {
        var name = Name();
        var agent = await shop.GrantAsync(clientId: name);
        await agent.CompleteAsync(await agent.OpenSessionAsync(await shop.AddProductAsync(20_000)));
        Assert.Equal(1, CountOf(await UntilAsync(name, "completed_orders"), "completed_orders"), 2);

        shop.Clock.Advance(TimeSpan.FromDays(30));

        Assert.Equal(0.5, CountOf(await ReadAsync(name), "completed_orders"), 2);
    }

    [Fact]
    public async Task Declined_payment_and_negotiation_are_counted()
    {
        var name = Name();
        var agent = await shop.GrantAsync(clientId: name);
        var product = await shop.AddProductAsync(20_000);

        await agent.CompleteAsync(await agent.OpenSessionAsync(product), "tok_declined");
        await agent.AgreeAsync(product, 19_500);

        Assert.Equal(1, CountOf(await UntilAsync(name, "abandoned_holds"), "abandoned_holds"), 2);
        Assert.Equal(1, CountOf(await UntilAsync(name, "agreements"), "agreements"), 2);
    }

    [Fact]
    public async Task Operator_reads_its_own_trust_and_nobody_elses()
    {
        var name = Name();
        var agent = await shop.GrantAsync(clientId: name);

        var (own, body) = await agent.GetAsync(Path + "/me");
        var (byName, _) = await agent.GetAsync($"{Path}/{name}");
        var (other, refused) = await agent.GetAsync(Path + "/somebody-else");
        using var nobody = await shop.Client.GetAsync($"{Path}/{name}");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized), (own, byName, other, nobody.StatusCode));
        Assert.Equal(name, body.GetProperty("operator").GetString());
        Assert.Equal(Path + "/me", refused.GetProperty("remedy").GetProperty("link").GetString());
        Assert.True((await GatewayFixture.ReadJsonAsync(nobody)).TryGetProperty("remedy", out _));
    }

    [Fact]
    public async Task Appeal_that_is_granted_takes_the_named_component_back_once()
    {
        var name = Name();
        var agent = await shop.GrantAsync(perOrder: 10_000, clientId: name);
        await agent.CompleteAsync(await agent.OpenSessionAsync(await shop.AddProductAsync(20_000)));
        Assert.Equal(38, (await UntilAsync(name, "limit_breaches")).GetProperty("trust").GetInt32());

        var (made, appeal) = await agent.PostAsync($"{Path}/me/appeals", """{"text":"<script>alert(1)</script> The mandate had just changed."}""");
        Assert.Equal(HttpStatusCode.Created, made);
        var address = $"{Path}/{name}/appeals/{appeal.GetProperty("id").GetString()}";
        var (own, _) = await agent.SendAsync(HttpMethod.Patch, address, """{"decision":"granted","note":"I say so."}""");
        using var decided = await shop.Admin.PatchAsJsonAsync(address, new { decision = "granted", note = "True.", components = new[] { "limit_breaches" } });
        using var again = await shop.Admin.PatchAsJsonAsync(address, new { decision = "refused", note = "No." });

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (own, decided.StatusCode));
        Assert.Equal("appeal_decided", (await GatewayFixture.ReadJsonAsync(again)).GetProperty("code").GetString());
        var after = await ReadAsync(name);
        Assert.Equal(50, after.GetProperty("trust").GetInt32());
        Assert.Equal(("granted", "True."), (after.GetProperty("appeals")[0].GetProperty("status").GetString(), after.GetProperty("appeals")[0].GetProperty("note").GetString()));
        Assert.Equal(2, await shop.CountAsync("common.events", "stream = @stream", new { stream = "trust/" + name }));
    }

    [Fact]
    public async Task Only_so_many_appeals_are_open()
    {
        var agent = await shop.GrantAsync(clientId: Name());
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Created, (await agent.PostAsync($"{Path}/me/appeals", """{"text":"Again."}""")).Status);
        }

        var (status, refused) = await agent.PostAsync($"{Path}/me/appeals", """{"text":"And again."}""");

        Assert.Equal((HttpStatusCode.Conflict, "too_many_appeals"), (status, refused.GetProperty("code").GetString()));
    }

    private static string Name() => "operator-" + Guid.NewGuid().ToString("n");

    private static double CountOf(JsonElement trust, string component) =>
        trust.GetProperty("components").EnumerateArray().Single(one => one.GetProperty("component").GetString() == component).GetProperty("count").GetDouble();

    private async Task<JsonElement> ReadAsync(string name) => await GatewayFixture.ReadJsonAsync(await shop.Admin.GetAsync($"{Path}/{name}"));

    // The events are followed within half a second.
    private async Task<JsonElement> UntilAsync(string name, string component)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            var trust = await ReadAsync(name);
            if (trust.GetProperty("components").EnumerateArray().Any(one => one.GetProperty("component").GetString() == component))
            {
                return trust;
            }
            await Task.Delay(50);
        }
        throw new TimeoutException($"{component} of {name} was not counted");
    }

    private static async Task<bool> BecomesAsync(Func<bool> condition)
    {
        for (var tries = 0; tries < 200 && !condition(); tries++)
        {
            await Task.Delay(50);
        }
        return condition();
    }
}
