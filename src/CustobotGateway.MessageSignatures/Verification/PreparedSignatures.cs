namespace CustobotGateway.MessageSignatures.Verification;

/// <summary>What a message's signatures come to without their keys.</summary>
/// <param name="Candidates">Those that are in order so far, in their order.</param>
/// <param name="Fault">Why the others are not; <see cref="SignatureFault.None"/> where all are.</param>
public sealed record PreparedSignatures(IReadOnlyList<SignatureCandidate> Candidates, SignatureFault Fault)
{
    internal static PreparedSignatures Refused(SignatureFault fault) => new([], fault);
}
