namespace CustobotGateway.MessageSignatures.Verification;

/// <summary>Remembers the nonces of one batch, for as long as it lives.</summary>
public sealed class MemoryNonces : INonceStore
{
    private readonly HashSet<(string KeyId, string Nonce)> _used = [];

    /// <inheritdoc/>
    public ValueTask<bool?> TryUseAsync(string keyId, string nonce, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        lock (_used)
        {
            return new(_used.Add((keyId, nonce)));
        }
    }
}
