using System.Net;
using System.Text.Json;
using CustobotGateway.Checkout;
using CustobotGateway.Common;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CustobotGateway.Tests.Checkout;

/// <summary>A session is changed, given up or expires, and tells what became of it; what is over stays over.</summary>
public sealed class SessionChangesTests(SellingFixture shop) : IClassFixture<SellingFixture>
{
    [Fact]
    public async Task An_update_replaces_what_it_names_and_keeps_the_rest()
    {
        var (first, second) = (await shop.AddProductAsync(price: 1_000, name: "Pen"), await shop.AddProductAsync(price: 250, name: "Cap"));
        var agent = await shop.GrantAsync();
        var opened = await agent.OpenAsync(Sessions.Line(first), """ "buyer":{"email":"ada@example.com"},"attribution":{"utm_source":"newsletter"} """);

        var (status, updated) = await agent.PatchAsync(opened.Id(), $$"""{"line_items":[{{Sessions.Line(first, 2)}},{{Sessions.Line(second)}}]}""");
        var (_, cleared) = await agent.PatchAsync(opened.Id(), """{"attribution":null}""");

        Assert.Equal(HttpStatusCode.OK, status);
        // 2 × 10.00 + 2.50
        Assert.Equal([("subtotal", 2_250), ("total", 2_250)], updated.Totals());
        Assert.Equal(["li_1", "li_2"], updated.GetProperty("line_items").EnumerateArray().Select(Sessions.Id));
        Assert.Equal("ada@example.com", updated.GetProperty("buyer").GetProperty("email").GetString());
        Assert.Equal("newsletter", updated.GetProperty("attribution").GetProperty("utm_source").GetString());
        Assert.False(cleared.TryGetProperty("attribution", out _));
        Assert.Equal(2, cleared.GetProperty("line_items").GetArrayLength());
        Assert.Equal(cleared.GetRawText(), (await agent.GetAsync($"/v1/checkout_sessions/{opened.Id()}")).Body.GetRawText());
    }

    [Fact]
    public async Task A_price_that_moved_is_charged_only_after_the_session_said_so()
    {
        var product = await shop.AddProductAsync(price: 1_000);
        var agent = await shop.GrantAsync();
        var session = await agent.OpenAsync(Sessions.Line(product));
        await shop.SetPriceAsync(product, 1_200);

        var (_, locked) = await agent.GetAsync($"/v1/checkout_sessions/{session.Id()}");
        var (_, updated) = await agent.PatchAsync(session.Id(), """{"buyer":{"first_name":"Ada"}}""");

        Assert.Equal([("subtotal", 1_000), ("total", 1_000)], locked.Totals());
        Assert.Empty(locked.Codes());
        Assert.Equal([("subtotal", 1_200), ("total", 1_200)], updated.Totals());
        var message = updated.Message("price_changed");
        Assert.Equal(("warning", "$.line_items[0]", 1_000L, 1_200L), (message.GetProperty("type").GetString(), message.GetProperty("path").GetString(),
            message.GetProperty("details").GetProperty("old").GetInt64(), message.GetProperty("details").GetProperty("new").GetInt64()));
        Assert.Equal("ready_for_complete", updated.Status());
    }

    [Fact]
    public async Task A_session_for_a_quote_keeps_what_was_agreed()
    {
        var product = await shop.AddProductAsync(price: 20_000);
        var agent = await shop.GrantAsync();
        var quote = await agent.AgreeAsync(product, 19_000, quantity: 2);
        var (_, session) = await agent.PostAsync("/v1/checkout_sessions", $$"""{"quote_id":"{{quote}}"}""");
        await shop.SetPriceAsync(product, 50_000);

        (await agent.PatchAsync(session.Id(), $$"""{"line_items":[{{Sessions.Line(product)}}]}""")).ShouldBe(422, "quote_fixed");
        var (_, updated) = await agent.PatchAsync(session.Id(), """{"buyer":{"email":"ada@example.com"}}""");

        Assert.Equal(session.Totals(), updated.Totals());
        Assert.Empty(updated.Codes());
    }

    [Fact]
    public async Task What_is_withdrawn_has_to_be_removed()
    {
        var (kept, gone) = (await shop.AddProductAsync(price: 1_000), await shop.AddProductAsync(price: 500));
        var agent = await shop.GrantAsync();
        var session = await agent.OpenAsync($"{Sessions.Line(kept)},{Sessions.Line(gone)}");
        await shop.WithdrawAsync(gone);

        var (_, told) = await agent.PatchAsync(session.Id(), """{"buyer":null}""");
        var (_, removed) = await agent.PatchAsync(session.Id(), $$"""{"line_items":[{{Sessions.Line(kept)}}]}""");

        Assert.Equal(("incomplete", "$.line_items[1]"), (told.Status(), told.Message("item_unavailable").GetProperty("path").GetString()));
        Assert.Equal("ready_for_complete", removed.Status());
        Assert.Equal([("subtotal", 1_000), ("total", 1_000)], removed.Totals());
    }

    [Fact]
    public async Task A_canceled_session_is_over()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var session = (await agent.OpenAsync(Sessions.Line(product))).Id();

        var (status, canceled) = await agent.CancelAsync(session, key: "cancel");
        var again = await agent.CancelAsync(session, key: "cancel");

