using CustobotGateway.Common;
using CustobotGateway.MessageSignatures.Verification;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>What a request's signatures come to.</summary>
/// <param name="IsSigned">Whether there was a signature at all.</param>
/// <param name="Fault">Why it is not believed; <see cref="SignatureFault.None"/> where it is.</param>
/// <param name="Agent">The agent's address; null where its key is not known.</param>
/// <param name="Protocol"><c>web-bot-auth</c> or <c>tap</c>; null where no signature was in order.</param>
/// <param name="Tag">What the signer does by its tag, such as <c>agent-payer-auth</c>; null where no signature was in order.</param>
/// <param name="KeyId">The key that is named; null where no signature was in order.</param>
public sealed record SignatureVerdict(bool IsSigned, SignatureFault Fault, string? Agent = null, string? Protocol = null, string? Tag = null, string? KeyId = null)
{
    /// <summary>A request without a signature.</summary>
    public static readonly SignatureVerdict Unsigned = new(false, SignatureFault.NoSignature);

    /// <summary>Whether the agent has proved who it is.</summary>
    public bool IsVerified => Fault == SignatureFault.None;

    /// <summary>Whether somebody tried to prove who it is, and failed.</summary>
    public bool IsRefused => IsSigned && Fault != SignatureFault.None;

    /// <summary>The reason's name, such as <c>expired</c>; <c>verified</c> and <c>no_signature</c> for the two that are none.</summary>
    public string Reason => Fault.Code();

    /// <summary>The reason in words, for the caller.</summary>
    public string Text => SignatureWords.Of(Fault);

    /// <summary>What to do about it.</summary>
    public Remedy Remedy => SignatureWords.Remedy;
}
