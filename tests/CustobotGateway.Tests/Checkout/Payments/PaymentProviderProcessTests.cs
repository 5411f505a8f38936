using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Checkout.Payments.Sandbox;
using CustobotGateway.Common;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Checkout.Payments;

/// <summary>The sandbox as a process of its own: reached over HTTP, with a journal that survives a kill, and faults on demand.</summary>
public sealed class PaymentProviderProcessTests(PaymentProviderProcessTests.Provider provider) : IClassFixture<PaymentProviderProcessTests.Provider>
{
    /// <summary>The process.</summary>
    public sealed class Provider : IAsyncLifetime
    {
        private readonly string _data = Directory.CreateTempSubdirectory("payment-provider-").FullName;
        private Process? _process;

        public HttpClient Client { get; private set; } = null!;

        public IPaymentProvider Sandbox { get; private set; } = null!;

        public async Task InitializeAsync() => await StartAsync();

        public async Task StartAsync()
        {
            _process = Process.Start(new ProcessStartInfo("dotnet",
                [Path.Combine(AppContext.BaseDirectory, "CustobotGateway.dll"), "payment-provider", "--urls", "http://127.0.0.1:0", "--data", _data, "--slow", "1", "--later", "0"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var url = await _process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException(await _process.StandardError.ReadToEndAsync(patience.Token));
            Client = new HttpClient { BaseAddress = new Uri(url) };
            Sandbox = new RemoteSandboxProvider(new SandboxOptions { Url = url, TimeoutMilliseconds = 60_000 }, new GatewaySettings { DataDirectory = "", ConnectionString = "", AdminToken = "" });
        }

        /// <summary>Ends it as a power cut does.</summary>
        public async Task KillAsync()
        {
            _process!.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
            Client.Dispose();
        }

        /// <summary>What was done, as the process tells.</summary>
        public async Task<IReadOnlyList<JsonElement>> JournalAsync(string paymentId) =>
            [.. (await Client.GetFromJsonAsync<JsonElement>("/journal?limit=10000")).GetProperty("entries").EnumerateArray().Where(entry => entry.GetProperty("payment").GetProperty("id").GetString() == paymentId)];

        public async Task FailNextAsync(object fault)
        {
            using var answer = await Client.PostAsJsonAsync("/faults", fault);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        public async Task DisposeAsync()
        {
            await KillAsync();
            Directory.Delete(_data, recursive: true);
        }
    }

    private static int _number;

    private static PaymentOrder Order(string token = "tok_visa", string? session = null) =>
        new($"pay_{Interlocked.Increment(ref _number)}", session ?? "cks_" + Guid.NewGuid().ToString("n"), "bot", "grt_1", null, new Money(20_000, "USD"), token, IsTest: false);

    [Fact]
    public async Task A_payment_is_held_charged_once_and_given_back_over_the_wire()
    {
        var order = Order();
        var payment = PaymentsFixture.Known(order);

        var held = await provider.Sandbox.AuthoriseAsync(order, default);
        var charged = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => provider.Sandbox.CaptureAsync(payment, order.Amount, default).AsTask()));
        var refunded = await provider.Sandbox.RefundAsync(payment, "ref_1", new Money(5_000, "USD"), default);

        Assert.Equal((PaymentOutcome.Authorised, "sbx_" + order.PaymentId), (held.Outcome, held.Reference));
        Assert.All(charged, answer => Assert.Equal((PaymentOutcome.Captured, 20_000), (answer.Outcome, answer.Captured)));
        Assert.Equal((PaymentOutcome.Refunded, 5_000), (refunded.Outcome, refunded.Refunded));
        Assert.Equal(["authorise", "charge", "refund"], (await provider.JournalAsync(order.PaymentId)).Select(entry => entry.GetProperty("act").GetString()));
    }

    [Theory]
    [InlineData("drop_before", false)]
    [InlineData("drop_after", true)]
    [InlineData("error", false)]
    [InlineData("error_after", true)]
    public async Task A_charge_whose_line_breaks_is_unknown_and_then_found_out(string fault, bool isDone)
    {
        var order = Order();
        var payment = PaymentsFixture.Known(order);
        await provider.Sandbox.AuthoriseAsync(order, default);
        await provider.FailNextAsync(new { step = "capture", fault, session_id = order.CheckoutSessionId });

        var broken = await provider.Sandbox.CaptureAsync(payment, order.Amount, default);
        var found = await provider.Sandbox.FindAsync(payment, default);
        var again = await provider.Sandbox.CaptureAsync(payment, order.Amount, default);

        Assert.Equal((PaymentOutcome.Unknown, isDone ? PaymentOutcome.Captured : PaymentOutcome.Authorised), (broken.Outcome, found.Outcome));
        Assert.Equal((PaymentOutcome.Captured, 20_000), (again.Outcome, again.Captured));
        Assert.Single(await provider.JournalAsync(order.PaymentId), entry => entry.GetProperty("act").GetString() == "charge");
    }

    [Fact]
    public async Task A_late_answer_is_no_answer_to_a_gateway_that_waits_no_longer()
    {
        var order = Order();
        await provider.FailNextAsync(new { step = "authorise", fault = "late", delay_milliseconds = 60_000, session_id = order.CheckoutSessionId });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));

        var answer = await new DelegatedPayments(provider.Sandbox, null!).AuthoriseAsync(order, patience.Token);

        Assert.Equal((PaymentOutcome.Unknown, PaymentOutcome.Authorised), (answer.Outcome, await FoundAsync(order, PaymentOutcome.Authorised)));
    }

