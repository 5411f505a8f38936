using System.Net;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Common;
using CustobotGateway.Tests.Identity.People;

namespace CustobotGateway.Tests.Checkout.Payments;

/// <summary>The sandbox behaves as providers do, and remembers what it did.</summary>
public sealed class SandboxProviderTests(PaymentsFixture shop) : IClassFixture<PaymentsFixture>
{
    [Theory]
    [InlineData("tok_visa")]
    [InlineData("tok_mastercard")]
    [InlineData("tok_slow")]
    [InlineData("tok_duplicate")]
    public async Task A_payment_is_held_then_charged_then_given_back_in_parts(string token)
    {
        var (provider, order) = (shop.Provider(), shop.Order(token, amount: 10_000));

        var held = await provider.AuthoriseAsync(order, default);
        var payment = PaymentsFixture.Known(order, held.Reference);
        var found = await provider.FindAsync(payment, default);
        var charged = await provider.CaptureAsync(payment, order.Amount, default);
        var part = await provider.RefundAsync(payment, "ref_1", new Money(2_500, "USD"), default);
        var rest = await provider.RefundAsync(payment, "ref_2", new Money(7_500, "USD"), default);
        var tooMuch = await provider.RefundAsync(payment, "ref_3", new Money(1, "USD"), default);

        Assert.Equal((PaymentOutcome.Authorised, PaymentOutcome.Authorised), (held.Outcome, found.Outcome));
        Assert.Equal((PaymentOutcome.Captured, 10_000, 0), (charged.Outcome, charged.Captured, charged.Refunded));
        Assert.Equal((PaymentOutcome.Refunded, 10_000, 2_500), (part.Outcome, part.Captured, part.Refunded));
        Assert.Equal((PaymentOutcome.Refunded, 10_000), (rest.Outcome, rest.Refunded));
        Assert.Equal((PaymentOutcome.Declined, "amount_exceeds_captured"), (tooMuch.Outcome, tooMuch.DeclineCode));
    }

    [Theory]
    [InlineData("tok_declined", "card_declined")]
    [InlineData("tok_insufficient_funds", "insufficient_funds")]
    [InlineData("tok_expired_card", "expired_card")]
    [InlineData("tok_incorrect_cvc", "incorrect_cvc")]
    [InlineData("tok_lost_card", "lost_card")]
    [InlineData("tok_stolen_card", "stolen_card")]
    [InlineData("tok_fraud", "fraudulent")]
    [InlineData("tok_processing_error", "processing_error")]
    [InlineData("tok_limit_exceeded", "card_limit_exceeded")]
    [InlineData("tok_of_nobody", "unknown_token")]
    public async Task A_card_is_declined_with_its_reason_and_stays_declined(string token, string code)
    {
        var (provider, order) = (shop.Provider(), shop.Order(token));

        var refused = await provider.AuthoriseAsync(order, default);
        var charged = await provider.CaptureAsync(PaymentsFixture.Known(order), order.Amount, default);

        Assert.Equal((PaymentOutcome.Declined, code), (refused.Outcome, refused.DeclineCode));
        Assert.Equal((PaymentOutcome.Declined, code, 0), (charged.Outcome, charged.DeclineCode, charged.Captured));
    }

