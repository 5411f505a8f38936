using CustobotGateway.Common;

namespace CustobotGateway.Checkout.Payments;

/// <summary>What an agent pays with.</summary>
/// <param name="Handler">The payment provider: <c>sandbox</c>.</param>
/// <param name="Token">The provider's token for the means of payment, 1 to 255 characters; never a card number.</param>
public sealed record Payment(string Handler, string Token);

/// <summary>A provider's answer.</summary>
/// <param name="Reference">The provider's name for the charge; null when it was declined.</param>
/// <param name="DeclineReason">Why it was declined, in a word; null when it was charged.</param>
public sealed record Charge(string? Reference, string? DeclineReason);

/// <summary>Takes money. One implementation for each provider.</summary>
public interface IPaymentProvider
{
    /// <summary>Its name in <see cref="Payment.Handler"/>.</summary>
    string Handler { get; }

    /// <summary>Charges the amount; the same session charged again gives the first answer and takes nothing more.</summary>
    ValueTask<Charge> ChargeAsync(string session, Money amount, string token, CancellationToken cancellationToken);
}

/// <summary>
/// A provider for tests and demonstrations: it moves no money. <c>tok_visa</c> is charged, <c>tok_declined</c> is declined, any
/// other token is declined as unknown. It decides in memory and at once, which is why an order may ask it inside its transaction;
/// a provider that is asked over a network has to be asked between two.
/// </summary>
internal sealed class SandboxProvider : IPaymentProvider
{
    public string Handler => "sandbox";

    public ValueTask<Charge> ChargeAsync(string session, Money amount, string token, CancellationToken cancellationToken) => new(token switch
    {
        "tok_visa" => new Charge("sbx_" + session, null),
        "tok_declined" => new Charge(null, "card_declined"),
        _ => new Charge(null, "unknown_token"),
    });
}
