namespace CustobotGateway.MessageSignatures.Verification;

/// <summary>What a message's signatures come to.</summary>
/// <param name="Fault">Why none is believed; <see cref="SignatureFault.None"/> where one is.</param>
/// <param name="Signature">The one that is believed, or came furthest; null where none was in order.</param>
/// <param name="Owner">Whose key it is; null where the key is not known.</param>
public sealed record Judgement(SignatureFault Fault, SignatureCandidate? Signature, string? Owner)
{
    /// <summary>Whether one is believed.</summary>
    public bool IsVerified => Fault == SignatureFault.None;
}
