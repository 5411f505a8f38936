using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Storage;

/// <summary>Keeps codes, by their hash; used ones too, until they expire, so that reuse is seen.</summary>
public interface IAuthorizationCodes
{
    /// <summary>Stores a code.</summary>
    ValueTask AddAsync(AuthorizationCode code, CancellationToken cancellationToken);

    /// <summary>The code, used or not; null if there is none.</summary>
    ValueTask<AuthorizationCode?> FindAsync(SecretHash hash, CancellationToken cancellationToken);

    /// <summary>
    /// True for the first caller, of any number at once: <c>update … set consumed_at = $2 where hash = $1 and consumed_at is null and expires_at &gt; $2</c>, one row.
    /// In the transaction that stores what the code is exchanged for.
    /// </summary>
    ValueTask<bool> TryConsumeAsync(SecretHash hash, DateTimeOffset now, CancellationToken cancellationToken);
}
