using System.Net;
using System.Text.Json;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Common;
using Dapper;

namespace CustobotGateway.Tests.Checkout.Payments;

/// <summary>Buying on account, never above the limit.</summary>
public sealed class InvoiceTests(PaymentsFixture shop) : IClassFixture<PaymentsFixture>
{
    private IPaymentProvider Provider => shop.Provider("invoice");

    [Fact]
    public async Task What_is_bought_on_account_is_billed_and_free_again_once_it_is_paid()
    {
        var buyer = await AccountAsync(limit: 50_000, netDays: 14);
        var order = Order(buyer, 30_000);

        var held = await Provider.AuthoriseAsync(order, default);
        var charged = await Provider.CaptureAsync(PaymentsFixture.Known(order, held.Reference), order.Amount, default);
        var invoice = Assert.Single(await InvoicesAsync(buyer));

        Assert.Equal((PaymentOutcome.Authorised, PaymentOutcome.Captured, 30_000), (held.Outcome, charged.Outcome, charged.Captured));
        Assert.Matches("^INV-[0-9]{4}-[0-9]{6}$", invoice.GetProperty("number").GetString());
        Assert.Equal((30_000, "PO-4711", buyer), (invoice.GetProperty("amount").GetInt64(), invoice.GetProperty("purchase_order").GetString(), invoice.GetProperty("account").GetString()));
        Assert.Equal(14, (invoice.GetProperty("due_at").GetDateTimeOffset() - invoice.GetProperty("issued_at").GetDateTimeOffset()).TotalDays);
        Assert.Equal(30_000, await UsedAsync(buyer));
        var number = invoice.GetProperty("number").GetString();
        var (status, paid) = await AdminAsync(HttpMethod.Post, $"/v1/invoices/{number}/settle");
        Assert.Equal((HttpStatusCode.OK, true), (status, paid.TryGetProperty("paid_at", out _)));
        Assert.Equal(0, await UsedAsync(buyer));
        (await AdminAsync(HttpMethod.Post, $"/v1/invoices/{number}/settle")).ShouldBe(409, "invoice_paid");
        Assert.Equal(0, await UsedAsync(buyer));
    }

