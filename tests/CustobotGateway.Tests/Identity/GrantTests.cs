using System.Net;
using System.Text;
using System.Text.Json;
using CustobotGateway.Tests.Checkout;
using CustobotGateway.Tests.Common;
using Dapper;

namespace CustobotGateway.Tests.Identity;

/// <summary>What a mandate allows, to the cent, and when it ends.</summary>
public sealed class GrantTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    [Fact]
    public async Task An_order_of_exactly_the_limit_is_paid_and_leaves_nothing()
    {
        var product = await shop.AddProductAsync(price: 20_000);
        var agent = await shop.GrantAsync(perOrder: 20_000, total: 20_000);

        var (status, _) = await agent.CompleteAsync(await agent.OpenSessionAsync(product));

        Assert.Equal(HttpStatusCode.OK, status);
        var (_, budget) = await agent.GetAsync($"/v1/grants/{agent.GrantId}/remaining");
        Assert.Equal((20_000, 0, 0), (budget.GetProperty("spent").GetInt64(), budget.GetProperty("held").GetInt64(), budget.GetProperty("remaining").GetInt64()));
    }

    [Theory]
    [InlineData(19_999, 100_000)]
    [InlineData(20_000, 39_999)]
    public async Task An_order_over_a_limit_by_one_cent_is_refused_and_changes_nothing(long perOrder, long total)
    {
        var product = await shop.AddProductAsync(price: 20_000, stock: 5);
        var agent = await shop.GrantAsync(perOrder, total);
        if (perOrder >= 20_000)
        {
            // The first order leaves 19,999 of the total.
            await agent.CompleteAsync(await agent.OpenSessionAsync(product));
        }
        var stock = await shop.StockOfAsync(product);

        var answer = await agent.CompleteAsync(await agent.OpenSessionAsync(product));

        answer.ShouldBe(403, "mandate_exceeded");
        Assert.True(answer.Body.TryGetProperty("remedy", out _));
        Assert.Equal(stock, await shop.StockOfAsync(product));
        Assert.Equal(0, await shop.CountAsync("identity.ledger", "grant_id = @GrantId and entry = 'authorise' and amount <> 20000", new { agent.GrantId }));
    }

    [Fact]
    public async Task Twenty_orders_at_once_never_spend_more_than_the_mandate()
    {
        var product = await shop.AddProductAsync(price: 10_000, stock: 1_000);
        // Room for seven of the twenty: 7 × 100.00 = 700.00, and 99.99 that no eighth fits into.
        var agent = await shop.GrantAsync(perOrder: 10_000, total: 79_999);
        var sessions = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            sessions.Add(await agent.OpenSessionAsync(product));
        }

        var answers = await Task.WhenAll(sessions.Select(session => agent.CompleteAsync(session)));

        Assert.Equal(7, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => answer.ShouldBe(403, "mandate_exceeded"));
        Assert.Equal(993, await shop.StockOfAsync(product));
        Assert.Equal(7, await shop.CountAsync("checkout.orders", "grant_id = @GrantId", new { agent.GrantId }));
        var (_, budget) = await agent.GetAsync($"/v1/grants/{agent.GrantId}/remaining");
        Assert.Equal((70_000, 9_999), (budget.GetProperty("spent").GetInt64(), budget.GetProperty("remaining").GetInt64()));
    }

    [Fact]
    public async Task A_revoked_token_is_refused_at_once_and_its_open_session_buys_nothing()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(product);

        using var revoked = await shop.Admin.DeleteAsync($"/v1/grants/{agent.GrantId}");
        using var again = await shop.Admin.DeleteAsync($"/v1/grants/{agent.GrantId}");

        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        (await agent.CompleteAsync(session)).ShouldBe(401, "invalid_token");
        Assert.Equal(0, await shop.CountAsync("checkout.orders", "grant_id = @GrantId", new { agent.GrantId }));
    }

    [Fact]
    public async Task A_revocation_in_the_middle_of_a_purchase_ends_it()
    {
        var product = await shop.AddProductAsync(stock: 2);
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(product);
        await using var connection = await shop.OpenDatabaseAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("update identity.grants set revoked_at = now() where id = @GrantId", new { agent.GrantId }, transaction);

        // The purchase is past the token's check and waits for the grant's row.
        var purchase = agent.CompleteAsync(session);
        await WaitUntilBlockedAsync(purchase);
        await transaction.CommitAsync();

        (await purchase).ShouldBe(403, "grant_revoked");
        Assert.Equal(2, await shop.StockOfAsync(product));
    }

    private async Task WaitUntilBlockedAsync(Task purchase)
    {
        await using var connection = await shop.OpenDatabaseAsync();
        while (!purchase.IsCompleted && await connection.QuerySingleAsync<long>(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") == 0)
        {
            await Task.Delay(10);
        }
    }

    [Fact]
    public async Task A_mandate_outside_its_time_buys_nothing()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(product);
        await using var connection = await shop.OpenDatabaseAsync();
        await connection.ExecuteAsync("""
            update identity.grants set mandate = jsonb_set(mandate, '{not_after}', to_jsonb(now() - interval '1 minute')) where id = @GrantId
            """, new { agent.GrantId });

        (await agent.CompleteAsync(session)).ShouldBe(403, "mandate_exceeded");
    }

    [Fact]
    public async Task A_mandate_to_quote_only_does_not_buy()
    {
        var agent = await shop.GrantAsync(actions: ["quote"]);

        (await agent.PostAsync("/v1/checkout_sessions", """{"line_items":[{"product_id":"prd_0000000000001","quantity":1}]}""")).ShouldBe(403, "insufficient_scope");
    }

    [Fact]
    public async Task The_administrator_holds_no_mandate()
    {
        var product = await shop.AddProductAsync();
        var administrator = new Agent(shop, "none", GatewayFixture.AdminToken);

        (await administrator.OfferAsync(product, 19_000)).ShouldBe(403, "mandate_required");
        (await administrator.PostAsync("/v1/checkout_sessions", $$"""{"line_items":[{"product_id":"{{product}}","quantity":1}]}""")).ShouldBe(403, "mandate_required");
    }

    [Fact]
    public async Task An_agent_does_not_learn_of_another_grant()
    {
        var agent = await shop.GrantAsync();
        var other = await shop.GrantAsync();

        (await agent.GetAsync($"/v1/grants/{other.GrantId}/remaining")).ShouldBe(404, "not_found");
    }

    [Fact]
    public async Task Only_the_administrator_issues_and_revokes()
    {
        var agent = await shop.GrantAsync();

        (await agent.PostAsync("/v1/grants", GoodGrant)).ShouldBe(403, "insufficient_scope");
        (await agent.SendAsync(HttpMethod.Delete, $"/v1/grants/{agent.GrantId}")).ShouldBe(403, "insufficient_scope");
        using var anonymous = await shop.Client.PostAsync("/v1/grants", new StringContent(GoodGrant, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
    }

    [Fact]
    public async Task The_token_is_shown_once_and_only_its_hash_is_kept()
    {
        var administrator = new Agent(shop, "none", GatewayFixture.AdminToken);

        var (_, first) = await administrator.PostAsync("/v1/grants", GoodGrant, key: "grant-once");
        var (_, second) = await administrator.PostAsync("/v1/grants", GoodGrant, key: "grant-once");

        var token = first.GetProperty("token").GetString()!;
        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
        Assert.False(second.TryGetProperty("token", out _));
        foreach (var table in new[] { "identity.grants", "common.idempotency", "common.events" })
        {
            Assert.Equal(0, await shop.CountAsync(table + " t", "t::text like '%' || @token || '%'", new { token }));
        }
    }

    private const string GoodGrant = """
        {"client_id":"bot","person":"ada@example.com","authorization_details":[
          {"type":"purchase_mandate","actions":["quote","purchase"],"currency":"USD","limits":{"per_order":100,"total":200}}]}
        """;

    [Theory]
    [InlineData("\"currency\":\"USD\"", "\"currency\":\"usd\"", "/authorization_details/0/currency")]
    [InlineData("\"purchase_mandate\"", "\"blank_cheque\"", "/authorization_details/0/type")]
    [InlineData("\"quote\",", "\"resell\",", "/authorization_details/0/actions/0")]
    [InlineData("\"per_order\":100", "\"per_order\":0", "/authorization_details/0/limits/per_order")]
    [InlineData("\"per_order\":100", "\"per_order\":-1", "/authorization_details/0/limits/per_order")]
    [InlineData("\"per_order\":100", "\"per_order\":201", "/authorization_details/0/limits/total")]
    [InlineData("\"per_order\":100", "\"per_order\":0.5", "/authorization_details/0/limits/per_order")]
    [InlineData("\"total\":200", "\"total\":9000000000000000000", "/authorization_details/0/limits/total")]
    [InlineData("\"total\":200", "\"total\":200,\"per_day\":5", "/authorization_details/0/limits/per_day")]
    [InlineData("\"type\":", "\"max_orders\":0,\"type\":", "/authorization_details/0/max_orders")]
    [InlineData("\"type\":", "\"max_order\":3,\"type\":", "/authorization_details/0/max_order")]
    [InlineData("\"type\":", "\"mandate_id\":\"mdt_1\",\"type\":", "/authorization_details/0")]
    [InlineData("\"type\":", "\"categories\":[\"starships\"],\"type\":", "/authorization_details/0")]
    [InlineData("\"type\":", "\"rules\":[{\"attribute\":\"luck\",\"op\":\"gte\",\"value\":7}],\"type\":", "/authorization_details/0")]
    [InlineData("\"total\":200", "\"total\":200,\"period\":{\"amount\":100,\"every\":\"P0D\"}", "/authorization_details/0/limits/period/every")]
    [InlineData("\"person\":", "\"time_zone\":\"Mars/Olympus\",\"person\":", "/time_zone")]
    [InlineData("[\n  {", "[null,{", "/authorization_details")]
    public async Task A_mandate_that_could_not_be_held_to_is_refused(string good, string bad, string pointer)
    {
        var administrator = new Agent(shop, "none", GatewayFixture.AdminToken);
        Assert.Contains(good, GoodGrant, StringComparison.Ordinal);

        var answer = await administrator.PostAsync("/v1/grants", GoodGrant.Replace(good, bad, StringComparison.Ordinal));

        answer.ShouldBe(400, "invalid_request");
        Assert.Contains(pointer, answer.Body.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()));
    }

    [Fact]
    public async Task What_a_grant_has_done_is_a_chain_that_verifies()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        await agent.CompleteAsync(await agent.OpenSessionAsync(product));
        using var revoked = await shop.Admin.DeleteAsync($"/v1/grants/{agent.GrantId}");

        var stream = await CustobotGateway.Common.Events.EventLog.ReadStreamAsync(Database, agent.GrantId, CancellationToken.None);

        Assert.Equal(["grant.issued", "grant.held", "grant.spent", "grant.revoked"], stream.Select(entry => entry.Type));
        Assert.Null(CustobotGateway.Common.Events.EventChain.FirstBreak(stream));
        Assert.Equal(2, CustobotGateway.Common.Events.EventChain.FirstBreak(
            [stream[0], stream[1] with { Data = JsonElement.Parse("""{"reservation":"x","paid":{"amount":1,"currency":"USD"}}""") }, .. stream.Skip(2)]));
    }

    private Npgsql.NpgsqlDataSource Database => (Npgsql.NpgsqlDataSource)shop.App.Services.GetService(typeof(Npgsql.NpgsqlDataSource))!;
}
