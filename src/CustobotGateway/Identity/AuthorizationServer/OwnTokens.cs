using CustobotGateway.Identity.Keys;
using CustobotGateway.Identity.ResourceServer;
using CustobotGateway.OAuth.Tokens;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>Checks access tokens of this server where they are asked about: at introspection, revocation and exchange, for whatever resource.</summary>
internal sealed class OwnTokens(ServerPolicySource policies, SigningKeyRing keys, NpgsqlDataSource database)
{
    private (object Policy, AccessTokenReader Reader)? _reader;

    /// <summary>The token, if it is this server's, in time and not revoked, and its client and person are not disabled. Asked of the database, which knows before any memory does.</summary>
    public async ValueTask<AccessToken?> FindAsync(string text, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Read(text, now) is not { } token)
        {
            return null;
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var ended = await connection.QuerySingleAsync<bool>(new CommandDefinition($"""
            select exists (select 1 from identity.revocations r where
                       (r.kind = {(int)RevocationKind.Grant} and r.id = @GrantId) or (r.kind = {(int)RevocationKind.Token} and r.id = @TokenId)
                       or (r.kind = {(int)RevocationKind.Client} and r.id = @ClientId and r.revoked_at >= @IssuedAt)
                       or (r.kind = {(int)RevocationKind.Person} and r.id = @Subject and r.revoked_at >= @IssuedAt))
                or exists (select 1 from identity.grants g where g.id = @GrantId and g.revoked_at is not null)
                or exists (select 1 from identity.clients c where c.client_id = @ClientId and not c.enabled)
            """, new { GrantId = token.GrantId ?? "", token.TokenId, token.ClientId, token.Subject, token.IssuedAt }, cancellationToken: cancellationToken));
        return ended ? null : token;
    }

    /// <summary>The token, if it is this server's and in time; it may be revoked.</summary>
    public AccessToken? Read(string text, DateTimeOffset now)
    {
        var policy = policies.Current;
        if (_reader is not { } known || !ReferenceEquals(known.Policy, policy))
        {
            known = (policy, new AccessTokenReader(new TokenProfile { Issuer = policy.Issuer, IsOwn = true, DetailTypes = policy.DetailTypes }));
            _reader = known;
        }
        return known.Reader.Read(text, keys.Verification, null, now).TryGet(out var token, out _) ? token : null;
    }
}
