using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Storage;

/// <summary>Keeps refresh tokens, by their hash; used ones too, while their family lives, so that reuse is seen.</summary>
public interface IRefreshTokens
{
    /// <summary>Stores the first token of a family.</summary>
    ValueTask AddAsync(RefreshToken token, CancellationToken cancellationToken);

    /// <summary>The token with the state of its family and its successor; null if there is none.</summary>
    ValueTask<RefreshToken?> FindAsync(SecretHash hash, CancellationToken cancellationToken);

    /// <summary>
    /// Consumes the token, stores its successor beside it, sealed, and the successor itself. True for the first caller, of any number at once:
    /// <c>update … set consumed_at = $2, successor = $3, sealed_successor = $4 where hash = $1 and consumed_at is null and the family is not revoked</c>, one row,
    /// in one transaction with the insert.
    /// </summary>
    ValueTask<bool> TryRotateAsync(SecretHash hash, RefreshToken successor, byte[]? sealedSuccessor, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Ends the family and its grant's access tokens: <c>update … set revoked_at = $2 where family = $1 and revoked_at is null</c>.</summary>
    ValueTask RevokeFamilyAsync(string familyId, DateTimeOffset now, CancellationToken cancellationToken);
}
