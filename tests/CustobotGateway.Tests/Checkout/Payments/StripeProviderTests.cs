using System.Net;
using System.Text;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Checkout.Payments.Stripe;
using CustobotGateway.Common;
using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CustobotGateway.Tests.Checkout.Payments;

/// <summary>A gateway that pays through a stand-in of Stripe on this machine.</summary>
public sealed class StripeFixture : PaymentsFixture, IAsyncLifetime
{
    public const string WebhookSecret = "whsec_of_the_tests";

    public StripeStandIn Stripe { get; } = new();

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.AddSingleton(_ => new StripeOptions { Url = Stripe.Url, TimeoutMilliseconds = 5_000, RetryMilliseconds = 0 }.Check());
        services.AddSingleton(provider => new StripeKeys(StripeStandIn.Key, WebhookSecret, provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<IDataProtectionProvider>()));
    }

    async Task IAsyncLifetime.InitializeAsync()
    {
        await Stripe.StartAsync();
        await InitializeAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await Stripe.DisposeAsync();
    }

    /// <summary>The requests about one payment, in order.</summary>
    public IReadOnlyList<StripeStandIn.Recorded> RequestsOf(PaymentOrder order) =>
        [.. Stripe.Requests.Where(request => request.IdempotencyKey?.StartsWith(order.PaymentId + "-", StringComparison.Ordinal) == true)];
}

/// <summary>Payments through Stripe, whatever the line does.</summary>
public sealed class StripeProviderTests(StripeFixture shop) : IClassFixture<StripeFixture>
{
    private IPaymentProvider Provider => shop.Provider("stripe");

    [Fact]
    public async Task A_payment_is_held_charged_and_given_back_by_requests_as_stripe_wants_them()
    {
        var order = shop.Order("pm_card_visa", amount: 12_345);

        var held = await Provider.AuthoriseAsync(order, default);
        var payment = PaymentsFixture.Known(order, held.Reference);
        var charged = await Provider.CaptureAsync(payment, order.Amount, default);
        var refunded = await Provider.RefundAsync(payment, "ref_1", new Money(345, "USD"), default);

        Assert.Equal((PaymentOutcome.Authorised, true), (held.Outcome, held.Reference!.StartsWith("pi_", StringComparison.Ordinal)));
        Assert.Equal((PaymentOutcome.Captured, 12_345, 0), (charged.Outcome, charged.Captured, charged.Refunded));
        Assert.Equal((PaymentOutcome.Refunded, 12_345, 345), (refunded.Outcome, refunded.Captured, refunded.Refunded));
        var requests = shop.RequestsOf(order);
        Assert.Equal([$"{order.PaymentId}-authorise", $"{order.PaymentId}-capture", $"{order.PaymentId}-refund-ref_1"], requests.Select(request => request.IdempotencyKey));
        Assert.All(requests, request => Assert.Equal(("Bearer " + StripeStandIn.Key, "2026-04-22.dahlia"), (request.Authorization, request.Version)));
        Assert.Equal(new Dictionary<string, string>
        {
            ["amount"] = "12345",
            ["currency"] = "usd",
            ["capture_method"] = "manual",
            ["confirm"] = "true",
            ["payment_method"] = "pm_card_visa",
            ["payment_method_types[]"] = "card",
            ["metadata[payment_id]"] = order.PaymentId,
            ["metadata[checkout_session_id]"] = order.CheckoutSessionId,
            ["return_url"] = shop.BaseUrl + "/grants",
        }, requests[0].Form);
        Assert.Equal("12345", requests[1].Form["amount_to_capture"]);
        Assert.Equal(("345", held.Reference), (requests[2].Form["amount"], requests[2].Form["payment_intent"]));
    }

    [Fact]
    public async Task A_shared_payment_token_is_paid_with_as_such()
    {
        var order = shop.Order("spt_123");

        Assert.Equal(PaymentOutcome.Authorised, (await Provider.AuthoriseAsync(order, default)).Outcome);

        var request = Assert.Single(shop.RequestsOf(order));
        Assert.Equal(("spt_123", "2026-04-22.preview"), (request.Form["payment_method_data[shared_payment_granted_token]"], request.Version));
        Assert.False(request.Form.ContainsKey("payment_method"));
    }

    [Theory]
    [InlineData("pm_card_visa_chargeDeclined", "card_declined")]
    [InlineData("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds")]
    [InlineData("pm_missing", "unknown_token")]
    [InlineData("tok_visa", "unknown_token")]
    public async Task A_refusal_has_the_words_that_all_providers_share(string token, string code)
    {
        var answer = await Provider.AuthoriseAsync(shop.Order(token), default);

        Assert.Equal((PaymentOutcome.Declined, code), (answer.Outcome, answer.DeclineCode));
    }

