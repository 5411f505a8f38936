using CustobotGateway.MessageSignatures.Verification;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>Where used nonces are remembered.</summary>
public sealed class NonceScope
{
    private NonceScope(INonceStore? batch) => Batch = batch;

    /// <summary>Requests that come in: among all gateways of the database, for as long as the signature lives. Key directories are fetched where need be.</summary>
    public static NonceScope Live { get; } = new(null);

    /// <summary>What only this batch has seen; null for live requests.</summary>
    internal INonceStore? Batch { get; }

    /// <summary>The rows of one batch: among themselves alone, and with the keys that are known already.</summary>
    public static NonceScope NewBatch() => new(new MemoryNonces());
}
