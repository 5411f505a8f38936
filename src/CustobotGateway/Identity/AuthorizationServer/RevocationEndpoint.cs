using CustobotGateway.Identity.Keys;
using CustobotGateway.Identity.ResourceServer;
using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>
/// <c>POST /oauth/revoke</c>: a client gives a token back (RFC 7009). A refresh token ends with its family, its grant and every access token from it; an access
/// token ends alone. The answer is the same for tokens that are unknown or another's.
/// </summary>
internal sealed class RevocationEndpoint(Callers callers, OwnTokens own, TokenGrants grants, SigningKeyRing keys, NpgsqlDataSource database, AuditTrail audit)
{
    /// <summary>Its path under the issuer.</summary>
    public const string Path = "/oauth/revoke";

    /// <summary>Answers a request.</summary>
    public async Task RunAsync(HttpContext context)
    {
        if (!keys.IsReady)
        {
            await OAuthHttp.UnavailableAsync(context);
            return;
        }
        TokenQuery? query = null;
        if (!(await callers.ReadAsync(context, Path)).TryGet(out var caller, out var error) || !TokenQuery.Read(caller.Form).TryGet(out query, out error))
        {
            audit.Add(context, new AuditEntry("revocation", caller?.Client.ClientId, null, error.Code, new { reason = error.Description }));
            await OAuthHttp.RefuseAsync(context, error);
            return;
        }
        var ended = await RevokeAsync(caller, query, context.RequestAborted);
        audit.Add(context, new AuditEntry("revocation", caller.Client.ClientId, null, null, new { ended }));
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = 0;
    }

    // What was ended: "grant …" or "token …"; null if there was nothing.
    private async Task<string?> RevokeAsync(Caller caller, TokenQuery query, CancellationToken cancellationToken)
    {
        if (own.Read(query.Token, caller.Now) is { } token)
        {
            if (token.ClientId != caller.Client.ClientId)
            {
                return null;
            }
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await Revocations.AddAsync(transaction, RevocationKind.Token, token.TokenId, caller.Now, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return "token " + token.TokenId;
        }
        if (query.Token.Length > SecretToken.Longest)
        {
            return null;
        }
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            RefreshToken? refresh;
            await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
            {
                refresh = await new RefreshTokens(transaction, caller.Policy).FindAsync(SecretHash.Of(query.Token), cancellationToken);
            }
            return refresh is not null && refresh.Grant.ClientId == caller.Client.ClientId
                && await grants.RevokeAsync(connection, refresh.Grant.GrantId, cancellationToken, caller.Client.ClientId) is { } grant ? "grant " + grant : null;
        }
    }
}
