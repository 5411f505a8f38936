using CustobotGateway.Common;
using CustobotGateway.Identity.Clients;
using CustobotGateway.OAuth;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Tokens;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>
/// <c>POST /oauth/register</c>: a client that nobody knows tells what it is (RFC 7591). It may do nothing without a person, who is told that nobody vouches for it.
/// </summary>
internal sealed class RegistrationEndpoint(ServerPolicySource policies, NpgsqlDataSource database, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Its path under the issuer.</summary>
    public const string Path = "/oauth/register";

    /// <summary>Answers a request.</summary>
    public async Task RunAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            await RefuseAsync(context, new OAuthError(ErrorCodes.InvalidClientMetadata, "The metadata are JSON: application/json."));
            return;
        }
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var policy = policies.Current;
        var reader = new ClientMetadataReader(ClientMetadataReader.OpenGrantTypes, RegisterClient.OpenScopes, [.. policy.DetailTypes.Select(type => type.Name)]);
        if (!reader.Read(body.ToArray()).TryGet(out var metadata, out var error))
        {
            await RefuseAsync(context, error);
            return;
        }
        var now = clock.GetUtcNow();
        var id = Ids.New("cli", clock);
        var secret = AuthMethods.UsesSecret(metadata.AuthMethod) ? SecretToken.Create() : null;
        var client = RegisterClient.ToRecord(metadata, id, secret is null ? null : SecretHash.Of(secret), ClientOrigin.Registration, now);
        await using (var connection = await database.OpenConnectionAsync(context.RequestAborted))
        {
            await using var transaction = await connection.BeginTransactionAsync(context.RequestAborted);
            await ClientStore.SaveAsync(transaction, client, id, now, context.RequestAborted);
            await transaction.CommitAsync(context.RequestAborted);
        }
        audit.Add(context, new AuditEntry("registration", id, null, null, new { metadata.Name, metadata.AuthMethod, metadata.RedirectUris }));
        // RFC 7591 §3.2.1: all that was registered is told, the scopes that were meant by saying none, too.
        await OAuthHttp.WriteAsync(context, StatusCodes.Status201Created, (metadata with { Scopes = client.Scopes }).ToJson(id, secret, now));
    }

    private Task RefuseAsync(HttpContext context, OAuthError error)
    {
        audit.Add(context, new AuditEntry("registration", null, null, error.Code, new { reason = error.Description }));
        return OAuthHttp.RefuseAsync(context, error);
    }
}
