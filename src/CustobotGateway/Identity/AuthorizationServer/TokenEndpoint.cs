using CustobotGateway.Identity.Keys;
using CustobotGateway.OAuth;
using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary><c>POST /oauth/token</c>: codes, refresh tokens, device codes, a client's own credentials and other tokens become access tokens (RFC 6749 §3.2).</summary>
internal sealed class TokenEndpoint(
    Callers callers, TokenGrants grants, TokenIssuer issuer, OwnTokens own, SigningKeyRing keys, NpgsqlDataSource database, AuditTrail audit)
{
    /// <summary>Its path under the issuer.</summary>
    public const string Path = "/oauth/token";

    /// <summary>Answers a request.</summary>
    public async Task RunAsync(HttpContext context)
    {
        if (!keys.IsReady)
        {
            await OAuthHttp.UnavailableAsync(context);
            return;
        }
        if (!(await callers.ReadAsync(context, Path)).TryGet(out var caller, out var error))
        {
            await RefuseAsync(context, null, null, error);
            return;
        }
        if (!new TokenRequestReader(caller.Policy).Read(caller.Form, caller.Client, caller.Now).TryGet(out var request, out error))
        {
            await RefuseAsync(context, caller, caller.Form["grant_type"], error);
            return;
        }
        if (caller.Client.RequiresDpop && caller.Proof is null)
        {
            await RefuseAsync(context, caller, request.GrantType, new OAuthError(ErrorCodes.InvalidDpopProof, "The client's tokens are bound to a key: a DPoP proof is missing."));
            return;
        }
        var outcome = await RunAsync(caller, request, context.RequestAborted);
        if (outcome.Response is not { } response)
        {
            await RefuseAsync(context, caller, request.GrantType, outcome.Error!, outcome.Revoked);
            return;
        }
        var token = outcome.Token!;
        audit.Add(context, new AuditEntry("token", caller.Client.ClientId, token.IsOfClient ? null : token.Subject, null,
            new { request.GrantType, token.TokenId, token.GrantId, scope = token.Scopes.ToString(), token.Audience, token.Thumbprint, actors = token.Actor?.Depth }));
        await OAuthHttp.WriteAsync(context, StatusCodes.Status200OK, response.ToJson());
    }

    private async Task<TokenOutcome> RunAsync(Caller caller, TokenRequest request, CancellationToken cancellationToken) => request switch
    {
        CodeTokenRequest code => await grants.RedeemAsync(caller, code, cancellationToken),
        RefreshTokenRequest refresh => await grants.RedeemAsync(caller, refresh, cancellationToken),
        DeviceTokenRequest device => await grants.RedeemAsync(caller, device, cancellationToken),
        ExchangeTokenRequest exchange => await ExchangeAsync(caller, exchange, cancellationToken),
        _ => await OwnAsync(caller, request, cancellationToken),
    };

    private async Task<TokenOutcome> OwnAsync(Caller caller, TokenRequest request, CancellationToken cancellationToken)
    {
        if (!ClientCredentials.Decide(request, caller.Client, caller.Policy).TryGet(out var rights, out var error))
        {
            return error;
        }
        if (await grants.ClaimAsync(caller.Proof, cancellationToken) is { } replayed)
        {
            return replayed;
        }
        var token = issuer.Own(caller, rights);
        return new TokenOutcome(issuer.Answer(token, caller.Now), null, token);
    }

    private async Task<TokenOutcome> ExchangeAsync(Caller caller, ExchangeTokenRequest request, CancellationToken cancellationToken)
    {
        if (await own.FindAsync(request.SubjectToken, caller.Now, cancellationToken) is not { } subject)
        {
            return new OAuthError(ErrorCodes.InvalidRequest, "The subject_token is no access token of this server that is still good.");
        }
        AccessToken? actor = null;
        if (request.ActorToken is { } text && (actor = await own.FindAsync(text, caller.Now, cancellationToken)) is null)
        {
            return new OAuthError(ErrorCodes.InvalidRequest, "The actor_token is no access token of this server that is still good.");
        }
        var delegates = await DelegatesAsync(subject, cancellationToken);
        if (!TokenExchange.Decide(request, subject, actor, caller.Client, delegates, caller.Proof?.Thumbprint, issuer.NewTokenId(), issuer.AccessTokenLifetime, caller.Now)
            .TryGet(out var token, out var error))
        {
            return error;
        }
        if (await grants.ClaimAsync(caller.Proof, cancellationToken) is { } replayed)
        {
            return replayed;
        }
        return new TokenOutcome(issuer.Answer(token, caller.Now) with { IsExchange = true }, null, token);
    }

    private async Task<IReadOnlyCollection<string>> DelegatesAsync(AccessToken subject, CancellationToken cancellationToken)
    {
        if (subject.GrantId is null)
        {
            return [];
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<string[]?>(new CommandDefinition(
            "select delegates from identity.grants where id = @GrantId", new { subject.GrantId }, cancellationToken: cancellationToken)) ?? [];
    }

    private Task RefuseAsync(HttpContext context, Caller? caller, string? grantType, OAuthError error, string? revoked = null)
    {
        audit.Add(context, new AuditEntry("token", caller?.Client.ClientId, null, error.Code, new { grantType, reason = error.Description, revoked }));
        return OAuthHttp.RefuseAsync(context, error);
    }
}
