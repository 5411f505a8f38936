using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Storage;

/// <summary>Keeps pushed authorization requests (RFC 9126), by the hash of their reference.</summary>
public interface IPushedRequests
{
    /// <summary>Stores a request.</summary>
    ValueTask AddAsync(PushedRequest request, CancellationToken cancellationToken);

    /// <summary>The request, if it lives and was not used; null if not. A page that is loaded twice before the login finds it twice.</summary>
    ValueTask<PushedRequest?> FindAsync(SecretHash hash, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// True for the first caller, of any number at once: <c>delete … where hash = $1 and expires_at &gt; $2</c>, one row. In the transaction that stores the code.
    /// </summary>
    ValueTask<bool> TryConsumeAsync(SecretHash hash, DateTimeOffset now, CancellationToken cancellationToken);
}