    [Fact]
    public async Task Whatever_is_asked_twice_is_done_once()
    {
        var (provider, order) = (shop.Provider(), shop.Order(amount: 10_000));
        var payment = PaymentsFixture.Known(order);

        var held = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => provider.AuthoriseAsync(order, default).AsTask()));
        var charged = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => provider.CaptureAsync(payment, order.Amount, default).AsTask()));
        var refunded = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => provider.RefundAsync(payment, "ref_1", new Money(4_000, "USD"), default).AsTask()));

        Assert.All(held, answer => Assert.Equal(PaymentOutcome.Authorised, answer.Outcome));
        Assert.All(charged, answer => Assert.Equal((PaymentOutcome.Captured, 10_000), (answer.Outcome, answer.Captured)));
        Assert.All(refunded, answer => Assert.Equal((PaymentOutcome.Refunded, 4_000), (answer.Outcome, answer.Refunded)));
    }

    [Fact]
    public async Task Refunds_that_race_never_give_back_more_than_was_charged()
    {
        var (provider, order) = (shop.Provider(), shop.Order(amount: 10_000));
        var payment = PaymentsFixture.Known(order);
        await provider.AuthoriseAsync(order, default);
        await provider.CaptureAsync(payment, order.Amount, default);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => provider.RefundAsync(payment, $"ref_{number}", new Money(3_000, "USD"), default).AsTask()));

        // 3 × 3,000 fit into 10,000, a fourth does not.
        Assert.Equal(3, answers.Count(answer => answer.Outcome == PaymentOutcome.Refunded));
        Assert.Equal(9_000, (await provider.FindAsync(payment, default)).Refunded);
    }

    [Fact]
    public async Task A_part_may_be_charged_and_more_than_was_held_may_not()
    {
        var (provider, order) = (shop.Provider(), shop.Order(amount: 10_000));
        var payment = PaymentsFixture.Known(order);
        await provider.AuthoriseAsync(order, default);

        var tooMuch = await provider.CaptureAsync(payment, new Money(10_001, "USD"), default);
        var part = await provider.CaptureAsync(payment, new Money(6_000, "USD"), default);

        Assert.Equal((PaymentOutcome.Declined, "amount_exceeds_authorised"), (tooMuch.Outcome, tooMuch.DeclineCode));
        Assert.Equal((PaymentOutcome.Captured, 6_000), (part.Outcome, part.Captured));
        Assert.Equal("amount_exceeds_captured", (await provider.RefundAsync(payment, "ref_1", new Money(6_001, "USD"), default)).DeclineCode);
    }

    [Fact]
    public async Task What_was_given_up_is_never_charged_also_when_it_was_never_seen()
    {
        var provider = shop.Provider();
        var (held, unseen) = (shop.Order(), shop.Order());
        await provider.AuthoriseAsync(held, default);

        Assert.Equal(PaymentOutcome.NotFound, (await provider.FindAsync(PaymentsFixture.Known(unseen), default)).Outcome);
        foreach (var order in new[] { held, unseen })
        {
            var payment = PaymentsFixture.Known(order);
            Assert.Equal(PaymentOutcome.Voided, (await provider.VoidAsync(payment, default)).Outcome);
            Assert.Equal(PaymentOutcome.Voided, (await provider.VoidAsync(payment, default)).Outcome);
            Assert.Equal((PaymentOutcome.Declined, "payment_voided"), ((await provider.AuthoriseAsync(order, default)).Outcome, (await provider.AuthoriseAsync(order, default)).DeclineCode));
            Assert.Equal(PaymentOutcome.Voided, (await provider.CaptureAsync(payment, order.Amount, default)).Outcome);
            Assert.Equal(PaymentOutcome.Voided, (await provider.FindAsync(payment, default)).Outcome);
        }
    }

    [Fact]
    public async Task What_was_charged_is_not_given_up()
    {
        var (provider, order) = (shop.Provider(), shop.Order());
        var payment = PaymentsFixture.Known(order);
        await provider.AuthoriseAsync(order, default);
        await provider.CaptureAsync(payment, order.Amount, default);

        Assert.Equal(PaymentOutcome.Captured, (await provider.VoidAsync(payment, default)).Outcome);
        Assert.Equal(PaymentOutcome.NotFound, (await provider.CaptureAsync(PaymentsFixture.Known(shop.Order()), order.Amount, default)).Outcome);
        Assert.Equal(PaymentOutcome.NotFound, (await provider.RefundAsync(PaymentsFixture.Known(shop.Order()), "ref_1", order.Amount, default)).Outcome);
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_unknown_and_what_became_of_it_can_be_asked()
    {
        var provider = shop.Provider();
        var (lost, unseen) = (shop.Order("tok_timeout"), shop.Order("tok_timeout_unseen"));

        Assert.Equal(PaymentOutcome.Unknown, (await provider.AuthoriseAsync(lost, default)).Outcome);
        Assert.Equal(PaymentOutcome.Unknown, (await provider.AuthoriseAsync(unseen, default)).Outcome);

        Assert.Equal(PaymentOutcome.Authorised, (await provider.FindAsync(PaymentsFixture.Known(lost), default)).Outcome);
        Assert.Equal(PaymentOutcome.NotFound, (await provider.FindAsync(PaymentsFixture.Known(unseen), default)).Outcome);
    }

    [Fact]
    public async Task Whoever_stops_waiting_has_no_answer_and_no_exception()
    {
        using var patience = new CancellationTokenSource();
        await patience.CancelAsync();

        Assert.Equal(PaymentOutcome.Unknown, (await shop.Provider().AuthoriseAsync(shop.Order(), patience.Token)).Outcome);
    }

    [Fact]
    public async Task A_payment_that_is_authorised_later_is_so_after_its_time()
    {
        var (provider, order) = (shop.Provider(), shop.Order("tok_webhook_later"));
        var payment = PaymentsFixture.Known(order);

        var now = await provider.AuthoriseAsync(order, default);
        var early = await provider.CaptureAsync(payment, order.Amount, default);
        shop.Clock.Advance(TimeSpan.FromMinutes(2));
        var later = await provider.FindAsync(payment, default);

        Assert.Equal((PaymentOutcome.ActionRequired, null), (now.Outcome, now.ActionUrl));
        Assert.Equal((PaymentOutcome.ActionRequired, 0), (early.Outcome, early.Captured));
        Assert.Equal(PaymentOutcome.Authorised, later.Outcome);
        Assert.Equal(PaymentOutcome.Captured, (await provider.CaptureAsync(payment, order.Amount, default)).Outcome);
    }

    [Fact]
    public async Task Charging_and_giving_back_can_fail()
    {
        var provider = shop.Provider();
        var (uncharged, kept) = (shop.Order("tok_capture_fails"), shop.Order("tok_refund_fails"));
        await provider.AuthoriseAsync(uncharged, default);
        await provider.AuthoriseAsync(kept, default);

        var charge = await provider.CaptureAsync(PaymentsFixture.Known(uncharged), uncharged.Amount, default);
        await provider.CaptureAsync(PaymentsFixture.Known(kept), kept.Amount, default);
        var refund = await provider.RefundAsync(PaymentsFixture.Known(kept), "ref_1", kept.Amount, default);

        Assert.Equal((PaymentOutcome.Declined, "capture_failed"), (charge.Outcome, charge.DeclineCode));
        Assert.Equal(PaymentOutcome.Authorised, (await provider.FindAsync(PaymentsFixture.Known(uncharged), default)).Outcome);
        Assert.Equal((PaymentOutcome.Declined, "refund_failed", 20_000, 0), (refund.Outcome, refund.DeclineCode, refund.Captured, refund.Refunded));
    }

    [Theory]
    [InlineData("accept", PaymentOutcome.Authorised)]
    [InlineData("refuse", PaymentOutcome.Declined)]
    public async Task The_person_decides_on_a_page_about_a_payment_that_asks_for_it(string decision, PaymentOutcome outcome)
    {
        var (provider, order) = (shop.Provider(), shop.Order("tok_3ds", amount: 24_900));
        var asked = await provider.AuthoriseAsync(order, default);
        var payment = PaymentsFixture.Known(order, asked.Reference);
        using var browser = new PersonBrowser(shop.BaseUrl);

        var page = await browser.GetAsync(asked.ActionUrl!.PathAndQuery);
        var foreign = await browser.SubmitAsync(page, ("decision", decision), ("__RequestVerificationToken", ""));
        var between = await provider.FindAsync(payment, default);
        var sent = await browser.SubmitAsync(page, ("decision", decision));
        var done = await browser.GetAsync(sent.Location!);

        Assert.Equal((PaymentOutcome.ActionRequired, shop.BaseUrl + "/sandbox/payments/" + order.PaymentId), (asked.Outcome, asked.ActionUrl.ToString()));
        Assert.Contains("249.00 USD", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", string.Join(' ', page.Answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, PaymentOutcome.ActionRequired), (foreign.Status, between.Outcome));
        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.OK), (sent.Status, done.Status));
        Assert.DoesNotContain("<button", done.Html, StringComparison.Ordinal);
        Assert.Equal(outcome, (await provider.FindAsync(payment, default)).Outcome);
        Assert.Equal(outcome, (await provider.AuthoriseAsync(order, default)).Outcome);
    }

    [Fact]
    public async Task There_is_no_page_for_a_payment_that_asks_nobody()
    {
        var order = shop.Order();
        await shop.Provider().AuthoriseAsync(order, default);

        foreach (var id in new[] { order.PaymentId, "pay_of_nobody", new string('x', 100) })
        {
            using var answer = await shop.Client.GetAsync("/sandbox/payments/" + id);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }
}

/// <summary>What the sandbox did is there when the gateway comes back.</summary>
public sealed class SandboxRestartTests(PaymentsFixture shop) : IClassFixture<PaymentsFixture>
{
    [Fact]
    public async Task A_gateway_that_comes_back_can_ask_what_became_of_a_payment()
    {
        var (held, charged) = (shop.Order(), shop.Order());
        await shop.Provider().AuthoriseAsync(held, default);
        await shop.Provider().AuthoriseAsync(charged, default);
        await shop.Provider().CaptureAsync(PaymentsFixture.Known(charged), charged.Amount, default);

        await shop.StopAsync();
        await shop.StartAsync();

        Assert.Equal(PaymentOutcome.Authorised, (await shop.Provider().FindAsync(PaymentsFixture.Known(held), default)).Outcome);
        Assert.Equal((PaymentOutcome.Captured, 20_000), ((await shop.Provider().FindAsync(PaymentsFixture.Known(charged), default)).Outcome, charged.Amount.Amount));
    }
}