    [Theory]
    [InlineData("tok_timeout", PaymentOutcome.Authorised)]
    [InlineData("tok_timeout_unseen", PaymentOutcome.NotFound)]
    public async Task A_token_that_hangs_is_unknown_after_the_gateways_own_time(string token, PaymentOutcome found)
    {
        var order = Order(token);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));

        var answer = await new DelegatedPayments(provider.Sandbox, null!).AuthoriseAsync(order, patience.Token);

        Assert.Equal((PaymentOutcome.Unknown, found), (answer.Outcome, await FoundAsync(order, found)));
    }

    /// <summary>What becomes of a payment; asked until it is what is expected, since a request may take longer than its gateway waits.</summary>
    private async Task<PaymentOutcome> FoundAsync(PaymentOrder order, PaymentOutcome expected)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        PaymentOutcome outcome;
        do
        {
            outcome = (await provider.Sandbox.FindAsync(PaymentsFixture.Known(order), default)).Outcome;
        }
        while (outcome != expected && !patience.IsCancellationRequested);
        return outcome;
    }

    [Fact]
    public async Task What_was_given_up_unseen_is_refused_when_it_arrives()
    {
        var order = Order();

        Assert.Equal(PaymentOutcome.Voided, (await provider.Sandbox.VoidAsync(PaymentsFixture.Known(order), default)).Outcome);
        Assert.Equal((PaymentOutcome.Declined, "payment_voided"), ((await provider.Sandbox.AuthoriseAsync(order, default)).Outcome, (await provider.Sandbox.AuthoriseAsync(order, default)).DeclineCode));
    }

    [Theory]
    [InlineData("tok_declined", PaymentOutcome.Declined)]
    [InlineData("tok_slow", PaymentOutcome.Authorised)]
    [InlineData("tok_duplicate", PaymentOutcome.Authorised)]
    [InlineData("tok_webhook_later", PaymentOutcome.Authorised)]
    [InlineData("tok_3ds", PaymentOutcome.ActionRequired)]
    public async Task Tokens_mean_the_same_as_in_the_gateway(string token, PaymentOutcome outcome)
    {
        var order = Order(token);
        await provider.Sandbox.AuthoriseAsync(order, default);

        Assert.Equal(outcome, (await provider.Sandbox.FindAsync(PaymentsFixture.Known(order), default)).Outcome);
    }

    [Fact]
    public async Task The_person_decides_on_the_processs_own_page()
    {
        var order = Order("tok_3ds");
        var asked = await provider.Sandbox.AuthoriseAsync(order, default);
        using var form = new FormUrlEncodedContent([new("decision", "accept")]);

        Assert.Contains("<form", await provider.Client.GetStringAsync(asked.ActionUrl), StringComparison.Ordinal);
        using var answer = await provider.Client.PostAsync(asked.ActionUrl, form);

        Assert.Equal(PaymentOutcome.Authorised, (await provider.Sandbox.FindAsync(PaymentsFixture.Known(order), default)).Outcome);
    }

    [Fact]
    public async Task A_test_card_becomes_a_token_there_too()
    {
        using var answer = await provider.Client.PostAsJsonAsync("/tokens", new { number = "4242 4242 4242 4242", exp_month = 12, exp_year = 2036, cvc = "123" });
        using var real = await provider.Client.PostAsJsonAsync("/tokens", new { number = "4539148803436467", exp_month = 12, exp_year = 2036, cvc = "123" });
        var token = (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("token").GetString()!;

        Assert.Equal(HttpStatusCode.UnprocessableEntity, real.StatusCode);
        Assert.Equal(PaymentOutcome.Authorised, (await provider.Sandbox.AuthoriseAsync(Order(token), default)).Outcome);
        Assert.Equal("unknown_token", (await provider.Sandbox.AuthoriseAsync(Order(token), default)).DeclineCode);
    }
}

/// <summary>What the process answered is there after it was killed.</summary>
public sealed class KilledPaymentProviderTests
{
    [Fact]
    public async Task A_process_that_was_killed_remembers_every_charge_that_it_answered()
    {
        var provider = new PaymentProviderProcessTests.Provider();
        await provider.InitializeAsync();
        var order = new PaymentOrder("pay_kept", "cks_kept", "bot", "grt_1", null, new Money(20_000, "USD"), "tok_visa", IsTest: false);
        await provider.Sandbox.AuthoriseAsync(order, default);
        await provider.Sandbox.CaptureAsync(PaymentsFixture.Known(order), order.Amount, default);

        await provider.KillAsync();
        await provider.StartAsync();

        Assert.Equal((PaymentOutcome.Captured, 20_000), ((await provider.Sandbox.CaptureAsync(PaymentsFixture.Known(order), order.Amount, default)).Outcome, order.Amount.Amount));
        Assert.Equal(["authorise", "charge"], (await provider.JournalAsync("pay_kept")).Select(entry => entry.GetProperty("act").GetString()));
        await provider.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_is_not_there_has_no_answer()
    {
        using var nobody = new RemoteSandboxProvider(new SandboxOptions { Url = "http://127.0.0.1:1", TimeoutMilliseconds = 500 }, new GatewaySettings { DataDirectory = "", ConnectionString = "", AdminToken = "" });

        Assert.Equal(PaymentOutcome.Unknown, (await nobody.FindAsync(new PaymentReference("pay_1", null, false), default)).Outcome);
    }
}
