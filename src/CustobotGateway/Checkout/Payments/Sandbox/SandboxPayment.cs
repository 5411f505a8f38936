using System.Text.Json.Serialization;

namespace CustobotGateway.Checkout.Payments.Sandbox;

/// <summary>Where a payment stands in the sandbox.</summary>
internal enum SandboxState
{
    /// <summary>Will be authorised by itself.</summary>
    Pending,

    /// <summary>Waits for the person.</summary>
    RequiresAction,

    /// <summary>Held.</summary>
    Authorised,

    /// <summary>Charged, the whole or a part.</summary>
    Captured,

    /// <summary>Given up.</summary>
    Voided,

    /// <summary>Refused.</summary>
    Declined,
}

/// <summary>What the sandbox is asked to hold.</summary>
internal sealed record SandboxOrder(string PaymentId, string? SessionId, long Amount, string Currency, string Token)
{
    /// <summary>Leaves the token out.</summary>
    public override string ToString() => PaymentId;
}

/// <summary>A payment as the sandbox keeps it: what was asked and what came of it, and no token. All of its rules are here.</summary>
internal sealed record SandboxPayment(string Id, string? SessionId, string Reference, SandboxState State, long Amount, string Currency, SandboxBehaviour Behaviour)
{
    private static readonly IReadOnlyDictionary<string, long> None = new Dictionary<string, long>();

    public string? DeclineCode { get; init; }

    /// <summary>When it is authorised by itself.</summary>
    public DateTimeOffset? ReadyAt { get; init; }

    public long Captured { get; init; }

    /// <summary>What was given back, by the refund's id.</summary>
    public IReadOnlyDictionary<string, long> Refunds { get; init; } = None;

    [JsonIgnore]
    public long Refunded => Refunds.Values.Sum();

    /// <summary>As it comes out of that order.</summary>
    public static SandboxPayment Of(SandboxOrder order, SandboxMeans means, DateTimeOffset now, TimeSpan later) =>
        new(order.PaymentId, order.SessionId, "sbx_" + order.PaymentId, StateOf(means.Behaviour), order.Amount, order.Currency, means.Behaviour)
        {
            DeclineCode = means.DeclineCode,
            ReadyAt = means.Behaviour == SandboxBehaviour.Later ? now + later : null,
        };

    /// <summary>What is kept of a payment that was given up before the sandbox ever saw it: should it still arrive, it is refused.</summary>
    public static SandboxPayment NeverWanted(string id) => new(id, null, "sbx_" + id, SandboxState.Voided, 0, "", SandboxBehaviour.Approves);

    /// <summary>As it stands at that time.</summary>
    public SandboxPayment At(DateTimeOffset now) => State == SandboxState.Pending && ReadyAt <= now ? this with { State = SandboxState.Authorised } : this;

    /// <summary>Charged; unchanged where it cannot be, with the reason, or was before.</summary>
    public (SandboxPayment Next, string? Refusal) Capture(long amount) =>
        State != SandboxState.Authorised ? (this, null)
        : Behaviour == SandboxBehaviour.CaptureFails ? (this, "capture_failed")
        : amount <= 0 || amount > Amount ? (this, "amount_exceeds_authorised")
        : (this with { State = SandboxState.Captured, Captured = amount }, null);

    /// <summary>Given up; unchanged where it was charged or refused before.</summary>
    public SandboxPayment Void() => State is SandboxState.Pending or SandboxState.RequiresAction or SandboxState.Authorised ? this with { State = SandboxState.Voided } : this;

    /// <summary>Given back; unchanged where that refund was made before, or cannot be made, with the reason.</summary>
    public (SandboxPayment Next, string? Refusal) Refund(string refundId, long amount) =>
        State != SandboxState.Captured ? (this, "not_captured")
        : Refunds.ContainsKey(refundId) ? (this, null)
        : Behaviour == SandboxBehaviour.RefundFails ? (this, "refund_failed")
        : amount <= 0 || amount > Captured - Refunded ? (this, "amount_exceeds_captured")
        : (this with { Refunds = new Dictionary<string, long>(Refunds) { [refundId] = amount } }, null);

    /// <summary>The person has agreed or refused; unchanged where nobody waits for that any more.</summary>
    public SandboxPayment Decide(bool agrees) =>
        State != SandboxState.RequiresAction ? this
        : agrees ? this with { State = SandboxState.Authorised }
        : this with { State = SandboxState.Declined, DeclineCode = "authentication_failed" };

    /// <summary>What is answered of it as it stands.</summary>
    public ProviderAnswer Answer(Func<string, Uri> page) => State switch
    {
        SandboxState.Pending => new(PaymentOutcome.ActionRequired, Reference),
        SandboxState.RequiresAction => new(PaymentOutcome.ActionRequired, Reference, ActionUrl: page(Id)),
        SandboxState.Authorised => new(PaymentOutcome.Authorised, Reference),
        SandboxState.Voided => new(PaymentOutcome.Voided, Reference),
        SandboxState.Declined => ProviderAnswer.Declined(DeclineCode ?? "card_declined", Reference),
        _ => new(Refunded > 0 ? PaymentOutcome.Refunded : PaymentOutcome.Captured, Reference, Captured: Captured, Refunded: Refunded),
    };

    private static SandboxState StateOf(SandboxBehaviour behaviour) => behaviour switch
    {
        SandboxBehaviour.Declines => SandboxState.Declined,
        SandboxBehaviour.AsksPerson => SandboxState.RequiresAction,
        SandboxBehaviour.Later => SandboxState.Pending,
        _ => SandboxState.Authorised,
    };
}
