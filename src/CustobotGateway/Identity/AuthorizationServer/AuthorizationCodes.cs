using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Storage;
using CustobotGateway.OAuth.Tokens;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>Codes, within one transaction.</summary>
internal sealed class AuthorizationCodes(NpgsqlTransaction transaction, ServerPolicy policy) : IAuthorizationCodes
{
    private readonly NpgsqlConnection _connection = transaction.Connection!;

    public async ValueTask AddAsync(AuthorizationCode code, CancellationToken cancellationToken) =>
        await _connection.ExecuteAsync(new CommandDefinition("""
            insert into identity.codes (hash, grant_id, redirect_uri, redirect_uri_was_sent, code_challenge, thumbprint, nonce, expires_at)
            values (@hash, @GrantId, @RedirectUri, @RedirectUriWasSent, @CodeChallenge, @DpopThumbprint, @Nonce, @ExpiresAt)
            """,
            new
            {
                hash = code.Hash.ToArray(),
                code.Grant.GrantId,
                code.RedirectUri,
                code.RedirectUriWasSent,
                code.CodeChallenge,
                code.DpopThumbprint,
                code.Nonce,
                code.ExpiresAt,
            }, transaction, cancellationToken: cancellationToken));

    public async ValueTask<AuthorizationCode?> FindAsync(SecretHash hash, CancellationToken cancellationToken)
    {
        var row = await _connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition($"""
            select {GrantRows.Columns}, c.redirect_uri as redirecturi, c.redirect_uri_was_sent as redirecturiwassent, c.code_challenge as codechallenge, c.thumbprint, c.nonce,
                   c.expires_at as expiresat, c.consumed_at as consumedat
            from identity.codes c join identity.grants g on g.id = c.grant_id where c.hash = @hash
            """, new { hash = hash.ToArray() }, transaction, cancellationToken: cancellationToken));
        if (row is null || GrantRows.Read(policy, row.GrantId, row.ClientId, row.Person, row.Scopes, row.Resources, row.Details, row.AuthenticatedAt, row.Acr) is not { } grant)
        {
            return null;
        }
        return new AuthorizationCode
        {
            Hash = hash,
            Grant = grant,
            RedirectUri = row.RedirectUri,
            RedirectUriWasSent = row.RedirectUriWasSent,
            CodeChallenge = row.CodeChallenge,
            DpopThumbprint = row.Thumbprint,
            Nonce = row.Nonce,
            ExpiresAt = new DateTimeOffset(row.ExpiresAt),
            ConsumedAt = row.ConsumedAt is { } consumed ? new DateTimeOffset(consumed) : null,
        };
    }

    public async ValueTask<bool> TryConsumeAsync(SecretHash hash, DateTimeOffset now, CancellationToken cancellationToken) =>
        await _connection.ExecuteAsync(new CommandDefinition(
            "update identity.codes set consumed_at = @now where hash = @hash and consumed_at is null and expires_at > @now",
            new { hash = hash.ToArray(), now }, transaction, cancellationToken: cancellationToken)) == 1;

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
        public string RedirectUri { get; init; } = "";
        public bool RedirectUriWasSent { get; init; }
        public string CodeChallenge { get; init; } = "";
        public string? Thumbprint { get; init; }
        public string? Nonce { get; init; }
        public DateTime ExpiresAt { get; init; }
        public DateTime? ConsumedAt { get; init; }
    }
}
