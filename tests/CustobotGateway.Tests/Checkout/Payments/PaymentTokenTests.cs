using System.Net;
using System.Text.Json;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Checkout.Payments;

/// <summary>A payment token pays one session, once, within its allowance.</summary>
public sealed class PaymentTokenTests(PaymentsFixture shop) : IClassFixture<PaymentsFixture>
{
    private const string Wallet = "wallet-app";

    private string Credentials => shop.TokenOf(Wallet, PaymentsFixture.Person, [Scopes.PaymentsDelegate]);

    private string Merchant => shop.App.Services.GetRequiredService<PaymentTokens>().Merchant;

    [Fact]
    public async Task A_token_buys_a_real_product_and_the_agent_never_holds_what_pays()
    {
        var product = await shop.AddProductAsync(price: 20_000);
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(product);
        var (id, token) = await CreateAsync(session, maxAmount: 20_000);

        var (status, completed) = await agent.CompleteAsync(session, token);

        Assert.Equal((HttpStatusCode.OK, "completed"), (status, completed.GetProperty("status").GetString()));
        Assert.Equal("used", await StateAsync(id));
        await using var connection = await shop.OpenDatabaseAsync();
        Assert.True(await connection.QuerySingleAsync<bool>("select sealed is null and charged_at is not null from checkout.payment_tokens where id = @id", new { id }));
    }

    [Fact]
    public async Task A_token_that_fits_is_charged_and_each_thing_that_does_not_fit_is_refused_by_its_name()
    {
        var session = "cks_" + Guid.NewGuid().ToString("n");
        var fits = shop.Order((await CreateAsync(session, maxAmount: 20_000)).Token, session: session);
        async Task<string?> RefusalAsync(PaymentOrder order) => (await shop.Provider().AuthoriseAsync(order, default)).DeclineCode;

        Assert.Equal("payment_token_amount_exceeded", await RefusalAsync(fits with { Amount = new Money(20_001, "USD") }));
        Assert.Equal("payment_token_of_another_currency", await RefusalAsync(fits with { Amount = new Money(20_000, "EUR") }));
        Assert.Equal("payment_token_of_another_session", await RefusalAsync(fits with { CheckoutSessionId = "cks_other" }));
        Assert.Equal("payment_token_unknown", await RefusalAsync(fits with { Token = fits.Token + "0" }));
        Assert.Equal("payment_token_unknown", (await shop.Provider("invoice").AuthoriseAsync(fits, default)).DeclineCode);
        var elsewhere = await CreateAsync(session, merchant: "another-shop.example");
        Assert.Equal("payment_token_of_another_merchant", await RefusalAsync(fits with { Token = elsewhere.Token }));

        Assert.Equal(PaymentOutcome.Authorised, (await shop.Provider().AuthoriseAsync(fits, default)).Outcome);
        Assert.Equal(PaymentOutcome.Authorised, (await shop.Provider().AuthoriseAsync(fits, default)).Outcome);
        Assert.Equal("payment_token_used", await RefusalAsync(fits with { PaymentId = "pay_other" }));
    }

    [Fact]
    public async Task A_token_is_worth_nothing_after_its_time()
    {
        var session = "cks_" + Guid.NewGuid().ToString("n");
        var (_, token) = await CreateAsync(session, expiresAt: shop.Clock.GetUtcNow().AddMinutes(5));
        shop.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("payment_token_expired", (await shop.Provider().AuthoriseAsync(shop.Order(token, session: session), default)).DeclineCode);
        await shop.App.Services.GetRequiredService<PaymentTokens>().ForgetAsync(default);
        Assert.Equal(0, await shop.CountAsync("checkout.payment_tokens", "checkout_session_id = @session and sealed is not null", new { session }));
    }

