using CustobotGateway.Common;

namespace CustobotGateway.Checkout.Payments;

/// <summary>What an agent pays with.</summary>
/// <param name="Handler">The payment provider: <c>sandbox</c>, <c>stripe</c> or <c>invoice</c>; <c>GET /v1/payment_handlers</c> lists which are on.</param>
/// <param name="Token">The provider's token for the means of payment, 1 to 255 characters; never a card number.</param>
public sealed record Payment(string Handler, string Token);

/// <summary>A payment that a provider is asked to hold.</summary>
/// <param name="PaymentId"><c>pay_…</c>: its name on our side, and the provider's idempotency key. Asked again with the same, a provider gives its first answer.</param>
/// <param name="CheckoutSessionId">The session that is paid.</param>
/// <param name="ClientId">The agent that pays.</param>
/// <param name="GrantId">The grant under which it pays.</param>
/// <param name="Person">For whom it pays, or null.</param>
/// <param name="Amount">How much; more than zero.</param>
/// <param name="Token">The provider's token for the means of payment.</param>
/// <param name="IsTest">Whether it is paid by test credentials: no money may move.</param>
public sealed record PaymentOrder(
    string PaymentId, string CheckoutSessionId, string ClientId, string GrantId, string? Person, Money Amount, string Token, bool IsTest)
{
    /// <summary>Leaves the token out.</summary>
    public override string ToString() => $"{PaymentId} of {CheckoutSessionId}";
}

/// <summary>Names a payment that a provider was asked for.</summary>
/// <param name="PaymentId"><c>pay_…</c></param>
/// <param name="Reference">The provider's name for it; null where its answer never came.</param>
/// <param name="IsTest">Whether it was paid by test credentials.</param>
public sealed record PaymentReference(string PaymentId, string? Reference, bool IsTest);

/// <summary>Where a payment stands at its provider.</summary>
public enum PaymentOutcome
{
    /// <summary>The amount is held; nothing is charged.</summary>
    Authorised,

    /// <summary>Charged, the whole or a part.</summary>
    Captured,

    /// <summary>Given up before it was charged; it cannot be charged any more.</summary>
    Voided,

    /// <summary>Charged, and a part or the whole given back.</summary>
    Refunded,

    /// <summary>Refused; nothing is held.</summary>
    Declined,

    /// <summary>The person has to do something first, at <see cref="ProviderAnswer.ActionUrl"/>.</summary>
    ActionRequired,

    /// <summary>The provider has never seen it.</summary>
    NotFound,

    /// <summary>No answer, or one that says nothing: it may have been done. Ask with <see cref="IPaymentProvider.FindAsync"/>, or again.</summary>
    Unknown,
}

/// <summary>A provider's answer.</summary>
/// <param name="Outcome">Where the payment stands.</param>
/// <param name="Reference">The provider's name for it; null where it has none.</param>
/// <param name="DeclineCode">Why it was refused, in a word: <c>card_declined</c>, <c>insufficient_funds</c>; else null.</param>
/// <param name="ActionUrl">Where the person goes when <see cref="PaymentOutcome.ActionRequired"/>; else null. Null also while nobody but the provider can do something.</param>
/// <param name="Captured">How much was charged in all, in minor units.</param>
/// <param name="Refunded">How much was given back in all, in minor units.</param>
public sealed record ProviderAnswer(
    PaymentOutcome Outcome, string? Reference = null, string? DeclineCode = null, Uri? ActionUrl = null, long Captured = 0, long Refunded = 0)
{
    /// <summary>No answer, or none that says what became of it.</summary>
    public static readonly ProviderAnswer Unknown = new(PaymentOutcome.Unknown);

    /// <summary>Refused for that reason.</summary>
    public static ProviderAnswer Declined(string code, string? reference = null) => new(PaymentOutcome.Declined, reference, code);
}

/// <summary>
/// Holds and takes money, in two steps. One implementation for each provider. Every call may be repeated: the provider does it once and gives the same answer.
/// None throws for what a network or a provider does; that is <see cref="PaymentOutcome.Unknown"/>.
/// </summary>
public interface IPaymentProvider
{
    /// <summary>Its name in <see cref="Payment.Handler"/>.</summary>
    string Handler { get; }

    /// <summary>What agents are told of it; null where it takes no payments of that kind.</summary>
    /// <param name="isTest">Whether test credentials ask.</param>
    PaymentHandler? Describe(bool isTest) => new(Handler, Handler, isTest, [], []);

    /// <summary>
    /// Holds the amount; charges nothing. Authorised, Declined, ActionRequired or Unknown; Captured or Refunded where it was asked before and charged since. A payment
    /// that was voided is Declined.
    /// </summary>
    ValueTask<ProviderAnswer> AuthoriseAsync(PaymentOrder order, CancellationToken cancellationToken);

    /// <summary>Charges what is held, or less; what is left over is given up. Captured, Declined (it is not charged), Voided, NotFound or Unknown.</summary>
    ValueTask<ProviderAnswer> CaptureAsync(PaymentReference payment, Money amount, CancellationToken cancellationToken);

    /// <summary>
    /// Gives up what is held. Voided; Captured or Refunded where it was charged before; Declined; Unknown. A payment that the provider has never seen is from then on
    /// refused, where the provider can: Voided; NotFound where it cannot.
    /// </summary>
    ValueTask<ProviderAnswer> VoidAsync(PaymentReference payment, CancellationToken cancellationToken);

    /// <summary>Gives back a part or the whole of what was charged. Refunded; Declined with the reason where it is not given back; NotFound; Unknown.</summary>
    /// <param name="payment">What was charged.</param>
    /// <param name="refundId">Names the refund: asked again with the same, nothing more is given back.</param>
    /// <param name="amount">How much.</param>
    /// <param name="cancellationToken">Stops waiting; the refund may have been made.</param>
    ValueTask<ProviderAnswer> RefundAsync(PaymentReference payment, string refundId, Money amount, CancellationToken cancellationToken);

    /// <summary>What became of the payment; changes nothing.</summary>
    ValueTask<ProviderAnswer> FindAsync(PaymentReference payment, CancellationToken cancellationToken);
}