    [Theory]
    [InlineData(true, PaymentOutcome.Authorised)]
    [InlineData(false, PaymentOutcome.Declined)]
    public async Task A_bank_that_wants_to_see_the_person_gives_an_address_and_later_an_outcome(bool succeeds, PaymentOutcome outcome)
    {
        var order = shop.Order("pm_card_authenticationRequired");

        var asked = await Provider.AuthoriseAsync(order, default);
        var between = await Provider.FindAsync(PaymentsFixture.Known(order, asked.Reference), default);
        shop.Stripe.Authenticate(asked.Reference!, succeeds);
        var after = await Provider.FindAsync(PaymentsFixture.Known(order, asked.Reference), default);

        Assert.Equal((PaymentOutcome.ActionRequired, "hooks.stripe.com"), (asked.Outcome, asked.ActionUrl!.Host));
        Assert.Equal(PaymentOutcome.ActionRequired, between.Outcome);
        Assert.Equal((outcome, succeeds ? null : "authentication_failed"), (after.Outcome, after.DeclineCode));
    }

    [Theory]
    [InlineData("409")]
    [InlineData("429")]
    [InlineData("500")]
    [InlineData("before")]
    [InlineData("after")]
    public async Task What_stripe_could_not_do_just_now_is_repeated_under_its_key_and_done_once(string fault)
    {
        var order = shop.Order("pm_card_visa");

        shop.Stripe.FailNext("/payment_intents", fault);
        var held = await Provider.AuthoriseAsync(order, default);
        shop.Stripe.FailNext("/capture", fault, times: 2);
        var charged = await Provider.CaptureAsync(PaymentsFixture.Known(order, held.Reference), order.Amount, default);

        Assert.Equal((PaymentOutcome.Authorised, PaymentOutcome.Captured), (held.Outcome, charged.Outcome));
        Assert.Equal(5, shop.RequestsOf(order).Count);
        Assert.Single(shop.Stripe.Intents, intent => (string?)intent["metadata"]!["payment_id"] == order.PaymentId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_charge_whose_answer_was_lost_is_unknown_and_is_found_without_it(bool searchIsBehind)
    {
        var order = shop.Order("pm_card_visa");
        shop.Stripe.SearchIsBehind = searchIsBehind;
        shop.Stripe.FailNext("/payment_intents", "after", times: 3);

        var lost = await Provider.AuthoriseAsync(order, default);
        // Later ones, so that it is not on the first page.
        for (var i = 0; i < 3; i++)
        {
            await Provider.AuthoriseAsync(shop.Order("pm_card_visa"), default);
        }
        var found = await Provider.FindAsync(PaymentsFixture.Known(order), default);
        var charged = await Provider.CaptureAsync(PaymentsFixture.Known(order), order.Amount, default);

        Assert.Equal(PaymentOutcome.Unknown, lost.Outcome);
        Assert.Equal((PaymentOutcome.Authorised, true), (found.Outcome, found.Reference is not null));
        Assert.Equal(PaymentOutcome.Captured, charged.Outcome);
        Assert.Single(shop.Stripe.Intents, intent => (string?)intent["metadata"]!["payment_id"] == order.PaymentId);
        shop.Stripe.SearchIsBehind = false;
    }

    [Fact]
    public async Task What_was_given_up_before_stripe_saw_it_is_refused_when_it_still_arrives()
    {
        var order = shop.Order("pm_card_visa");

        Assert.Equal(PaymentOutcome.NotFound, (await Provider.FindAsync(PaymentsFixture.Known(order), default)).Outcome);
        Assert.Equal(PaymentOutcome.Voided, (await Provider.VoidAsync(PaymentsFixture.Known(order), default)).Outcome);

        Assert.NotEqual(PaymentOutcome.Authorised, (await Provider.AuthoriseAsync(order, default)).Outcome);
        Assert.DoesNotContain(shop.Stripe.Intents, intent => (string?)intent["metadata"]!["payment_id"] == order.PaymentId);
        Assert.All(shop.Stripe.Intents.Where(intent => (string?)intent["metadata"]!["given_up"] == order.PaymentId), intent => Assert.Equal("canceled", (string?)intent["status"]));
    }

    [Fact]
    public async Task What_is_held_can_be_given_up_and_what_is_charged_cannot()
    {
        var (held, charged) = (shop.Order("pm_card_visa"), shop.Order("pm_card_visa"));
        var (one, two) = ((await Provider.AuthoriseAsync(held, default)).Reference, (await Provider.AuthoriseAsync(charged, default)).Reference);
        await Provider.CaptureAsync(PaymentsFixture.Known(charged, two), charged.Amount, default);

        Assert.Equal(PaymentOutcome.Voided, (await Provider.VoidAsync(PaymentsFixture.Known(held, one), default)).Outcome);
        Assert.Equal(PaymentOutcome.Voided, (await Provider.CaptureAsync(PaymentsFixture.Known(held, one), held.Amount, default)).Outcome);
        Assert.Equal(PaymentOutcome.Captured, (await Provider.VoidAsync(PaymentsFixture.Known(charged, two), default)).Outcome);
        Assert.Equal(PaymentOutcome.NotFound, (await Provider.FindAsync(PaymentsFixture.Known(held, "pi_of_nobody"), default)).Outcome);
    }

    [Fact]
    public async Task A_refund_is_made_once_also_when_stripe_has_forgotten_its_key()
    {
        var order = shop.Order("pm_card_visa", amount: 10_000);
        var payment = PaymentsFixture.Known(order, (await Provider.AuthoriseAsync(order, default)).Reference);
        await Provider.CaptureAsync(payment, order.Amount, default);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal((PaymentOutcome.Refunded, 6_000), ((await Provider.RefundAsync(payment, "ref_once", new Money(6_000, "USD"), default)).Outcome, (await Provider.FindAsync(payment, default)).Refunded));
        }
        var tooMuch = await Provider.RefundAsync(payment, "ref_more", new Money(6_000, "USD"), default);

        Assert.Single(shop.RequestsOf(order), request => request.IdempotencyKey == $"{order.PaymentId}-refund-ref_once");
        Assert.Equal((PaymentOutcome.Declined, 6_000), (tooMuch.Outcome, tooMuch.Refunded));
    }

    [Theory]
    [InlineData("JPY", 500, "500")]
    [InlineData("KWD", 12_340, "12340")]
    [InlineData("ISK", 500, "50000")]
    [InlineData("UGX", 500, "50000")]
    [InlineData("MGA", 50_000, "500")]
    public async Task Amounts_are_written_by_stripes_rules(string currency, long amount, string written)
    {
        var order = shop.Order("pm_card_visa", amount, currency);

        var held = await Provider.AuthoriseAsync(order, default);
        var charged = await Provider.CaptureAsync(PaymentsFixture.Known(order, held.Reference), order.Amount, default);

        Assert.Equal(written, shop.RequestsOf(order)[0].Form["amount"]);
        Assert.Equal((PaymentOutcome.Captured, amount), (charged.Outcome, charged.Captured));
    }

    [Theory]
    [InlineData("KWD", 12_345)]
    [InlineData("MGA", 50_050)]
    [InlineData("CLF", 1_000)]
    public async Task An_amount_that_stripe_cannot_write_is_declined_before_it_is_sent(string currency, long amount)
    {
        var order = shop.Order("pm_card_visa", amount, currency);

        Assert.Equal("amount_not_chargeable", (await Provider.AuthoriseAsync(order, default)).DeclineCode);
        Assert.Empty(shop.RequestsOf(order));
    }

    [Fact]
    public async Task A_signed_event_wakes_its_payment_and_changes_nothing_else()
    {
        var id = await WaitingPaymentAsync();
        var body = $$$"""{"id":"evt_1","object":"event","type":"payment_intent.succeeded","data":{"object":{"id":"pi_x","object":"payment_intent","amount_received":1,"status":"succeeded","metadata":{"payment_id":"{{{id}}}"} } } }""";

        Assert.Equal(HttpStatusCode.OK, await SendEventAsync(body, Sign(body)));

        await using var connection = await shop.OpenDatabaseAsync();
        var (isAwake, state, captured) = await connection.QuerySingleAsync<(bool, string, long)>(
            "select leased_until <= clock_timestamp() + interval '1 minute', state, captured from checkout.payments where id = @id", new { id });
        // Nothing of what the event says is taken over: Stripe is asked, which may have been done by now, and knows of no such payment.
        Assert.Equal((true, 0L), (isAwake, captured));
        Assert.Contains(state, (string[])["requires_action", "voiding", "voided"]);
    }

    [Fact]
    public async Task An_event_that_stripe_did_not_sign_just_now_is_refused()
    {
        var id = await WaitingPaymentAsync();
        var body = $$$"""{"object":"event","data":{"object":{"object":"payment_intent","metadata":{"payment_id":"{{{id}}}"} } } }""";
        var good = Sign(body);

        Assert.Equal(HttpStatusCode.BadRequest, await SendEventAsync(body, null));
        Assert.Equal(HttpStatusCode.BadRequest, await SendEventAsync(body, ""));
        Assert.Equal(HttpStatusCode.BadRequest, await SendEventAsync(body + " ", good));
        Assert.Equal(HttpStatusCode.BadRequest, await SendEventAsync(body, good.Replace("v1=", "v0=", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.BadRequest, await SendEventAsync(body, Sign(body, secret: "whsec_of_somebody")));
        Assert.Equal(HttpStatusCode.BadRequest, await SendEventAsync(body, Sign(body, TimeSpan.FromSeconds(-301))));
        Assert.Equal(HttpStatusCode.BadRequest, await SendEventAsync(body, Sign(body, TimeSpan.FromSeconds(310))));
        Assert.Equal(HttpStatusCode.BadRequest, await SendEventAsync(body, "t=99999999999999999999,v1=00"));
        // A secret that is being rotated signs beside the old one.
        Assert.Equal(HttpStatusCode.OK, await SendEventAsync(body, good.Replace("v1=", "v1=00,v1=", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, await SendEventAsync("[]", Sign("[]")));
        Assert.Equal(HttpStatusCode.OK, await SendEventAsync("no json", Sign("no json")));
        using var content = new StringContent(body);
        using var refused = await shop.Client.PostAsync("/v1/payments/webhooks/stripe", content);
        Assert.Equal("webhook_signature_invalid", (await PaymentsFixture.ReadJsonAsync(refused)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Neither_key_nor_secret_nor_token_is_kept_or_logged()
    {
        var order = shop.Order("pm_card_visa_kept_nowhere");
        await Provider.AuthoriseAsync(order, default);
        shop.Stripe.FailNext("/capture", "500", times: 3);
        await Provider.CaptureAsync(PaymentsFixture.Known(order), order.Amount, default);

        await Secrets.AssertAbsentAsync(shop, StripeStandIn.Key, StripeFixture.WebhookSecret, "pm_card_visa_kept_nowhere");
    }

    [Fact]
    public void Another_address_than_stripes_is_taken_on_this_machine_alone()
    {
        Assert.Throws<ArgumentException>(() => new StripeOptions { Url = "https://stripe.example.com" }.Check());
        Assert.Throws<ArgumentException>(() => new StripeOptions { Url = "http://169.254.169.254" }.Check());
        Assert.Equal("https://api.stripe.com", new StripeOptions().Check().Url);
    }

    /// <summary>A payment that waits, and is not looked at for an hour.</summary>
    private async Task<string> WaitingPaymentAsync()
    {
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(await shop.AddProductAsync());
        var id = Ids.New("pay", shop.Clock);
        await using var connection = await shop.OpenDatabaseAsync();
        await connection.ExecuteAsync("""
            insert into checkout.payments (id, session_id, grant_id, client_id, handler, state, amount, currency, reference, leased_until, created_at)
            values (@id, @session, @GrantId, 'purchasing-bot', 'stripe', 'requires_action', 100, 'USD', 'pi_' || @id, now() + interval '1 hour', now())
            """, new { id, session, agent.GrantId });
        return id;
    }

    private string Sign(string body, TimeSpan later = default, string secret = StripeFixture.WebhookSecret) =>
        TimestampedSignature.Sign(Encoding.UTF8.GetBytes(body), secret, shop.Clock.GetUtcNow() + later);

    private async Task<HttpStatusCode> SendEventAsync(string body, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/payments/webhooks/stripe") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation("Stripe-Signature", signature);
        }
        using var answer = await shop.Client.SendAsync(request);
        return answer.StatusCode;
    }
}

/// <summary>The signature scheme against a value computed elsewhere.</summary>
public sealed class TimestampedSignatureTests
{
    [Fact]
    public void A_signature_is_the_hash_of_time_dot_body()
    {
        // printf '1492774577.{"a":1}' | openssl dgst -sha256 -hmac whsec_test
        const string expected = "2a55874e33dedb30da6fac02873208f53a243141599a71c0d52a1d5b89656823";
        var at = DateTimeOffset.FromUnixTimeSeconds(1492774577);

        Assert.Equal($"t=1492774577,v1={expected}", TimestampedSignature.Sign("""{"a":1}"""u8, "whsec_test", at));
        Assert.True(TimestampedSignature.Holds($"t=1492774577,v1={expected}", """{"a":1}"""u8, "whsec_test", at.AddSeconds(300)));
        Assert.False(TimestampedSignature.Holds($"t=1492774577,v1={expected}", """{"a":1}"""u8, "whsec_test", at.AddSeconds(301)));
        Assert.False(TimestampedSignature.Holds($"t=1492774577,t=1492774577,v1={expected}", """{"a":1}"""u8, "whsec_test", at));
    }
}
