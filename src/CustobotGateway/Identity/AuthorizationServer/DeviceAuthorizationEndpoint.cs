using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary><c>POST /oauth/device_authorization</c>: a device without a browser gets a code that a person types elsewhere (RFC 8628 §3.1).</summary>
internal sealed class DeviceAuthorizationEndpoint(Callers callers, TokenGrants grants, NpgsqlDataSource database, AuditTrail audit)
{
    /// <summary>Its path under the issuer.</summary>
    public const string Path = "/oauth/device_authorization";

    /// <summary>Where the person types the code, under the issuer.</summary>
    public const string VerificationPath = "/device";

    // Among the codes that live at once two alike are rare; three times in a row does not happen.
    private const int Tries = 5;

    /// <summary>Answers a request.</summary>
    public async Task RunAsync(HttpContext context)
    {
        DeviceAuthorizationRequest? request = null;
        if (!(await callers.ReadAsync(context, Path)).TryGet(out var caller, out var error)
            || !DeviceAuthorizationRequest.Read(caller.Form, caller.Client, caller.Policy, caller.Now).TryGet(out request, out error)
            || (error = await grants.ClaimAsync(caller.Proof, context.RequestAborted)) is not null)
        {
            audit.Add(context, new AuditEntry("device_authorization", caller?.Client.ClientId, null, error.Code, new { reason = error.Description }));
            await OAuthHttp.RefuseAsync(context, error);
            return;
        }
        var code = SecretToken.Create();
        var user = await KeepAsync(caller, request, code, context.RequestAborted);
        audit.Add(context, new AuditEntry("device_authorization", caller.Client.ClientId, null, null, new { scope = request.Scopes.ToString() }));
        await OAuthHttp.WriteAsync(context, StatusCodes.Status200OK, DeviceAuthorizationResponse.ToJson(code, user, caller.Policy.Issuer + VerificationPath));
    }

    private async Task<string> KeepAsync(Caller caller, DeviceAuthorizationRequest request, string code, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var requests = new DeviceRequests(connection, null, caller.Policy);
        for (var i = 0; i < Tries; i++)
        {
            var device = new DeviceGrant
            {
                Hash = SecretHash.Of(code),
                UserCode = SecretToken.CreateUserCode(),
                ClientId = caller.Client.ClientId,
                DpopThumbprint = caller.Proof?.Thumbprint,
                ExpiresAt = caller.Now + DeviceGrant.Lifetime,
            };
            if (await requests.TryAddAsync(new PendingDevice(device, request), cancellationToken))
            {
                return device.UserCode;
            }
        }
        throw new InvalidOperationException("No user code is free.");
    }
}
