using CustobotGateway.OAuth.Clients;

namespace CustobotGateway.OAuth.Storage;

/// <summary>Remembers what may be used once: assertions (RFC 7523 §3) and DPoP proofs (RFC 9449 §11.1).</summary>
public interface IReplays
{
    /// <summary>
    /// True for the first caller, of any number at once: <c>insert … on conflict do nothing</c>, one row. Asked last, when everything else is right, so
    /// that a refused request burns nothing.
    /// </summary>
    ValueTask<bool> TryUseAsync(OneTimeUse use, CancellationToken cancellationToken);
}
