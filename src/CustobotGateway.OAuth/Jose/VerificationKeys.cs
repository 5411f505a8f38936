namespace CustobotGateway.OAuth.Jose;

/// <summary>The keys that one issuer or one client signs with, ready to verify.</summary>
public sealed class VerificationKeys : IDisposable
{
    private readonly List<VerificationKey> _keys = [];

    /// <summary>Prepares every key of the set; those whose numbers are no key are left out.</summary>
    public VerificationKeys(JwkSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        _keys.AddRange(set.Keys.Select(VerificationKey.Create).OfType<VerificationKey>());
    }

    /// <summary>True if a key of that name is here: when not, an issuer's keys may be fetched anew, seldom.</summary>
    public bool Knows(string? keyId) => _keys.Exists(key => key.Jwk.KeyId == keyId);

    /// <summary>
    /// True if one of these keys signed the token. Its <c>kid</c> chooses among them (RFC 7515 §4.1.4); a name that is unknown verifies nothing.
    /// Keys come from here alone, never from the token's <c>jwk</c>, <c>jku</c>, <c>x5u</c> or <c>x5c</c>.
    /// </summary>
    public bool Verify(CompactJws jws)
    {
        ArgumentNullException.ThrowIfNull(jws);
        foreach (var key in _keys)
        {
            if ((jws.KeyId is null || key.Jwk.KeyId == jws.KeyId) && jws.IsSignedBy(key))
            {
                return true;
            }
        }
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in _keys)
        {
            key.Dispose();
        }
    }
}
