using CustobotGateway.Common;

namespace CustobotGateway.Checkout.Payments.Sandbox;

/// <summary>
/// A provider for tests and demonstrations: it moves no money. <c>tok_visa</c> is authorised, <c>tok_declined</c> is declined, any other token is declined as unknown.
/// </summary>
internal sealed class SandboxProvider : IPaymentProvider
{
    public string Handler => "sandbox";

    public ValueTask<ProviderAnswer> AuthoriseAsync(PaymentOrder order, CancellationToken cancellationToken) => new(order.Token switch
    {
        "tok_visa" => new ProviderAnswer(PaymentOutcome.Authorised, "sbx_" + order.PaymentId),
        "tok_declined" => ProviderAnswer.Declined("card_declined"),
        _ => ProviderAnswer.Declined("unknown_token"),
    });

    public ValueTask<ProviderAnswer> CaptureAsync(PaymentReference payment, Money amount, CancellationToken cancellationToken) =>
        new(new ProviderAnswer(PaymentOutcome.Captured, payment.Reference, Captured: amount.Amount));

    public ValueTask<ProviderAnswer> VoidAsync(PaymentReference payment, CancellationToken cancellationToken) =>
        new(new ProviderAnswer(PaymentOutcome.Voided, payment.Reference));

    public ValueTask<ProviderAnswer> RefundAsync(PaymentReference payment, string refundId, Money amount, CancellationToken cancellationToken) =>
        new(new ProviderAnswer(PaymentOutcome.Refunded, payment.Reference, Refunded: amount.Amount));

    public ValueTask<ProviderAnswer> FindAsync(PaymentReference payment, CancellationToken cancellationToken) =>
        new(new ProviderAnswer(PaymentOutcome.NotFound));
}
