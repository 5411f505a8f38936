namespace CustobotGateway.Checkout.Payments.Sandbox;

/// <summary>What the sandbox is asked over HTTP when it runs as a process of its own. Amounts in whole minor units; answers are a <see cref="ProviderAnswer"/>.</summary>
internal static class SandboxWire
{
    /// <summary><c>POST /authorisations</c></summary>
    public sealed record Authorisation(string PaymentId, long Amount, string Currency, string Token, string? SessionId = null);

    /// <summary><c>POST /captures</c></summary>
    public sealed record Capture(string PaymentId, long Amount);

    /// <summary><c>POST /voids</c></summary>
    public sealed record Void(string PaymentId);

    /// <summary><c>POST /refunds</c></summary>
    public sealed record Refund(string PaymentId, string RefundId, long Amount);

    /// <summary>A line of <c>GET /journal</c>: what was done, in order.</summary>
    /// <param name="Number">1, 2, 3 …</param>
    /// <param name="Act">What: a <c>charge</c> took money.</param>
    /// <param name="At">When.</param>
    /// <param name="Payment">The payment as it was from then on.</param>
    public sealed record Entry(long Number, SandboxAct Act, DateTimeOffset At, SandboxPayment Payment);

    /// <summary>A page of the journal.</summary>
    /// <param name="Entries">In order.</param>
    /// <param name="Next">Give it as <c>after</c> for what follows.</param>
    public sealed record Page(IReadOnlyList<Entry> Entries, long Next);

    /// <summary><c>POST /faults</c>: what goes wrong with the next calls of a kind.</summary>
    /// <param name="Step">Of which: authorise, capture, void, refund, find.</param>
    /// <param name="Fault">What happens.</param>
    /// <param name="Token">Only with this token; only for authorise.</param>
    /// <param name="SessionId">Only for payments of this session.</param>
    /// <param name="PaymentId">Only for this payment.</param>
    /// <param name="Times">How often; once by default.</param>
    /// <param name="DelayMilliseconds">How late, for <see cref="SandboxFault.Late"/>.</param>
    public sealed record FaultOrder(
        SandboxStep Step, SandboxFault Fault, string? Token = null, string? SessionId = null, string? PaymentId = null, int Times = 1, int DelayMilliseconds = 0);
}

/// <summary>What the sandbox is asked to do.</summary>
internal enum SandboxStep
{
    /// <summary>Hold.</summary>
    Authorise,

    /// <summary>Charge.</summary>
    Capture,

    /// <summary>Give up.</summary>
    Void,

    /// <summary>Give back.</summary>
    Refund,

    /// <summary>Tell what became of it.</summary>
    Find,
}

/// <summary>What goes wrong on the way.</summary>
internal enum SandboxFault
{
    /// <summary>The connection ends before anything is done.</summary>
    DropBefore,

    /// <summary>It is done, and then the connection ends.</summary>
    DropAfter,

    /// <summary>It is done, and the answer comes late.</summary>
    Late,

    /// <summary>500, and nothing is done.</summary>
    Error,

    /// <summary>It is done, and the answer is 500.</summary>
    ErrorAfter,
}
