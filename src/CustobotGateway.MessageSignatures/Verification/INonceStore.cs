namespace CustobotGateway.MessageSignatures.Verification;

/// <summary>Remembers which nonces were used.</summary>
public interface INonceStore
{
    /// <summary>Uses a nonce: true for the first, of any number at once, until it expires.</summary>
    /// <param name="keyId">Whose nonce.</param>
    /// <param name="nonce">The nonce.</param>
    /// <param name="expires">From then on the signature is refused for its age, and the nonce may be forgotten.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>True, false for one that was used, null where that cannot be found out just now.</returns>
    ValueTask<bool?> TryUseAsync(string keyId, string nonce, DateTimeOffset expires, CancellationToken cancellationToken);
}
