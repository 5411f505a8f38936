using CustobotGateway.Identity.Clients;
using CustobotGateway.Identity.Keys;
using CustobotGateway.OAuth;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Dpop;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>A request whose client has proved who it is.</summary>
/// <param name="Form">Its parameters.</param>
/// <param name="Client">The client.</param>
/// <param name="Proof">The key that it proved, its use still to be claimed; null if it sent no proof.</param>
/// <param name="Policy">What the server offers.</param>
/// <param name="Now">The time of the request.</param>
internal sealed record Caller(RequestParameters Form, Client Client, DpopProof? Proof, ServerPolicy Policy, DateTimeOffset Now);

/// <summary>Finds out which client calls an endpoint, in whichever of the four ways it is registered for, and which key it proves.</summary>
internal sealed class Callers(
    ClientStore clients, ServerPolicySource policies, SharedSecrets secrets, AuthorizationServerOptions options, ReplayBatches replays, TimeProvider clock)
{
    /// <summary>What the nonces of the authorization server are for.</summary>
    public const string NoncePurpose = "authorization-server";

    private (string Issuer, ClientAuthentication Checks)? _authentication;
    private DpopProofReader? _proofs;

    /// <summary>Reads the form and asks who sends it. An assertion is used up then, whatever comes of the rest.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">The endpoint's path under the issuer, which proofs have to be about.</param>
    public async Task<Checked<Caller>> ReadAsync(HttpContext context, string path)
    {
        if (!(await OAuthHttp.ReadFormAsync(context)).TryGet(out var form, out var error)
            || !PresentedClient.Read([.. context.Request.Headers.Authorization.OfType<string>()], form).TryGet(out var presented, out error))
        {
            return error;
        }
        var (policy, now) = (policies.Current, clock.GetUtcNow());
        if (!(await AuthenticateAsync(presented, policy, now, context.RequestAborted)).TryGet(out var authenticated, out error))
        {
            return error;
        }
        if (authenticated.Assertion is { } assertion && !await replays.TryUseAsync(assertion, context.RequestAborted))
        {
            return new OAuthError(ErrorCodes.InvalidClient, "The client assertion was used before.");
        }
        var headers = context.Request.Headers["DPoP"];
        if (headers.Count == 0)
        {
            return new Caller(form, authenticated.Client, null, policy, now);
        }
        var request = new DpopRequest(context.Request.Method, policy.Issuer + path, RequiresNonce: options.RequireDpopNonce || authenticated.Client.RequiresDpop);
        if (!Proofs.Read([.. headers.OfType<string>()], request, now).TryGet(out var proof, out error))
        {
            if (error.Code == ErrorCodes.UseDpopNonce)
            {
                context.Response.Headers["DPoP-Nonce"] = secrets.Nonces(NoncePurpose).Create(now);
            }
            return error;
        }
        if (proof.WantsNextNonce)
        {
            context.Response.Headers["DPoP-Nonce"] = secrets.Nonces(NoncePurpose).Create(now);
        }
        return new Caller(form, authenticated.Client, proof, policy, now);
    }

    private DpopProofReader Proofs => _proofs ??= new DpopProofReader(secrets.Nonces(NoncePurpose));

    private async ValueTask<Checked<AuthenticatedClient>> AuthenticateAsync(PresentedClient presented, ServerPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var checks = _authentication is { } known && ReferenceEquals(known.Issuer, policy.Issuer) ? known.Checks : Renew(policy.Issuer);
        var client = await clients.FindAsync(presented.ClientId, cancellationToken);
        var result = checks.Verify(presented, client, now);
        // A key that is not known may be new: those at an address are looked at again, seldom.
        if (result.Error is not null && client is { IsEnabled: true } && presented.Assertion is { KeyId: { } key } && client.Keys.Keys.All(one => one.KeyId != key)
            && await clients.FindWithNewKeysAsync(client.ClientId, cancellationToken) is { } renewed)
        {
            result = checks.Verify(presented, renewed, now);
        }
        return result;
    }

    private ClientAuthentication Renew(string issuer)
    {
        var checks = new ClientAuthentication(issuer);
        _authentication = (issuer, checks);
        return checks;
    }
}
