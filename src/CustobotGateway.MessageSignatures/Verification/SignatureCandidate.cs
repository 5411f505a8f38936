using CustobotGateway.MessageSignatures.Components;
using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.WebBotAuth;

namespace CustobotGateway.MessageSignatures.Verification;

/// <summary>A signature that is in order as far as that can be told without its key.</summary>
public sealed class SignatureCandidate
{
    private readonly byte[] _signed;
    private readonly ReadOnlyMemory<byte> _signature;

    internal SignatureCandidate(byte[] signed, ReadOnlyMemory<byte> signature) => (_signed, _signature) = (signed, signature);

    /// <summary>Its label.</summary>
    public required string Label { get; init; }

    /// <summary>The key that it names.</summary>
    public required string KeyId { get; init; }

    /// <summary>Its tag.</summary>
    public required string Tag { get; init; }

    /// <summary>The profile of its tag.</summary>
    public required SignatureProfile Profile { get; init; }

    /// <summary>The parameter <c>alg</c>; null without one.</summary>
    public string? Algorithm { get; init; }

    /// <summary>The nonce; null without one.</summary>
    public string? Nonce { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>From when on it is good for nothing.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>What it covers.</summary>
    public required IReadOnlyList<Component> Covered { get; init; }

    /// <summary>The entries of Signature-Agent that it covers; empty where the header was not sent.</summary>
    public IReadOnlyList<SignatureAgent> Agents { get; init; } = [];

    /// <summary>The text that was signed, for whoever looks for a fault.</summary>
    public ReadOnlyMemory<byte> SignatureBase => _signed;

    /// <summary>Whether the key made it. The key's own algorithm decides, never the one that is named.</summary>
    public SignatureFault Verify(VerifyingKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Algorithm is not null && Algorithm != key.Algorithm.Name ? SignatureFault.AlgorithmMismatch
            : key.Verify(_signed, _signature.Span) ? SignatureFault.None
            : SignatureFault.BadSignature;
    }
}
