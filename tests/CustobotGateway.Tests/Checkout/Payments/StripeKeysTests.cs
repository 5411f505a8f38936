using System.Net;
using CustobotGateway.Checkout.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Checkout.Payments;

/// <summary>The administrator sets Stripe's keys by the API, and nobody reads them again.</summary>
public sealed class StripeKeysTests(StripeKeysTests.Gateway shop) : IClassFixture<StripeKeysTests.Gateway>
{
    /// <summary>A gateway whose environment holds no keys.</summary>
    public sealed class Gateway : PaymentsFixture, IAsyncLifetime
    {
        public StripeStandIn Stripe { get; } = new();

        protected override void ConfigureServices(IServiceCollection services)
        {
            base.ConfigureServices(services);
            services.AddSingleton(_ => new StripeOptions { Url = Stripe.Url, RetryMilliseconds = 0 }.Check());
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
    }

    private const string Path = "/v1/payment_keys/stripe";

    [Fact]
    public async Task Keys_that_are_set_turn_stripe_on_are_kept_sealed_and_can_be_taken_away()
    {
        const string webhook = "whsec_set_by_the_api";
        var off = await shop.Provider("stripe").AuthoriseAsync(shop.Order("pm_card_visa"), default);

        var (status, set) = await shop.SendAsync(HttpMethod.Put, Path, PaymentsFixture.AdminToken, $$"""{"secret_key":"{{StripeStandIn.Key}}","webhook_secret":"{{webhook}}"}""");
        var on = await shop.Provider("stripe").AuthoriseAsync(shop.Order("pm_card_visa"), default);
        var (_, read) = await shop.SendAsync(HttpMethod.Get, Path, PaymentsFixture.AdminToken);
        using var handlers = await shop.Client.GetAsync("/v1/payment_handlers");

        Assert.Equal((PaymentOutcome.Declined, "handler_is_off"), (off.Outcome, off.DeclineCode));
        Assert.Equal((HttpStatusCode.OK, PaymentOutcome.Authorised), (status, on.Outcome));
        Assert.Equal(("api", true, true), (read.GetProperty("source").GetString(), read.GetProperty("is_test").GetBoolean(), read.GetProperty("takes_webhooks").GetBoolean()));
        Assert.Equal(read.GetRawText(), set.GetRawText());
        Assert.Contains("\"stripe\"", await handlers.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Secrets.AssertAbsentAsync(shop, StripeStandIn.Key, webhook);
        await shop.SendAsync(HttpMethod.Put, Path, PaymentsFixture.AdminToken, "{}");
        Assert.Equal("handler_is_off", (await shop.Provider("stripe").AuthoriseAsync(shop.Order("pm_card_visa"), default)).DeclineCode);
    }

    [Theory]
    [InlineData("""{"secret_key":"pk_test_published"}""", "/secret_key")]
    [InlineData("""{"secret_key":"sk_test_with space"}""", "/secret_key")]
    [InlineData("""{"webhook_secret":"secret"}""", "/webhook_secret")]
    public async Task What_is_no_key_is_refused_without_repeating_it(string body, string pointer)
    {
        var answer = await shop.SendAsync(HttpMethod.Put, Path, PaymentsFixture.AdminToken, body);

        answer.ShouldBe(400, "invalid_request");
        Assert.Equal(pointer, answer.Body.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.DoesNotContain("published", answer.Body.GetRawText(), StringComparison.Ordinal);
        (await (await shop.GrantAsync()).SendAsync(HttpMethod.Put, Path, "{}")).ShouldBe(403, "insufficient_scope");
    }
}
