using System.Net;
using CustobotGateway.Checkout.Payments;
using Dapper;

namespace CustobotGateway.Tests.Checkout.Payments;

/// <summary>Test cards become tokens; what was typed is forgotten.</summary>
public sealed class SandboxTokenTests(PaymentsFixture shop) : IClassFixture<PaymentsFixture>
{
    private const string Path = "/sandbox/tokens";

    [Theory]
    [InlineData("4242 4242 4242 4242", "visa", "4242", null)]
    [InlineData("5555555555554444", "mastercard", "4444", null)]
    [InlineData("4000000000000002", "visa", "0002", "card_declined")]
    [InlineData("4000000000009995", "visa", "9995", "insufficient_funds")]
    [InlineData("4000000000000069", "visa", "0069", "expired_card")]
    [InlineData("4000000000000127", "visa", "0127", "incorrect_cvc")]
    [InlineData("4000000000009987", "visa", "9987", "lost_card")]
    [InlineData("4000000000009979", "visa", "9979", "stolen_card")]
    [InlineData("4000000000000119", "visa", "0119", "processing_error")]
    public async Task A_test_number_becomes_a_token_that_does_what_the_number_stands_for(string number, string brand, string lastFour, string? code)
    {
        var (status, card) = await shop.PostAnonymouslyAsync(Path, $$"""{"number":"{{number}}","exp_month":12,"exp_year":2036,"cvc":"123"}""");
        var answer = await shop.Provider().AuthoriseAsync(shop.Order(card.GetProperty("token").GetString()!), default);

        Assert.Equal((HttpStatusCode.Created, brand, lastFour), (status, card.GetProperty("brand").GetString(), card.GetProperty("last_four").GetString()));
        Assert.Equal((code is null ? PaymentOutcome.Authorised : PaymentOutcome.Declined, code), (answer.Outcome, answer.DeclineCode));
    }

    [Fact]
    public async Task A_token_of_a_card_pays_once_and_not_after_its_time()
    {
        var (first, second) = (await TokenAsync(), await TokenAsync());
        var order = shop.Order(first);

        Assert.Equal(PaymentOutcome.Authorised, (await shop.Provider().AuthoriseAsync(order, default)).Outcome);
        Assert.Equal(PaymentOutcome.Authorised, (await shop.Provider().AuthoriseAsync(order, default)).Outcome);
        Assert.Equal("unknown_token", (await shop.Provider().AuthoriseAsync(shop.Order(first), default)).DeclineCode);
        shop.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal("unknown_token", (await shop.Provider().AuthoriseAsync(shop.Order(second), default)).DeclineCode);
    }

    [Fact]
    public async Task A_card_past_its_month_is_expired_whatever_its_number()
    {
        var (_, card) = await shop.PostAnonymouslyAsync(Path, """{"number":"4242424242424242","exp_month":1,"exp_year":2020,"cvc":"123"}""");

        Assert.Equal("expired_card", (await shop.Provider().AuthoriseAsync(shop.Order(card.GetProperty("token").GetString()!), default)).DeclineCode);
    }

    [Fact]
    public async Task A_number_that_might_be_somebodys_is_refused_and_nothing_of_any_number_is_kept()
    {
        // Passes the check digit, and is on no list of test numbers.
        (await shop.PostAnonymouslyAsync(Path, """{"number":"4539148803436467","exp_month":12,"exp_year":2036,"cvc":"987"}""")).ShouldBe(422, "not_a_test_card");
        var token = await TokenAsync();
        await shop.Provider().AuthoriseAsync(shop.Order(token), default);

        await Secrets.AssertAbsentAsync(shop, "4539148803436467", "4242424242424242", "4242 4242 4242 4242", token);
    }

    [Theory]
    [InlineData("""{"number":"4242","exp_month":12,"exp_year":2036,"cvc":"123"}""", "/number")]
    [InlineData("""{"number":"4242424242424242","exp_month":13,"exp_year":2036,"cvc":"123"}""", "/exp_month")]
    [InlineData("""{"number":"4242424242424242","exp_month":12,"exp_year":36,"cvc":"123"}""", "/exp_year")]
    [InlineData("""{"number":"4242424242424242","exp_month":12,"exp_year":2036,"cvc":"12x"}""", "/cvc")]
    public async Task A_malformed_card_is_refused_without_repeating_it(string body, string pointer)
    {
        var answer = await shop.PostAnonymouslyAsync(Path, body);

        answer.ShouldBe(400, "invalid_request");
        Assert.Equal(pointer, answer.Body.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.DoesNotContain("4242", answer.Body.GetRawText(), StringComparison.Ordinal);
    }

    private async Task<string> TokenAsync() =>
        (await shop.PostAnonymouslyAsync(Path, """{"number":"4242 4242 4242 4242","exp_month":12,"exp_year":2036,"cvc":"123"}""")).Body.GetProperty("token").GetString()!;
}

/// <summary>In production nobody pays with play money.</summary>
public sealed class SandboxInProductionTests(SandboxInProductionTests.Gateway shop) : IClassFixture<SandboxInProductionTests.Gateway>
{
    public sealed class Gateway : PaymentsFixture
    {
        protected override CustobotGateway.Common.GatewaySettings Configure(CustobotGateway.Common.GatewaySettings settings) => settings with { Production = true };
    }

    [Fact]
    public async Task The_sandbox_is_off()
    {
        var answer = await shop.Provider().AuthoriseAsync(shop.Order(), default);
        using var handlers = await shop.Client.GetAsync("/v1/payment_handlers");

        Assert.Equal((PaymentOutcome.Declined, "handler_is_off"), (answer.Outcome, answer.DeclineCode));
        Assert.DoesNotContain("sandbox", await handlers.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        (await shop.PostAnonymouslyAsync("/sandbox/tokens", """{"number":"4242 4242 4242 4242","exp_month":12,"exp_year":2036,"cvc":"123"}""")).ShouldBe(404, "not_found");
    }
}

/// <summary>Looks for what must be nowhere.</summary>
internal static class Secrets
{
    /// <summary>Fails when one of the texts is in any column of the database, or in a line of the log.</summary>
    public static async Task AssertAbsentAsync(PaymentsFixture shop, params string[] secrets)
    {
        await using var connection = await shop.OpenDatabaseAsync();
        var tables = await connection.QueryAsync<string>("""
            select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema', 'catalog')
            """);
        Assert.Contains("checkout.sandbox_payments", tables);
        foreach (var table in tables)
        {
            foreach (var secret in secrets)
            {
                Assert.False(await connection.QuerySingleAsync<bool>($"select exists (select from {table} t where position(@secret in t::text) > 0)", new { secret }), $"{table} holds {secret}");
            }
        }
        Assert.NotEmpty(shop.Log.Lines);
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(shop.Log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
        }
    }
}
