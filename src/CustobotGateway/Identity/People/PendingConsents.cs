using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.People;

/// <summary>An authorization request that a signed-in person is looking at.</summary>
/// <param name="Parameters">The request's parameters, as they came or were pushed.</param>
/// <param name="Pushed">The hash of the pushed request's reference; null if it was not pushed.</param>
internal sealed record PendingConsent(RequestParameters Parameters, SecretHash? Pushed);

/// <summary>
/// Keeps what people are asked between the page and the decision. The form carries a secret and nothing that could be tampered with; the row is bound to the
/// session that was shown the page, and deciding takes it away.
/// </summary>
internal sealed class PendingConsents(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>How long a person may look at the page.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    // Each loading of the page makes one; of a session that loads it for ever the oldest go.
    private const int MostPerSession = 16;

    /// <summary>Keeps one; the secret for the form.</summary>
    public async Task<string> AddAsync(PendingConsent pending, string sessionId, CancellationToken cancellationToken)
    {
        var secret = SecretToken.Create();
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("""
            insert into identity.pending_consents (hash, session_id, parameters, pushed, expires_at) values (@hash, @sessionId, @parameters, @pushed, @end);
            delete from identity.pending_consents where session_id = @sessionId and hash in (
                select hash from identity.pending_consents where session_id = @sessionId order by expires_at desc offset @MostPerSession)
            """,
            new { hash = SecretHash.Of(secret).ToArray(), sessionId, parameters = pending.Parameters.ToJson(), pushed = pending.Pushed?.ToArray(), end = now + Lifetime, MostPerSession },
            cancellationToken: cancellationToken));
        return secret;
    }

    /// <summary>What that session is looking at; null if it is another's, was decided, or has expired.</summary>
    public async Task<PendingConsent?> FindAsync(string? secret, string sessionId, CancellationToken cancellationToken)
    {
        if (secret is null or { Length: > SecretToken.Longest })
        {
            return null;
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<(byte[]? Parameters, byte[]? Pushed)>(new CommandDefinition(
            "select parameters, pushed from identity.pending_consents where hash = @hash and session_id = @sessionId and expires_at > @now",
            new { hash = SecretHash.Of(secret).ToArray(), sessionId, now = clock.GetUtcNow() }, cancellationToken: cancellationToken));
        return row.Parameters is not null && RequestParameters.FromJson(row.Parameters).TryGet(out var parameters, out _)
            ? new(parameters, row.Pushed is null ? null : SecretHash.FromBytes(row.Pushed))
            : null;
    }

    /// <summary>True for the first decision, of any number at once.</summary>
    public static async Task<bool> TryTakeAsync(NpgsqlTransaction transaction, string secret, string sessionId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "delete from identity.pending_consents where hash = @hash and session_id = @sessionId",
            new { hash = SecretHash.Of(secret).ToArray(), sessionId }, transaction, cancellationToken: cancellationToken)) == 1;
}
