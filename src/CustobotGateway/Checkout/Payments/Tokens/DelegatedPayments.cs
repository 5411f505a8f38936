using CustobotGateway.Common;
using Npgsql;

namespace CustobotGateway.Checkout.Payments;

/// <summary>
/// Stands before every provider. Lets it be paid by payment tokens, too: <c>vt_…</c> becomes the provider's own token, for one payment within its allowance. And holds to the
/// promise that none throws: whoever stops waiting, or cannot reach what it needs, has no answer.
/// </summary>
internal sealed class DelegatedPayments(IPaymentProvider inner, PaymentTokens tokens) : IPaymentProvider
{
    /// <summary>What the tokens look like.</summary>
    public static readonly TokenForm Form = new("vt_…", "A payment token of POST /v1/payment_tokens: pays one session, once, up to its amount.");

    public string Handler => inner.Handler;

    public PaymentHandler? Describe(bool isTest) => inner.Describe(isTest);

    public ValueTask<ProviderAnswer> AuthoriseAsync(PaymentOrder order, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        if (!order.Token.StartsWith(PaymentTokens.Prefix, StringComparison.Ordinal))
        {
            return await inner.AuthoriseAsync(order, cancellationToken);
        }
        var (token, refusal) = await tokens.TakeAsync(order, Handler, cancellationToken);
        if (refusal is not null)
        {
            return ProviderAnswer.Declined(refusal);
        }
        return token is null
            ? await inner.FindAsync(new PaymentReference(order.PaymentId, null, order.IsTest), cancellationToken)
            : await SettleAsync(order.PaymentId, await inner.AuthoriseAsync(order with { Token = token }, cancellationToken), mayEnd: true, cancellationToken);
    });

    public ValueTask<ProviderAnswer> CaptureAsync(PaymentReference payment, Money amount, CancellationToken cancellationToken) =>
        // A capture that is refused leaves the payment held.
        AskAsync(async () =>
        {
            var answer = await inner.CaptureAsync(payment, amount, cancellationToken);
            return tokens.HasBegun(payment.PaymentId) ? await SettleAsync(payment.PaymentId, answer, mayEnd: false, cancellationToken) : answer;
        });

    public ValueTask<ProviderAnswer> VoidAsync(PaymentReference payment, CancellationToken cancellationToken) =>
        AskAsync(async () => await SettleAsync(payment.PaymentId, await inner.VoidAsync(payment, cancellationToken), mayEnd: true, cancellationToken));

    public ValueTask<ProviderAnswer> RefundAsync(PaymentReference payment, string refundId, Money amount, CancellationToken cancellationToken) =>
        AskAsync(() => inner.RefundAsync(payment, refundId, amount, cancellationToken));

    public ValueTask<ProviderAnswer> FindAsync(PaymentReference payment, CancellationToken cancellationToken) =>
        AskAsync(async () => await SettleAsync(payment.PaymentId, await inner.FindAsync(payment, cancellationToken), mayEnd: true, cancellationToken));

    // What the provider did is done, whatever becomes of the token's row: the next answer settles it.
    private async ValueTask<ProviderAnswer> SettleAsync(string paymentId, ProviderAnswer answer, bool mayEnd, CancellationToken cancellationToken)
    {
        try
        {
            if (answer.Outcome is PaymentOutcome.Captured or PaymentOutcome.Refunded)
            {
                await tokens.UseUpAsync(paymentId, cancellationToken);
            }
            else if (mayEnd && answer.Outcome is (PaymentOutcome.Voided or PaymentOutcome.Declined))
            {
                await tokens.GiveBackAsync(paymentId, cancellationToken);
            }
        }
        catch (Exception exception) when (IsNoAnswer(exception))
        {
            // See above.
        }
        return answer;
    }

    private static async ValueTask<ProviderAnswer> AskAsync(Func<ValueTask<ProviderAnswer>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (IsNoAnswer(exception))
        {
            return ProviderAnswer.Unknown;
        }
    }

    private static bool IsNoAnswer(Exception exception) => exception is OperationCanceledException or TimeoutException or IOException or HttpRequestException or NpgsqlException;
}
