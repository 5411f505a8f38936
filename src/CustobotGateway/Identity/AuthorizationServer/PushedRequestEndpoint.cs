using CustobotGateway.OAuth;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary><c>POST /oauth/par</c>: takes an authorization request before the person's browser sees it (RFC 9126), checks all of it, and gives a reference.</summary>
internal sealed class PushedRequestEndpoint(Callers callers, TokenGrants grants, NpgsqlDataSource database, AuditTrail audit)
{
    /// <summary>Its path under the issuer.</summary>
    public const string Path = "/oauth/par";

    /// <summary>Answers a request.</summary>
    public async Task RunAsync(HttpContext context)
    {
        string? reference = null;
        if ((await callers.ReadAsync(context, Path)).TryGet(out var caller, out var error))
        {
            (reference, error) = await KeepAsync(caller, context.RequestAborted);
        }
        audit.Add(context, new AuditEntry("pushed_request", caller?.Client.ClientId, null, error?.Code, error is null ? null : new { reason = error.Description }));
        await (reference is null ? OAuthHttp.RefuseAsync(context, error!) : OAuthHttp.WriteAsync(context, StatusCodes.Status201Created, PushedRequest.Answer(reference)));
    }

    private async Task<(string? Reference, OAuthError? Error)> KeepAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (!PushedRequest.Keep(caller.Form, caller.Client.ClientId, caller.Proof?.Thumbprint).TryGet(out var kept, out var error))
        {
            return (null, error);
        }
        if (!new AuthorizationRequestReader(caller.Policy).TryRead(kept, caller.Client, isPushed: true, caller.Now, out _, out var refusal))
        {
            return (null, refusal.Error);
        }
        if (await grants.ClaimAsync(caller.Proof, cancellationToken) is { } replayed)
        {
            return (null, replayed);
        }
        var reference = SecretToken.Create();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await new PushedRequests(connection).AddAsync(
            new PushedRequest(SecretHash.Of(reference), caller.Client.ClientId, kept.ToJson(), caller.Now + PushedRequest.Lifetime), cancellationToken);
        return (reference, null);
    }
}
