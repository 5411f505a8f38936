using CustobotGateway.Identity.Delegation;
using Dapper;
using Npgsql;

namespace CustobotGateway.Tests.Identity.Delegation;

/// <summary>Not a cent more than a mandate allows, whatever races, expires, comes back or ends in between.</summary>
public sealed class LedgerTests(LedgerFixture shop) : IClassFixture<LedgerFixture>
{
    [Fact]
    public async Task Two_hundred_reservations_at_once_through_two_pools_hold_what_the_mandate_allows_and_no_more()
    {
        // 33 × 300 = 9,900: a 34th does not fit into 9,999.
        var agent = await shop.GrantAsync("\"limits\":{\"total\":9999}");
        await using var other = NpgsqlDataSource.Create(shop.ConnectionString + ";Application Name=other");

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => shop.AuthoriseAsync(agent, $"cks_{i}", 300, database: i % 2 == 0 ? null : other)));

        Assert.Equal(33, answers.Count(answer => answer.Held is not null));
        Assert.All(answers.Where(answer => answer.Held is null), answer => Assert.Equal("mandate_exceeded", answer.Refusal?.Type.Code));
        var budget = await agent.RemainingAsync();
        Assert.Equal((9_900, 0, 99), (budget.GetProperty("held").GetInt64(), budget.GetProperty("spent").GetInt64(), budget.GetProperty("remaining").GetInt64()));
        Assert.Equal(33, budget.GetProperty("orders").GetProperty("used").GetInt32());
    }

    [Fact]
    public async Task A_hold_expires_by_time_alone_and_who_pays_late_is_judged_again()
    {
        var agent = await shop.GrantAsync("\"limits\":{\"total\":100}");
        Assert.NotNull((await shop.AuthoriseAsync(agent, "cks_late", 60)).Held);
        Assert.Equal("mandate_exceeded", (await shop.AuthoriseAsync(agent, "cks_b", 60)).Refusal?.Type.Code);

        shop.Clock.Advance(LedgerFixture.Hold);

        Assert.Equal(100, (await agent.RemainingAsync()).GetProperty("remaining").GetInt64());
        Assert.Null(await shop.PayAsync(agent, "cks_b", 60));
        Assert.Equal("mandate_exceeded", (await shop.CommitAsync(agent, "cks_late", 60))?.Type.Code);
        Assert.Equal(RefundResult.Refunded, await shop.RefundAsync(agent, "cks_b", "ref_1", 60));
        Assert.Null(await shop.CommitAsync(agent, "cks_late", 60));
        Assert.Equal(40, (await agent.RemainingAsync()).GetProperty("remaining").GetInt64());
    }

    [Fact]
    public async Task The_same_offer_is_held_once_and_another_replaces_it()
    {
        var agent = await shop.GrantAsync("\"limits\":{\"total\":100}");

        var first = await shop.AuthoriseAsync(agent, "cks_same", 60);
        var second = await shop.AuthoriseAsync(agent, "cks_same", 60);
        Assert.Equal(first.Held, second.Held);
        Assert.Equal(70, (await shop.AuthoriseAsync(agent, "cks_same", 70)).Held?.Amount.Amount);

        Assert.Equal((70, 30), ((await agent.RemainingAsync()).GetProperty("held").GetInt64(), (await agent.RemainingAsync()).GetProperty("remaining").GetInt64()));
        Assert.Equal("hold_released", (await shop.CommitAsync(agent, "cks_same", 71))?.Type.Code);
        Assert.True(await shop.ReleaseAsync(agent, "cks_same"));
        Assert.False(await shop.ReleaseAsync(agent, "cks_same"));
        Assert.Equal("hold_released", (await shop.CommitAsync(agent, "cks_same", 70))?.Type.Code);
    }

    [Fact]
    public async Task Refunds_are_made_once_each_and_together_at_most_what_was_paid()
    {
        var agent = await shop.GrantAsync("\"limits\":{\"total\":100}");
        Assert.Null(await shop.PayAsync(agent, "cks_refund", 100));
        Assert.Equal("reservation_paid", (await shop.AuthoriseAsync(agent, "cks_refund", 100)).Refusal?.Type.Code);

        Assert.Equal(RefundResult.NothingPaid, await shop.RefundAsync(agent, "cks_nothing", "ref_1", 1));
        Assert.Equal(RefundResult.NotCovered, await shop.RefundAsync(agent, "cks_refund", "ref_1", 101));
        Assert.Equal(RefundResult.NotCovered, await shop.RefundAsync(agent, "cks_refund", "ref_1", 1, "EUR"));
        Assert.Equal(RefundResult.Refunded, await shop.RefundAsync(agent, "cks_refund", "ref_1", 30));
        Assert.Equal(RefundResult.Repeated, await shop.RefundAsync(agent, "cks_refund", "ref_1", 30));
        Assert.Equal(RefundResult.NotCovered, await shop.RefundAsync(agent, "cks_refund", "ref_1", 20));
        Assert.Equal(RefundResult.NotCovered, await shop.RefundAsync(agent, "cks_refund", "ref_2", 71));
        Assert.Equal(RefundResult.Refunded, await shop.RefundAsync(agent, "cks_refund", "ref_2", 70));

        Assert.Equal((0, 100), ((await agent.RemainingAsync()).GetProperty("spent").GetInt64(), (await agent.RemainingAsync()).GetProperty("remaining").GetInt64()));
    }

    [Fact]
    public async Task Ten_refunds_of_one_id_at_once_give_back_once()
    {
        var agent = await shop.GrantAsync("\"limits\":{\"total\":100}");
        await shop.PayAsync(agent, "cks_race", 100);

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => shop.RefundAsync(agent, "cks_race", "ref_1", 60)));

        Assert.Single(results, RefundResult.Refunded);
        Assert.Equal(40, (await agent.RemainingAsync()).GetProperty("spent").GetInt64());
    }

    [Fact]
    public async Task A_refund_gives_back_to_the_period_of_its_purchase()
    {
        var agent = await shop.GrantAsync("\"limits\":{\"period\":{\"amount\":100,\"every\":\"P7D\"}}");
        await shop.PayAsync(agent, "cks_old", 100);
        shop.Clock.Advance(TimeSpan.FromDays(8));
        await shop.PayAsync(agent, "cks_new", 100);

        await shop.RefundAsync(agent, "cks_old", "ref_1", 100);

        // The old purchase is out of the window already: giving it back makes no room in this one.
        Assert.Equal("mandate_exceeded", (await shop.AuthoriseAsync(agent, "cks_more", 1)).Refusal?.Type.Code);
        await shop.RefundAsync(agent, "cks_new", "ref_2", 30);
        Assert.NotNull((await shop.AuthoriseAsync(agent, "cks_more", 30)).Held);
        var period = (await agent.RemainingAsync()).GetProperty("period");
        Assert.Equal((70, 30, 0), (period.GetProperty("spent").GetInt64(), period.GetProperty("held").GetInt64(), period.GetProperty("remaining").GetInt64()));
    }

    [Fact]
    public async Task A_calendar_day_is_that_of_the_grants_time_zone_also_when_the_clocks_change()
    {
        var agent = await shop.GrantAsync("\"limits\":{\"period\":{\"amount\":100,\"every\":\"P1D\",\"window\":\"calendar\"}}", "Europe/Berlin");
        // 25 March 2040 begins in Berlin at 23:00 UTC of the 24th and has 23 hours.
        AdvanceTo("2040-03-24T22:59:00Z");
        Assert.Null(await shop.PayAsync(agent, "cks_before", 100));
        Assert.Equal("mandate_exceeded", (await shop.PayAsync(agent, "cks_same_day", 1))?.Type.Code);

        AdvanceTo("2040-03-24T23:00:30Z");
        Assert.Null(await shop.PayAsync(agent, "cks_next_day", 100));
        var period = (await agent.RemainingAsync()).GetProperty("period");
        Assert.Equal((Time("2040-03-24T23:00:00Z"), Time("2040-03-25T22:00:00Z")), (period.GetProperty("from").GetDateTimeOffset(), period.GetProperty("until").GetDateTimeOffset()));

        AdvanceTo("2040-03-25T21:59:00Z");
        Assert.Equal("mandate_exceeded", (await shop.PayAsync(agent, "cks_end", 1))?.Type.Code);
        AdvanceTo("2040-03-25T22:00:30Z");
        Assert.Null(await shop.PayAsync(agent, "cks_after", 100));

        // 28 October has 25 hours: from 22:00 UTC to 23:00 UTC of the next day.
        AdvanceTo("2040-10-27T22:00:30Z");
        Assert.Null(await shop.PayAsync(agent, "cks_long_day", 100));
        AdvanceTo("2040-10-28T22:59:00Z");
        Assert.Equal("mandate_exceeded", (await shop.PayAsync(agent, "cks_twenty_fifth_hour", 1))?.Type.Code);
        AdvanceTo("2040-10-28T23:00:30Z");
        Assert.Null(await shop.PayAsync(agent, "cks_next", 100));
    }

    [Fact]
    public async Task Of_several_mandates_the_first_that_allows_pays_and_two_are_never_summed()
    {
        var agent = await GrantTwoAsync();

        Assert.Equal("mandate_exceeded", (await shop.AuthoriseAsync(agent, "cks_sum", 150)).Refusal?.Type.Code);
        Assert.Equal("mdt_a", (await shop.AuthoriseAsync(agent, "cks_1", 80)).Held?.MandateId);
        Assert.Equal("mdt_b", (await shop.AuthoriseAsync(agent, "cks_2", 80)).Held?.MandateId);
        Assert.Equal("mandate_exceeded", (await shop.AuthoriseAsync(agent, "cks_3", 21)).Refusal?.Type.Code);
        Assert.Equal("mdt_a", (await shop.AuthoriseAsync(agent, "cks_4", 20)).Held?.MandateId);

        var budget = await shop.BudgetAsync(agent.GrantId);
        Assert.Equal([("mdt_a", 0L), ("mdt_b", 20L)], budget.Mandates!.Select(mandate => (mandate.MandateId, mandate.Remaining!.Value)));
        Assert.Equal(0, budget.Remaining);
    }

    [Fact]
    public async Task A_revocation_while_budget_is_held_gives_it_back_and_nothing_is_paid()
    {
        var agent = await shop.GrantAsync("\"limits\":{\"total\":100}");
        await shop.AuthoriseAsync(agent, "cks_revoked", 60);

        using var revoked = await shop.Admin.DeleteAsync($"/v1/grants/{agent.GrantId}");

        Assert.Equal("grant_revoked", (await shop.CommitAsync(agent, "cks_revoked", 60))?.Type.Code);
        Assert.Equal("grant_revoked", (await shop.AuthoriseAsync(agent, "cks_other", 1)).Refusal?.Type.Code);
        await using var connection = await shop.OpenDatabaseAsync();
        var budget = await shop.BudgetAsync(agent.GrantId);
        Assert.Equal((0L, 0L, GrantStatus.Revoked), (budget.Held, budget.Spent, budget.Status));
        Assert.Equal(["authorise", "release"], await connection.QueryAsync<string>("select entry from identity.ledger where grant_id = @GrantId order by id", new { agent.GrantId }));
    }

    [Fact]
    public async Task A_gateway_whose_clock_is_behind_writes_no_row_before_the_last()
    {
        var agent = await shop.GrantAsync("\"limits\":{\"total\":100,\"period\":{\"amount\":50,\"every\":\"P1D\"}}");
        await shop.PayAsync(agent, "cks_ahead", 30);
        var behind = shop.Clock.GetUtcNow().AddMinutes(-5);

        var held = await shop.RunAsync(transaction => shop.Ledger.AuthoriseAsync(
            transaction, LedgerFixture.PrincipalOf(agent), LedgerFixture.PurchaseOf("cks_behind", 30), LedgerFixture.Hold, behind, CancellationToken.None));

        Assert.Equal("mandate_exceeded", held.Refusal?.Type.Code);
        await shop.RunAsync(transaction => shop.Ledger.AuthoriseAsync(
            transaction, LedgerFixture.PrincipalOf(agent), LedgerFixture.PurchaseOf("cks_behind", 20), LedgerFixture.Hold, behind, CancellationToken.None));
        await using var connection = await shop.OpenDatabaseAsync();
        var times = (await connection.QueryAsync<DateTime>("select at from identity.ledger where grant_id = @GrantId order by id", new { agent.GrantId })).ToList();
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public async Task An_agent_without_a_mandate_holds_nothing()
    {
        var agent = await shop.GrantAsync("");
        var without = LedgerFixture.PrincipalOf(agent) with { TokenId = "a-token", Details = null };

        var answer = await shop.RunAsync(transaction => shop.Ledger.AuthoriseAsync(
            transaction, without, LedgerFixture.PurchaseOf("cks_none", 1), LedgerFixture.Hold, shop.Clock.GetUtcNow(), CancellationToken.None));

        Assert.Equal("mandate_required", answer.Refusal?.Type.Code);
    }

    [Fact]
    public async Task What_a_mandate_does_not_limit_is_left_out()
    {
        var agent = await shop.GrantAsync("\"max_orders\":3,\"approval_above\":50,\"limits\":{\"per_item\":70}");
        await shop.PayAsync(agent, "cks_1", 40);

        var budget = await agent.RemainingAsync();

        Assert.Equal((40, 70, 50), (budget.GetProperty("spent").GetInt64(), budget.GetProperty("per_item").GetInt64(), budget.GetProperty("approval_above").GetInt64()));
        Assert.Equal((3, 1, 2), (Orders("max"), Orders("used"), Orders("remaining")));
        Assert.All(["total", "remaining", "per_order", "period", "mandates"], member => Assert.False(budget.TryGetProperty(member, out _), member));
        Assert.Equal(("active", false), (budget.GetProperty("status").GetString(), budget.GetProperty("revoked").GetBoolean()));

        int Orders(string member) => budget.GetProperty("orders").GetProperty(member).GetInt32();
    }

    private async Task<Checkout.Agent> GrantTwoAsync()
    {
        const string details = """
            [{"type":"purchase_mandate","mandate_id":"mdt_a","actions":["purchase"],"currency":"USD","limits":{"total":100}},
             {"type":"purchase_mandate","mandate_id":"mdt_b","actions":["purchase"],"currency":"USD","limits":{"total":100}}]
            """;
        var id = "grt_" + Guid.NewGuid().ToString("n");
        await using var connection = await shop.OpenDatabaseAsync();
        await connection.ExecuteAsync("""
            insert into identity.grants (id, client_id, person, scopes, resources, details, created_at) values (@id, 'purchasing-bot', 'usr_1', '{checkout}', '{}', @details::jsonb, now())
            """, new { id, details });
        return new Checkout.Agent(shop, id, "none");
    }

    private void AdvanceTo(string time)
    {
        Assert.True(Time(time) > shop.Clock.GetUtcNow(), "Time runs forward only: run these tests before " + time);
        shop.Clock.Advance(Time(time) - shop.Clock.GetUtcNow());
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
