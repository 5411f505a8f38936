using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Storage;
using CustobotGateway.OAuth.Tokens;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>Refresh tokens, within one transaction.</summary>
internal sealed class RefreshTokens(NpgsqlTransaction transaction, ServerPolicy policy) : IRefreshTokens
{
    private readonly NpgsqlConnection _connection = transaction.Connection!;

    public async ValueTask AddAsync(RefreshToken token, CancellationToken cancellationToken) =>
        await _connection.ExecuteAsync(new CommandDefinition("""
            insert into identity.refresh_families (id, grant_id, thumbprint, expires_at) values (@FamilyId, @GrantId, @Thumbprint, @FamilyExpiresAt);
            insert into identity.refresh_tokens (hash, family_id, issued_at, expires_at) values (@hash, @FamilyId, @IssuedAt, @ExpiresAt)
            """,
            new
            {
                hash = token.Hash.ToArray(),
                token.FamilyId,
                token.Grant.GrantId,
                token.Thumbprint,
                token.FamilyExpiresAt,
                token.IssuedAt,
                token.ExpiresAt,
            }, transaction, cancellationToken: cancellationToken));

    public async ValueTask<RefreshToken?> FindAsync(SecretHash hash, CancellationToken cancellationToken)
    {
        var row = await _connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition($"""
            select {GrantRows.Columns}, t.family_id as familyid, f.thumbprint, t.issued_at as issuedat, t.expires_at as expiresat, f.expires_at as familyexpiresat,
                   f.revoked_at as familyrevokedat, t.consumed_at as consumedat, t.sealed_successor as sealedsuccessor, s.consumed_at is not null as successorisconsumed
            from identity.refresh_tokens t
            join identity.refresh_families f on f.id = t.family_id
            join identity.grants g on g.id = f.grant_id
            left join identity.refresh_tokens s on s.hash = t.successor
            where t.hash = @hash
            """, new { hash = hash.ToArray() }, transaction, cancellationToken: cancellationToken));
        if (row is null || GrantRows.Read(policy, row.GrantId, row.ClientId, row.Person, row.Scopes, row.Resources, row.Details, row.AuthenticatedAt, row.Acr) is not { } grant)
        {
            return null;
        }
        return new RefreshToken
        {
            Hash = hash,
            FamilyId = row.FamilyId,
            Grant = grant,
            Thumbprint = row.Thumbprint,
            IssuedAt = new DateTimeOffset(row.IssuedAt),
            ExpiresAt = new DateTimeOffset(row.ExpiresAt),
            FamilyExpiresAt = new DateTimeOffset(row.FamilyExpiresAt),
            FamilyRevokedAt = row.FamilyRevokedAt is { } revoked ? new DateTimeOffset(revoked) : null,
            ConsumedAt = row.ConsumedAt is { } consumed ? new DateTimeOffset(consumed) : null,
            SealedSuccessor = row.SealedSuccessor,
            SuccessorIsConsumed = row.SuccessorIsConsumed,
        };
    }

    public async ValueTask<bool> TryRotateAsync(SecretHash hash, RefreshToken successor, byte[]? sealedSuccessor, DateTimeOffset now, CancellationToken cancellationToken) =>
        await _connection.ExecuteAsync(new CommandDefinition("""
            with used as (
                update identity.refresh_tokens t set consumed_at = @now, successor = @next, sealed_successor = @sealedSuccessor
                from identity.refresh_families f
                where t.hash = @hash and t.consumed_at is null and f.id = t.family_id and f.revoked_at is null returning t.family_id)
            insert into identity.refresh_tokens (hash, family_id, issued_at, expires_at) select @next, family_id, @IssuedAt, @ExpiresAt from used
            """,
            new { hash = hash.ToArray(), next = successor.Hash.ToArray(), sealedSuccessor, now, successor.IssuedAt, successor.ExpiresAt },
            transaction, cancellationToken: cancellationToken)) == 1;

    public async ValueTask RevokeFamilyAsync(string familyId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Its access tokens carry the grant's id and end with the grant, which TokenGrants revokes together with all else that lives from it.
        await _connection.ExecuteAsync(new CommandDefinition(
            "update identity.refresh_families set revoked_at = @now where id = @familyId and revoked_at is null", new { familyId, now }, transaction, cancellationToken: cancellationToken));
    }

    // Dapper fills it by column name; a constructor it would look for by the types of the columns, and all arrays are of one type there.
    private sealed class Row
    {
        public string GrantId { get; init; } = "";
        public string ClientId { get; init; } = "";
        public string Person { get; init; } = "";
        public string[] Scopes { get; init; } = [];
        public string[] Resources { get; init; } = [];
        public string? Details { get; init; }
        public DateTime? AuthenticatedAt { get; init; }
        public string? Acr { get; init; }
        public string FamilyId { get; init; } = "";
        public string? Thumbprint { get; init; }
        public DateTime IssuedAt { get; init; }
        public DateTime ExpiresAt { get; init; }
        public DateTime FamilyExpiresAt { get; init; }
        public DateTime? FamilyRevokedAt { get; init; }
        public DateTime? ConsumedAt { get; init; }
        public byte[]? SealedSuccessor { get; init; }
        public bool SuccessorIsConsumed { get; init; }
    }
}
