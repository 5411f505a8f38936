using System.Collections.Frozen;

namespace CustobotGateway.Checkout.Payments.Sandbox;

/// <summary>How the sandbox treats a payment.</summary>
internal enum SandboxBehaviour
{
    /// <summary>It is authorised, charged and given back as asked.</summary>
    Approves,

    /// <summary>It is refused.</summary>
    Declines,

    /// <summary>The person has to agree on a page first (3-D Secure).</summary>
    AsksPerson,

    /// <summary>The answer takes its time.</summary>
    Slow,

    /// <summary>It is authorised, and the answer never arrives.</summary>
    AnswerLost,

    /// <summary>Neither does the request arrive nor an answer.</summary>
    Unseen,

    /// <summary>The provider has had the request before: what is answered is the repetition of the first answer.</summary>
    Duplicate,

    /// <summary>It is authorised some time after the answer.</summary>
    Later,

    /// <summary>It is authorised and cannot be charged.</summary>
    CaptureFails,

    /// <summary>It is charged and cannot be given back.</summary>
    RefundFails,
}

/// <summary>A means of payment of the sandbox, by token or by test number.</summary>
/// <param name="Behaviour">What happens to a payment by it.</param>
/// <param name="DeclineCode">Why it is refused; null where it is not.</param>
internal sealed record SandboxMeans(SandboxBehaviour Behaviour, string? DeclineCode = null)
{
    /// <summary>What is no token of the sandbox.</summary>
    public static readonly SandboxMeans Unknown = Declines("unknown_token");

    private static readonly SandboxMeans Good = new(SandboxBehaviour.Approves);

    /// <summary>The tokens that always work, by name.</summary>
    public static readonly FrozenDictionary<string, SandboxMeans> Tokens = new Dictionary<string, SandboxMeans>(StringComparer.Ordinal)
    {
        ["tok_visa"] = Good,
        ["tok_mastercard"] = Good,
        ["tok_amex"] = Good,
        ["tok_discover"] = Good,
        ["tok_declined"] = Declines("card_declined"),
        ["tok_insufficient_funds"] = Declines("insufficient_funds"),
        ["tok_expired_card"] = Declines("expired_card"),
        ["tok_incorrect_cvc"] = Declines("incorrect_cvc"),
        ["tok_lost_card"] = Declines("lost_card"),
        ["tok_stolen_card"] = Declines("stolen_card"),
        ["tok_fraud"] = Declines("fraudulent"),
        ["tok_processing_error"] = Declines("processing_error"),
        ["tok_limit_exceeded"] = Declines("card_limit_exceeded"),
        ["tok_3ds"] = new(SandboxBehaviour.AsksPerson),
        ["tok_slow"] = new(SandboxBehaviour.Slow),
        ["tok_timeout"] = new(SandboxBehaviour.AnswerLost),
        ["tok_timeout_unseen"] = new(SandboxBehaviour.Unseen),
        ["tok_duplicate"] = new(SandboxBehaviour.Duplicate),
        ["tok_webhook_later"] = new(SandboxBehaviour.Later),
        ["tok_capture_fails"] = new(SandboxBehaviour.CaptureFails),
        ["tok_refund_fails"] = new(SandboxBehaviour.RefundFails),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The card networks' and processors' published test numbers, which belong to nobody. No other number is taken.</summary>
    private static readonly FrozenDictionary<string, (string Brand, SandboxMeans Means)> Cards = new Dictionary<string, (string, SandboxMeans)>(StringComparer.Ordinal)
    {
        ["4242424242424242"] = ("visa", Good),
        ["4012888888881881"] = ("visa", Good),
        ["4111111111111111"] = ("visa", Good),
        ["5555555555554444"] = ("mastercard", Good),
        ["5105105105105100"] = ("mastercard", Good),
        ["378282246310005"] = ("amex", Good),
        ["6011111111111117"] = ("discover", Good),
        ["3056930009020004"] = ("diners", Good),
        ["3566002020360505"] = ("jcb", Good),
        ["4000000000000002"] = ("visa", Declines("card_declined")),
        ["4000000000009995"] = ("visa", Declines("insufficient_funds")),
        ["4000000000000069"] = ("visa", Declines("expired_card")),
        ["4000000000000127"] = ("visa", Declines("incorrect_cvc")),
        ["4000000000009987"] = ("visa", Declines("lost_card")),
        ["4000000000009979"] = ("visa", Declines("stolen_card")),
        ["4100000000000019"] = ("visa", Declines("fraudulent")),
        ["4000000000000119"] = ("visa", Declines("processing_error")),
        ["4000000000006975"] = ("visa", Declines("card_limit_exceeded")),
        ["4000000000003220"] = ("visa", new(SandboxBehaviour.AsksPerson)),
        ["4000000000005126"] = ("visa", new(SandboxBehaviour.RefundFails)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The card of a test number, written with or without spaces; null for any other number.</summary>
    public static (string Brand, SandboxMeans Means)? OfNumber(string number) =>
        Cards.TryGetValue(number.Replace(" ", "", StringComparison.Ordinal), out var card) ? card : null;

    /// <summary>A card that is past its month is refused as expired, whatever its number stands for.</summary>
    public static SandboxMeans Expired => Declines("expired_card");

    private static SandboxMeans Declines(string code) => new(SandboxBehaviour.Declines, code);
}