        Assert.Equal((HttpStatusCode.OK, "canceled"), (status, canceled.Status()));
        Assert.Equal(canceled.GetRawText(), again.Body.GetRawText());
        (await agent.CancelAsync(session)).ShouldBe(409, "session_canceled");
        (await agent.PatchAsync(session, """{"buyer":null}""")).ShouldBe(409, "session_canceled");
        Assert.Equal(["checkout.canceled"], await shop.EventsOfAsync(session));
    }

    [Fact]
    public async Task An_expired_session_reads_as_canceled_at_once_and_is_swept_once()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var session = (await agent.OpenAsync(Sessions.Line(product))).Id();
        shop.Clock.Advance(TimeSpan.FromMinutes(16));

        Assert.Equal("canceled", (await agent.GetAsync($"/v1/checkout_sessions/{session}")).Body.Status());
        (await agent.PatchAsync(session, """{"buyer":null}""")).ShouldBe(409, "session_expired");
        (await agent.CancelAsync(session)).ShouldBe(409, "session_expired");
        await shop.SweepAsync();
        await shop.SweepAsync();

        Assert.Equal(["checkout.expired"], await shop.EventsOfAsync(session));
        Assert.Equal(1, await shop.CountAsync("checkout.sessions", "id = @session and status = 'canceled'", new { session }));
    }

    [Fact]
    public async Task A_session_that_is_being_paid_is_left_alone()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var session = (await agent.OpenAsync(Sessions.Line(product))).Id();
        await shop.SetStatusAsync(session, "complete_in_progress");

        (await agent.PatchAsync(session, """{"buyer":null}""")).ShouldBe(409, "payment_in_progress");
        (await agent.CancelAsync(session)).ShouldBe(409, "payment_in_progress");
        shop.Clock.Advance(TimeSpan.FromMinutes(16));
        await shop.SweepAsync();
        using var revoked = await shop.Admin.DeleteAsync(new Uri($"/v1/grants/{agent.GrantId}", UriKind.Relative));

        Assert.Equal(1, await shop.CountAsync("checkout.sessions", "id = @session and status = 'complete_in_progress'", new { session }));
    }

    [Fact]
    public async Task An_update_takes_back_what_a_person_was_asked()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var session = (await agent.OpenAsync(Sessions.Line(product))).Id();
        await shop.SetStatusAsync(session, "requires_escalation", """
            {"code":"approval_required","content":"Your principal has to approve.","severity":"requires_buyer_review","continue_url":"https://shop.example/approvals/apr_1","approval_id":"apr_1"}
            """);

        var (_, waiting) = await agent.GetAsync($"/v1/checkout_sessions/{session}");
        var (_, updated) = await agent.PatchAsync(session, $$"""{"line_items":[{{Sessions.Line(product, 2)}}]}""");

        Assert.Equal(("requires_escalation", "https://shop.example/approvals/apr_1"), (waiting.Status(), waiting.GetProperty("continue_url").GetString()));
        Assert.Equal(("requires_buyer_review", "/v1/approvals/apr_1"), (waiting.Message("approval_required").GetProperty("severity").GetString(),
            waiting.Message("approval_required").GetProperty("remedy").GetProperty("link").GetString()));
        Assert.Equal("ready_for_complete", updated.Status());
        Assert.Empty(updated.Codes());
        Assert.False(updated.TryGetProperty("continue_url", out _));
    }

    [Fact]
    public async Task A_session_of_another_agent_can_be_neither_changed_nor_canceled()
    {
        var product = await shop.AddProductAsync();
        var (agent, stranger) = (await shop.GrantAsync(), await shop.GrantAsync());
        var session = (await agent.OpenAsync(Sessions.Line(product))).Id();

        (await stranger.PatchAsync(session, """{"buyer":null}""")).ShouldBe(404, "not_found");
        (await stranger.CancelAsync(session)).ShouldBe(404, "not_found");
    }

    [Fact]
    public async Task Sums_that_some_readers_would_round_are_refused()
    {
        // 10^12 minor units × 10,000 is 10^16, beyond 2^53 − 1.
        var product = await shop.AddProductAsync(price: 1_000_000_000_000);
        var agent = await shop.GrantAsync();

        (await agent.PostAsync("/v1/checkout_sessions", $$"""{"line_items":[{{Sessions.Line(product, 10_000)}}]}""")).ShouldBe(422, "total_too_large");
    }

    [Fact]
    public async Task The_last_use_of_a_discount_is_taken_by_one_of_two()
    {
        await shop.SetShopAsync("""{"discounts":[{"id":"once","title":"Once","kind":"percent","percent":10,"code":"ONCE","uses":1}]}""");
        var product = await shop.AddProductAsync(price: 1_000);
        var agent = await shop.GrantAsync();
        var (first, second) = (await OnceAsync(agent, product), await OnceAsync(agent, product));

        var answers = await Task.WhenAll(TakeAsync(first), TakeAsync(second));
        var third = await agent.OpenAsync(Sessions.Line(product), """ "discounts":{"codes":["once"]} """);

        Assert.Equal("discount_used_up", Assert.Single(answers, answer => answer is not null)!.Type.Code);
        Assert.Equal(1, await shop.CountAsync("checkout.discount_uses", "discount_id = 'once'", new { }));
        Assert.Contains("discount_code_expired", third.Codes());
        Assert.Equal([("subtotal", 1_000), ("total", 1_000)], third.Totals());
        await shop.SetShopAsync("{}");
    }

    private static async Task<CheckoutSession> OnceAsync(Agent agent, string product) =>
        (await agent.OpenAsync(Sessions.Line(product), """ "discounts":{"codes":["once"]} """)).Deserialize<CheckoutSession>(StoredJson.Options)!;

    private async Task<Problem?> TakeAsync(CheckoutSession session)
    {
        await using var connection = await shop.App.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var refusal = await DiscountUses.TakeAsync(transaction, session, shop.Shop, shop.Clock.GetUtcNow(), CancellationToken.None);
        await transaction.CommitAsync();
        return refusal;
    }
}
