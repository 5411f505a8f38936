using CustobotGateway.Common;
using CustobotGateway.Common.Http;

namespace CustobotGateway.Checkout.Payments.Sandbox;

/// <summary>The sandbox inside the gateway: a provider for tests and demonstrations that moves no money and remembers what it did. <see cref="SandboxMeans.Tokens"/> are what it takes.</summary>
internal sealed class SandboxProvider : IPaymentProvider
{
    private readonly SandboxOptions _options;
    private readonly bool _isProduction;

    public SandboxProvider(SandboxTables store, SandboxOptions options, GatewaySettings settings, PublicUrl url, TimeProvider clock)
    {
        (_options, _isProduction) = (options, settings.Production);
        Bank = new SandboxBank(store, clock, TimeSpan.FromMilliseconds(options.LaterMilliseconds), id => new Uri($"{url.Base}{SandboxPages.Path}/{id}"));
    }

    /// <summary>What does the work.</summary>
    public SandboxBank Bank { get; }

    public string Handler => SandboxHandler.Name;

    public PaymentHandler? Describe(bool isTest) => SandboxHandler.Describe(_options, _isProduction, isTest);

    public async ValueTask<ProviderAnswer> AuthoriseAsync(PaymentOrder order, CancellationToken cancellationToken)
    {
        if (Describe(order.IsTest) is null)
        {
            return ProviderAnswer.Declined("handler_is_off");
        }
        var asked = new SandboxOrder(order.PaymentId, order.CheckoutSessionId, order.Amount.Amount, order.Amount.Currency, order.Token);
        var behaviour = SandboxMeans.Tokens.GetValueOrDefault(order.Token)?.Behaviour;
        if (behaviour == SandboxBehaviour.Slow)
        {
            await Task.Delay(_options.SlowMilliseconds, cancellationToken);
        }
        if (behaviour is SandboxBehaviour.AnswerLost or SandboxBehaviour.Unseen && await Bank.ReadAsync(order.PaymentId, cancellationToken) is null)
        {
            if (behaviour == SandboxBehaviour.AnswerLost)
            {
                await Bank.AuthoriseAsync(asked, cancellationToken);
            }
            await Task.Delay(_options.TimeoutMilliseconds, cancellationToken);
            return ProviderAnswer.Unknown;
        }
        var answer = await Bank.AuthoriseAsync(asked, cancellationToken);
        return behaviour == SandboxBehaviour.Duplicate ? await Bank.AuthoriseAsync(asked, cancellationToken) : answer;
    }

    public ValueTask<ProviderAnswer> CaptureAsync(PaymentReference payment, Money amount, CancellationToken cancellationToken) =>
        Bank.CaptureAsync(payment.PaymentId, amount.Amount, cancellationToken);

    public ValueTask<ProviderAnswer> VoidAsync(PaymentReference payment, CancellationToken cancellationToken) => Bank.VoidAsync(payment.PaymentId, cancellationToken);

    public ValueTask<ProviderAnswer> RefundAsync(PaymentReference payment, string refundId, Money amount, CancellationToken cancellationToken) =>
        Bank.RefundAsync(payment.PaymentId, refundId, amount.Amount, cancellationToken);

    public ValueTask<ProviderAnswer> FindAsync(PaymentReference payment, CancellationToken cancellationToken) => Bank.FindAsync(payment.PaymentId, cancellationToken);
}

/// <summary>What is the same of the sandbox wherever it runs.</summary>
internal static class SandboxHandler
{
    public const string Name = "sandbox";

    public static PaymentHandler? Describe(SandboxOptions options, bool isProduction, bool isTest) => !options.Enabled || ((isProduction || !options.Live) && !isTest) ? null
        : new(Name, "Sandbox: moves no money", IsTest: true,
            [new("tok_…", "A test token by name, or one of POST /sandbox/tokens for a test card number."), DelegatedPayments.Form],
            [.. SandboxMeans.Tokens.Keys.Order(StringComparer.Ordinal)]);
}
