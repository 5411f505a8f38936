using CustobotGateway.Common;
using CustobotGateway.Identity.Keys;
using CustobotGateway.OAuth;
using CustobotGateway.OAuth.Challenges;
using CustobotGateway.OAuth.Dpop;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary><c>GET /oauth/userinfo</c>: who the person of a token is (OpenID Connect Core §5.3): its id, and nothing that nobody asked for.</summary>
internal sealed class UserInfoEndpoint(OwnTokens own, ServerPolicySource policies, SigningKeyRing keys, SharedSecrets secrets, ReplayBatches replays, TimeProvider clock)
{
    /// <summary>Its path under the issuer.</summary>
    public const string Path = "/oauth/userinfo";

    /// <summary>Answers a request.</summary>
    public async Task RunAsync(HttpContext context)
    {
        if (!keys.IsReady)
        {
            await OAuthHttp.UnavailableAsync(context);
            return;
        }
        var (token, error, isDpop) = await ReadAsync(context);
        if (token is null)
        {
            var challenge = new Challenge(policies.Current.Issuer + GatewayScopes.RestPath, ScopeSet.Of(Scopes.OpenId));
            context.Response.Headers.WWWAuthenticate = new([.. error is null ? challenge.WithoutToken() : challenge.Of(error, isDpop)]);
            var status = error is null ? StatusCodes.Status401Unauthorized : Challenge.StatusOf(error);
            await OAuthHttp.WriteAsync(context, status, OAuthHttp.BodyOf(error, status));
            return;
        }
        await OAuthHttp.WriteAsync(context, StatusCodes.Status200OK, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { sub = token.Subject }));
    }

    private async Task<(AccessToken? Token, OAuthError? Error, bool IsDpop)> ReadAsync(HttpContext context)
    {
        if (!PresentedToken.TryRead([.. context.Request.Headers.Authorization.OfType<string>()], out var presented, out var error))
        {
            return (null, error, false);
        }
        var now = clock.GetUtcNow();
        if (await own.FindAsync(presented.Token, now, context.RequestAborted) is not { } token)
        {
            return (null, new OAuthError(ErrorCodes.InvalidToken, "The token is malformed, expired or revoked."), presented.IsDpop);
        }
        DpopProof? proof = null;
        if (presented.IsDpop && !new DpopProofReader(secrets.Nonces(Callers.NoncePurpose))
            .Read([.. context.Request.Headers["DPoP"].OfType<string>()], new DpopRequest(context.Request.Method, policies.Current.Issuer + Path, presented.Token), now).TryGet(out proof, out error))
        {
            return (null, error, true);
        }
        if (presented.FaultOfBinding(token.Thumbprint, proof?.Thumbprint) is { } unbound)
        {
            return (null, unbound, presented.IsDpop);
        }
        if (token.IsOfClient || !token.Scopes.Contains(Scopes.OpenId))
        {
            return (null, new OAuthError(ErrorCodes.InsufficientScope, "The token is not for a person who logged in with openid."), presented.IsDpop);
        }
        return proof is null || await replays.TryUseAsync(proof.Use, context.RequestAborted)
            ? (token, null, presented.IsDpop)
            : (null, new OAuthError(ErrorCodes.InvalidDpopProof, "The DPoP proof was used before."), true);
    }
}
