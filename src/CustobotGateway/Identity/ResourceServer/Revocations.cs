using System.Collections.Concurrent;
using CustobotGateway.OAuth.Tokens;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.ResourceServer;

/// <summary>
/// What was revoked, in memory: asked for every token of every request. <see cref="RevocationFollower"/> keeps it up to date; a token that was
/// validated before is refused by it like any other.
/// </summary>
public sealed class Revocations(TimeProvider clock)
{
    /// <summary>The channel that each committed revocation notifies.</summary>
    public const string Channel = "identity_revocations";

    /// <summary>The longest that an access token may live: a revocation is kept for as long, and a token that says to live longer is refused.</summary>
    public static readonly TimeSpan LongestToken = TimeSpan.FromHours(24);

    /// <summary>How old the picture may be. Past it, whether a token was revoked is not known.</summary>
    public static readonly TimeSpan MostStale = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(RevocationKind Kind, string Id), Row> _rows = new();
    private long _readAt = -1;

    /// <summary>Whether what was revoked is known: it has been read, and not too long ago.</summary>
    public bool IsCurrent => Volatile.Read(ref _readAt) is var at and >= 0 && clock.GetElapsedTime(at) < MostStale;

    /// <summary>How many are held.</summary>
    public int Count => _rows.Count;

    /// <summary>
    /// Revokes, in the transaction of whoever revokes: it holds from the commit on, on every gateway within a second. Revoking a client or a person
    /// again means the tokens issued since then, too.
    /// </summary>
    /// <param name="transaction">The caller's; it is not committed here.</param>
    /// <param name="kind">What <paramref name="id"/> names.</param>
    /// <param name="id">The grant, token, client or person; of another issuer's, <see cref="IdOf"/> it.</param>
    /// <param name="now">Tokens of a client or a person that were issued up to then are refused.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task AddAsync(NpgsqlTransaction transaction, RevocationKind kind, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition($"""
            insert into identity.revocations (kind, id, revoked_at, expires_at) values (@kind, @id, @now, @expires)
            on conflict (kind, id) do update set revoked_at = greatest(identity.revocations.revoked_at, excluded.revoked_at),
                expires_at = greatest(identity.revocations.expires_at, excluded.expires_at), change_xid = pg_current_xact_id();
            notify {Channel}
            """,
            new { kind = (short)kind, id, now, expires = now + LongestToken + TimeSpan.FromMinutes(1) }, transaction, cancellationToken: cancellationToken));
    }

    /// <summary>The id under which something of another issuer is revoked: two issuers may name different people alike.</summary>
    public static string IdOf(string issuer, string id) => issuer + " " + id;

    /// <summary>Whether the token, its grant, its client or its person was revoked.</summary>
    /// <param name="token">A token that is valid otherwise.</param>
    /// <param name="isOwn">Whether this gateway issued it; another issuer's ids are held apart.</param>
    public bool IsRevoked(AccessToken token, bool isOwn = true)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (_rows.IsEmpty)
        {
            return false;
        }
        return (isOwn && token.GrantId is { } grant && _rows.ContainsKey((RevocationKind.Grant, grant)))
            || _rows.ContainsKey((RevocationKind.Token, Id(token.TokenId)))
            || IsIssuedBefore(RevocationKind.Client, token.ClientId)
            || IsIssuedBefore(RevocationKind.Person, token.Subject);

        string Id(string id) => isOwn ? id : IdOf(token.Issuer, id);
        bool IsIssuedBefore(RevocationKind kind, string id) => _rows.TryGetValue((kind, Id(id)), out var row) && token.IssuedAt <= row.RevokedAt;
    }

    /// <summary>Takes over what was read.</summary>
    internal void Take(IEnumerable<(RevocationKind Kind, string Id, DateTimeOffset RevokedAt, DateTimeOffset ExpiresAt)> rows)
    {
        foreach (var row in rows)
        {
            _rows[(row.Kind, row.Id)] = new Row(row.RevokedAt, row.ExpiresAt);
        }
    }

    /// <summary>What was committed before the mark was taken is known.</summary>
    internal void MarkRead(long timestamp) => Volatile.Write(ref _readAt, timestamp);

    /// <summary>Forgets what no token can be left of.</summary>
    internal void Forget(DateTimeOffset now)
    {
        foreach (var (key, row) in _rows)
        {
            if (row.ExpiresAt <= now)
            {
                _rows.TryRemove(new(key, row));
            }
        }
    }

    private sealed record Row(DateTimeOffset RevokedAt, DateTimeOffset ExpiresAt);
}
