using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.MessageSignatures.Verification;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Tokens;
using Npgsql;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>
/// Remembers the nonces of requests among all gateways of the database, in commits that requests share, beside the other things that are good once. While the database
/// is away nobody knows, and nothing is verified.
/// </summary>
internal sealed class LiveNonces(ReplayBatches replays) : INonceStore
{
    private const string Purpose = "message-signature";

    // The clocks of two gateways differ: what one has forgotten, another would take for a fresh one.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    // A request must not wait for a database that does not answer: it is answered as one without a signature.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async ValueTask<bool?> TryUseAsync(string keyId, string nonce, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        try
        {
            return await replays.TryUseAsync(new OneTimeUse(Purpose, SecretHash.Of($"{keyId}\n{nonce}"), expires + Grace), cancellationToken).AsTask().WaitAsync(Patience, cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or TimeoutException)
        {
            return null;
        }
    }
}