    [Fact]
    public async Task Of_twenty_purchases_at_once_as_many_are_held_as_the_limit_allows()
    {
        var buyer = await AccountAsync(limit: 50_000);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Provider.AuthoriseAsync(Order(buyer, 7_000), default).AsTask()));

        // 7 × 7,000 fit into 50,000, an eighth does not.
        Assert.Equal(7, answers.Count(answer => answer.Outcome == PaymentOutcome.Authorised));
        Assert.All(answers.Where(answer => answer.Outcome != PaymentOutcome.Authorised), answer => Assert.Equal((PaymentOutcome.Declined, "credit_limit_exceeded"), (answer.Outcome, answer.DeclineCode)));
        Assert.Equal(49_000, await UsedAsync(buyer));
    }

    [Fact]
    public async Task The_same_payment_asked_ten_times_takes_its_credit_once()
    {
        var buyer = await AccountAsync(limit: 50_000);
        var order = Order(buyer, 7_000);

        var held = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Provider.AuthoriseAsync(order, default).AsTask()));
        var charged = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Provider.CaptureAsync(PaymentsFixture.Known(order), order.Amount, default).AsTask()));

        Assert.All(held, answer => Assert.Equal(PaymentOutcome.Authorised, answer.Outcome));
        Assert.All(charged, answer => Assert.Equal((PaymentOutcome.Captured, 7_000), (answer.Outcome, answer.Captured)));
        Assert.Equal(7_000, await UsedAsync(buyer));
        Assert.Single(await InvoicesAsync(buyer));
    }

    [Fact]
    public async Task Giving_up_giving_back_and_charging_less_return_credit()
    {
        var buyer = await AccountAsync(limit: 50_000);
        var (given, part) = (Order(buyer, 20_000), Order(buyer, 30_000));
        await Provider.AuthoriseAsync(given, default);
        await Provider.AuthoriseAsync(part, default);
        Assert.Equal(50_000, await UsedAsync(buyer));

        Assert.Equal(PaymentOutcome.Voided, (await Provider.VoidAsync(PaymentsFixture.Known(given), default)).Outcome);
        Assert.Equal(PaymentOutcome.Voided, (await Provider.VoidAsync(PaymentsFixture.Known(given), default)).Outcome);
        Assert.Equal(30_000, await UsedAsync(buyer));
        await Provider.CaptureAsync(PaymentsFixture.Known(part), new Money(25_000, "USD"), default);
        Assert.Equal(25_000, await UsedAsync(buyer));
        var refunds = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Provider.RefundAsync(PaymentsFixture.Known(part), "ref_1" + part.PaymentId, new Money(10_000, "USD"), default).AsTask()));
        Assert.All(refunds, answer => Assert.Equal((PaymentOutcome.Refunded, 10_000), (answer.Outcome, answer.Refunded)));
        Assert.Equal(15_000, await UsedAsync(buyer));
        Assert.Equal("amount_exceeds_captured", (await Provider.RefundAsync(PaymentsFixture.Known(part), "ref_2" + part.PaymentId, new Money(15_001, "USD"), default)).DeclineCode);
        Assert.Equal(10_000, Assert.Single(await InvoicesAsync(buyer)).GetProperty("credited").GetInt64());
    }

    [Fact]
    public async Task A_client_s_account_serves_persons_who_have_none_and_nobody_else_buys_on_account()
    {
        var client = await AccountAsync(limit: 10_000);
        var company = await AccountAsync(limit: 5_000);

        var served = await Provider.AuthoriseAsync(Order("stranger@example.com", 10_000, client), default);
        var ownLimit = await Provider.AuthoriseAsync(Order(company, 6_000, client), default);
        var nobody = await Provider.AuthoriseAsync(Order("stranger@example.com", 1), default);
        var otherCurrency = await Provider.AuthoriseAsync(Order(company, 1) with { Amount = new Money(1, "EUR") }, default);

        Assert.Equal(PaymentOutcome.Authorised, served.Outcome);
        Assert.Equal("credit_limit_exceeded", ownLimit.DeclineCode);
        Assert.Equal(("no_credit_account", "no_credit_account"), (nobody.DeclineCode, otherCurrency.DeclineCode));
    }

    [Fact]
    public async Task What_was_given_up_before_it_was_seen_is_never_held()
    {
        var buyer = await AccountAsync(limit: 10_000);
        var order = Order(buyer, 5_000);

        Assert.Equal(PaymentOutcome.NotFound, (await Provider.FindAsync(PaymentsFixture.Known(order), default)).Outcome);
        Assert.Equal(PaymentOutcome.Voided, (await Provider.VoidAsync(PaymentsFixture.Known(order), default)).Outcome);
        Assert.Equal("payment_voided", (await Provider.AuthoriseAsync(order, default)).DeclineCode);
        Assert.Equal(0, await UsedAsync(buyer));
    }

    [Fact]
    public async Task Invoices_are_numbered_without_gaps_also_when_they_are_written_at_once()
    {
        var buyer = await AccountAsync(limit: 1_000_000);
        var orders = Enumerable.Range(0, 12).Select(_ => Order(buyer, 1_000)).ToList();
        await Task.WhenAll(orders.Select(order => Provider.AuthoriseAsync(order, default).AsTask()));

        await Task.WhenAll(orders.Select(order => Provider.CaptureAsync(PaymentsFixture.Known(order), order.Amount, default).AsTask()));

        await using var connection = await shop.OpenDatabaseAsync();
        var numbers = (await connection.QueryAsync<string>("select number from checkout.invoices order by number")).Select(number => int.Parse(number[^6..], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);
        Assert.Equal(12, (await InvoicesAsync(buyer)).Count);
    }

    [Fact]
    public async Task A_purchase_on_account_goes_the_way_of_any_other()
    {
        var product = await shop.AddProductAsync(price: 20_000);
        var agent = await shop.GrantAsync(clientId: "account-bot");
        await AccountAsync(limit: 20_000, "account-bot");

        var (status, _) = await CompleteAsync(agent, await agent.OpenSessionAsync(product));
        var refused = await CompleteAsync(agent, await agent.OpenSessionAsync(product));

        Assert.Equal(HttpStatusCode.OK, status);
        refused.ShouldBe(422, "payment_declined");
        Assert.Contains("credit_limit_exceeded", refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"currency":"XXX","credit_limit":1,"net_days":1}""", "/currency")]
    [InlineData("""{"currency":"USD","credit_limit":-1,"net_days":1}""", "/credit_limit")]
    [InlineData("""{"currency":"USD","credit_limit":1,"net_days":366}""", "/net_days")]
    [InlineData("""{"currency":"USD","credit_limit":1,"used":1}""", "/used")]
    public async Task A_malformed_limit_names_the_member(string body, string pointer)
    {
        var answer = await AdminAsync(HttpMethod.Put, "/v1/credit_accounts/somebody", body);

        answer.ShouldBe(400, "invalid_request");
        Assert.Equal(pointer, answer.Body.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Only_the_administrator_sees_and_sets_limits()
    {
        var agent = await shop.GrantAsync();

        (await agent.SendAsync(HttpMethod.Put, "/v1/credit_accounts/purchasing-bot", """{"currency":"USD","credit_limit":1000000}""")).ShouldBe(403, "insufficient_scope");
        (await agent.GetAsync("/v1/invoices")).ShouldBe(403, "insufficient_scope");
        (await AdminAsync(HttpMethod.Post, "/v1/invoices/INV-2026-999999/settle")).ShouldBe(404, "not_found");
        (await AdminAsync(HttpMethod.Get, "/v1/invoices?size=101")).ShouldBe(400, "invalid_request");
        (await AdminAsync(HttpMethod.Put, "/v1/credit_accounts/" + new string('x', 257), """{"currency":"USD","credit_limit":1}""")).ShouldBe(400, "invalid_request");
    }

    private PaymentOrder Order(string buyer, long amount, string client = "purchasing-bot") => shop.Order("PO-4711", amount, client: client, person: buyer);

    private static Task<(HttpStatusCode Status, JsonElement Body)> CompleteAsync(Agent agent, string session) =>
        agent.PostAsync($"/v1/checkout_sessions/{session}/complete", """{"payment":{"handler":"invoice","token":"PO-4711"}}""");

    /// <summary>A buyer with a limit; the account's name.</summary>
    private async Task<string> AccountAsync(long limit, string? name = null, int netDays = 30)
    {
        name ??= Guid.NewGuid().ToString("n") + "@example.com";
        var (status, _) = await AdminAsync(HttpMethod.Put, "/v1/credit_accounts/" + name, $$"""{"currency":"USD","credit_limit":{{limit}},"net_days":{{netDays}} }""");
        Assert.Equal(HttpStatusCode.OK, status);
        return name;
    }

    private async Task<long> UsedAsync(string account) =>
        Assert.Single((await AdminAsync(HttpMethod.Get, "/v1/credit_accounts/" + account)).Body.GetProperty("credit_accounts").EnumerateArray()).GetProperty("used").GetInt64();

    private async Task<IReadOnlyList<JsonElement>> InvoicesAsync(string account) =>
        [.. (await AdminAsync(HttpMethod.Get, $"/v1/invoices?size=100&account={account}")).Body.GetProperty("invoices").EnumerateArray()];

    private Task<(HttpStatusCode Status, JsonElement Body)> AdminAsync(HttpMethod method, string path, string? body = null) => shop.SendAsync(method, path, PaymentsFixture.AdminToken, body);
}
