using CustobotGateway.Identity.Keys;
using CustobotGateway.OAuth;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>
/// <c>POST /oauth/introspect</c>: what a token is worth (RFC 7662), told to the client that it was issued to and to the resource that it is for. A resource's
/// own client is one that is registered for no grant at all: it serves the resources of its registration.
/// </summary>
internal sealed class IntrospectionEndpoint(Callers callers, OwnTokens own, SigningKeyRing keys, NpgsqlDataSource database, AuditTrail audit)
{
    /// <summary>Its path under the issuer.</summary>
    public const string Path = "/oauth/introspect";

    /// <summary>Answers a request.</summary>
    public async Task RunAsync(HttpContext context)
    {
        if (!keys.IsReady)
        {
            await OAuthHttp.UnavailableAsync(context);
            return;
        }
        TokenQuery? query = null;
        if (!(await callers.ReadAsync(context, Path)).TryGet(out var caller, out var error)
            || (error = caller.Client.IsConfidential ? null : new OAuthError(ErrorCodes.InvalidClient, "Public clients cannot ask: anyone could say to be one.")) is not null
            || !TokenQuery.Read(caller.Form).TryGet(out query, out error))
        {
            audit.Add(context, new AuditEntry("introspection", caller?.Client.ClientId, null, error!.Code, new { reason = error.Description }));
            await OAuthHttp.RefuseAsync(context, error);
            return;
        }
        await OAuthHttp.WriteAsync(context, StatusCodes.Status200OK, await AnswerAsync(caller, query, context.RequestAborted));
    }

    private async Task<byte[]> AnswerAsync(Caller caller, TokenQuery query, CancellationToken cancellationToken)
    {
        // The hint says where to look first; both kinds look so different that looking at the token says more.
        if (await own.FindAsync(query.Token, caller.Now, cancellationToken) is { } token)
        {
            var serves = caller.Client.GrantTypes.Count == 0 && caller.Client.Resources.Contains(token.Audience) ? token.Audience : null;
            return Introspection.MaySee(caller.Client, token, serves) ? Introspection.Active(token) : Introspection.Inactive;
        }
        if (query.Token.Length > SecretToken.Longest)
        {
            return Introspection.Inactive;
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var refresh = await new RefreshTokens(transaction, caller.Policy).FindAsync(SecretHash.Of(query.Token), cancellationToken);
        return refresh is not null && refresh.Grant.ClientId == caller.Client.ClientId && refresh.ConsumedAt is null && refresh.FamilyRevokedAt is null
            && refresh.ExpiresAt > caller.Now && await TokenGrants.HoldAsync(transaction, refresh.Grant, caller.Now, cancellationToken)
            ? Introspection.Active(caller.Policy.Issuer, caller.Client.ClientId, refresh.Grant.Subject, refresh.Grant.Scopes, refresh.IssuedAt, refresh.ExpiresAt)
            : Introspection.Inactive;
    }
}