    [Fact]
    public async Task Of_twenty_payments_at_once_one_gets_the_token()
    {
        var session = "cks_" + Guid.NewGuid().ToString("n");
        var (_, token) = await CreateAsync(session);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.Provider().AuthoriseAsync(shop.Order(token, session: session), default).AsTask()));

        Assert.Single(answers, answer => answer.Outcome == PaymentOutcome.Authorised);
        Assert.All(answers.Where(answer => answer.Outcome != PaymentOutcome.Authorised), answer => Assert.Equal("payment_token_used", answer.DeclineCode));
    }

    [Fact]
    public async Task A_token_comes_back_when_its_card_is_declined_or_the_payment_is_given_up_and_not_once_it_was_charged()
    {
        var session = "cks_" + Guid.NewGuid().ToString("n");
        var (declinedId, declined) = await CreateAsync(session, providerToken: "tok_declined");
        var (_, good) = await CreateAsync(session);
        var (first, second, third) = (shop.Order(good, session: session), shop.Order(good, session: session), shop.Order(good, session: session));

        Assert.Equal("card_declined", (await shop.Provider().AuthoriseAsync(shop.Order(declined, session: session), default)).DeclineCode);
        Assert.Equal("active", await StateAsync(declinedId));
        await shop.Provider().AuthoriseAsync(first, default);
        await shop.Provider().VoidAsync(PaymentsFixture.Known(first), default);
        Assert.Equal(PaymentOutcome.Authorised, (await shop.Provider().AuthoriseAsync(second, default)).Outcome);
        await shop.Provider().CaptureAsync(PaymentsFixture.Known(second), second.Amount, default);
        await shop.Provider().VoidAsync(PaymentsFixture.Known(second), default);
        await shop.Provider().RefundAsync(PaymentsFixture.Known(second), "ref_1", second.Amount, default);
        Assert.Equal("payment_token_used", (await shop.Provider().AuthoriseAsync(third, default)).DeclineCode);
        Assert.Equal(PaymentOutcome.Refunded, (await shop.Provider().AuthoriseAsync(second, default)).Outcome);
    }

    [Fact]
    public async Task A_token_that_was_taken_back_pays_nothing_and_one_that_has_paid_is_not_taken_back()
    {
        var session = "cks_" + Guid.NewGuid().ToString("n");
        var (revokedId, revoked) = await CreateAsync(session);
        var (usedId, used) = await CreateAsync(session);
        await shop.Provider().AuthoriseAsync(shop.Order(used, session: session), default);

        var (status, body) = await shop.SendAsync(HttpMethod.Delete, "/v1/payment_tokens/" + revokedId, Credentials);

        Assert.Equal((HttpStatusCode.OK, "revoked"), (status, body.GetProperty("state").GetString()));
        Assert.Equal("payment_token_revoked", (await shop.Provider().AuthoriseAsync(shop.Order(revoked, session: session), default)).DeclineCode);
        Assert.Equal(0, await shop.CountAsync("checkout.payment_tokens", "id = @revokedId and sealed is not null", new { revokedId }));
        (await shop.SendAsync(HttpMethod.Delete, "/v1/payment_tokens/" + usedId, Credentials)).ShouldBe(409, "payment_token_used");
    }

    [Fact]
    public async Task Tokens_are_listed_and_taken_back_by_whoever_made_them_alone()
    {
        var (id, _) = await CreateAsync("cks_" + Guid.NewGuid().ToString("n"));
        var strangers = new[] { shop.TokenOf(Wallet, "somebody@example.com", [Scopes.PaymentsDelegate]), shop.TokenOf("another-wallet", PaymentsFixture.Person, [Scopes.PaymentsDelegate]) };

        var mine = await ListAsync(Credentials, 100);
        Assert.Contains(id, mine);
        foreach (var stranger in strangers)
        {
            Assert.DoesNotContain(id, await ListAsync(stranger, 100));
            (await shop.SendAsync(HttpMethod.Delete, "/v1/payment_tokens/" + id, stranger)).ShouldBe(404, "not_found");
        }
        (await shop.SendAsync(HttpMethod.Get, "/v1/payment_tokens", shop.TokenOf(Wallet, PaymentsFixture.Person, [Scopes.Checkout]))).ShouldBe(403, "insufficient_scope");
        (await shop.SendAsync(HttpMethod.Get, "/v1/payment_tokens?size=0", Credentials)).ShouldBe(400, "invalid_request");
        (await shop.SendAsync(HttpMethod.Get, "/v1/payment_tokens?after=%00", Credentials)).ShouldBe(400, "invalid_request");
    }

    [Fact]
    public async Task A_list_goes_on_where_the_page_before_ended()
    {
        var credentials = shop.TokenOf("paging-wallet", PaymentsFixture.Person, [Scopes.PaymentsDelegate]);
        for (var i = 0; i < 3; i++)
        {
            await CreateAsync("cks_" + Guid.NewGuid().ToString("n"), credentials: credentials);
        }

        var (_, first) = await shop.SendAsync(HttpMethod.Get, "/v1/payment_tokens?size=2", credentials);
        var (_, second) = await shop.SendAsync(HttpMethod.Get, $"/v1/payment_tokens?size=2&after={first.GetProperty("page").GetProperty("next").GetString()}", credentials);

        Assert.Equal((2, 1), (first.GetProperty("payment_tokens").GetArrayLength(), second.GetProperty("payment_tokens").GetArrayLength()));
        Assert.False(second.GetProperty("page").TryGetProperty("next", out _));
    }

    [Fact]
    public async Task The_token_is_shown_once_and_kept_nowhere()
    {
        var session = "cks_" + Guid.NewGuid().ToString("n");
        var body = Body(session, providerToken: "tok_visa_of_the_wallet");

        var (_, first) = await shop.SendAsync(HttpMethod.Post, "/v1/payment_tokens", Credentials, body, key: session);
        var (_, again) = await shop.SendAsync(HttpMethod.Post, "/v1/payment_tokens", Credentials, body, key: session);

        var token = first.GetProperty("token").GetString()!;
        Assert.StartsWith("vt_", token, StringComparison.Ordinal);
        Assert.Equal(first.GetProperty("id").GetString(), again.GetProperty("id").GetString());
        Assert.False(again.TryGetProperty("token", out _));
        await shop.Provider().AuthoriseAsync(shop.Order(token, session: session), default);
        await Secrets.AssertAbsentAsync(shop, token, "tok_visa_of_the_wallet");
    }

    [Fact]
    public async Task A_time_far_ahead_is_shortened_and_one_that_has_passed_is_refused()
    {
        var (_, long_) = await shop.SendAsync(HttpMethod.Post, "/v1/payment_tokens", Credentials, Body("cks_long", expiresAt: shop.Clock.GetUtcNow().AddYears(5)));
        var passed = await shop.SendAsync(HttpMethod.Post, "/v1/payment_tokens", Credentials, Body("cks_passed", expiresAt: shop.Clock.GetUtcNow().AddSeconds(-1)));

        Assert.InRange(long_.GetProperty("allowance").GetProperty("expires_at").GetDateTimeOffset(), shop.Clock.GetUtcNow().AddDays(29), shop.Clock.GetUtcNow().AddDays(31));
        passed.ShouldBe(400, "invalid_request");
    }

    [Theory]
    [InlineData("\"max_amount\":20000", "\"max_amount\":0", "/allowance/max_amount")]
    [InlineData("\"max_amount\":20000", "\"max_amount\":-5", "/allowance/max_amount")]
    [InlineData("\"max_amount\":20000", "\"max_amount\":1.5", "/allowance/max_amount")]
    [InlineData("\"max_amount\":20000", "\"max_amount\":9000000000000000000", "/allowance/max_amount")]
    [InlineData("\"currency\":\"USD\"", "\"currency\":\"usd\"", "/allowance/currency")]
    [InlineData("\"reason\":\"one_time\"", "\"reason\":\"forever\"", "/allowance/reason")]
    [InlineData("\"checkout_session_id\":\"cks_test\"", "\"checkout_session_id\":\"\"", "/allowance/checkout_session_id")]
    [InlineData("\"token\":\"tok_visa\"", "\"token\":\"vt_another\"", "/payment_method/token")]
    [InlineData("\"token\":\"tok_visa\"", "\"token\":\"\"", "/payment_method/token")]
    public async Task A_malformed_allowance_names_the_member(string right, string wrong, string pointer)
    {
        var body = Body("cks_test").Replace(right, wrong, StringComparison.Ordinal);

        var answer = await shop.SendAsync(HttpMethod.Post, "/v1/payment_tokens", Credentials, body);

        answer.ShouldBe(400, "invalid_request");
        Assert.Equal(pointer, answer.Body.GetProperty("errors")[0].GetProperty("pointer").GetString());
        (await shop.SendAsync(HttpMethod.Post, "/v1/payment_tokens", Credentials, Body("cks_test").Replace("sandbox", "barter", StringComparison.Ordinal))).ShouldBe(422, "payment_handler_unknown");
    }

    [Fact]
    public async Task Agents_are_told_how_to_pay()
    {
        using var answer = await shop.Client.GetAsync("/v1/payment_handlers");
        var handlers = (await PaymentsFixture.ReadJsonAsync(answer)).GetProperty("payment_handlers").EnumerateArray().ToDictionary(one => one.GetProperty("handler").GetString()!);

        Assert.Equal(["invoice", "sandbox"], handlers.Keys.Order());
        Assert.True(handlers["sandbox"].GetProperty("is_test").GetBoolean());
        Assert.Contains("tok_visa", handlers["sandbox"].GetProperty("test_tokens").EnumerateArray().Select(token => token.GetString()));
    }

    private string Body(string session, long maxAmount = 20_000, string? merchant = null, DateTimeOffset? expiresAt = null, string providerToken = "tok_visa") => $$"""
        {"payment_method":{"handler":"sandbox","token":"{{providerToken}}"},"allowance":{"reason":"one_time","max_amount":{{maxAmount}},"currency":"USD",
         "checkout_session_id":"{{session}}","merchant_id":"{{merchant ?? Merchant}}","expires_at":"{{expiresAt ?? shop.Clock.GetUtcNow().AddHours(1):O}}"} }
        """;

    private async Task<(string Id, string Token)> CreateAsync(
        string session, long maxAmount = 20_000, string? merchant = null, DateTimeOffset? expiresAt = null, string providerToken = "tok_visa", string? credentials = null)
    {
        var (status, body) = await shop.SendAsync(HttpMethod.Post, "/v1/payment_tokens", credentials ?? Credentials, Body(session, maxAmount, merchant, expiresAt, providerToken));
        Assert.True(status == HttpStatusCode.Created, body.GetRawText());
        return (body.GetProperty("id").GetString()!, body.GetProperty("token").GetString()!);
    }

    private async Task<string?> StateAsync(string id) =>
        (await ListBodyAsync(Credentials, 100)).EnumerateArray().Single(token => token.GetProperty("id").GetString() == id).GetProperty("state").GetString();

    private async Task<IReadOnlyList<string?>> ListAsync(string credentials, int size) => [.. (await ListBodyAsync(credentials, size)).EnumerateArray().Select(token => token.GetProperty("id").GetString())];

    private async Task<JsonElement> ListBodyAsync(string credentials, int size) =>
        (await shop.SendAsync(HttpMethod.Get, $"/v1/payment_tokens?size={size}", credentials)).Body.GetProperty("payment_tokens");
}
