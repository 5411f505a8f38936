using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Details;

namespace CustobotGateway.OAuth.Messages;

/// <summary>What a device asks before it shows a code (RFC 8628 §3.1).</summary>
/// <param name="Scopes">The scopes; the client's default ones if none were sent.</param>
/// <param name="Resources">The resources; at least one (RFC 8707).</param>
/// <param name="Details">The authorization details; null if none were sent (RFC 9396).</param>
public sealed record DeviceAuthorizationRequest(ScopeSet Scopes, IReadOnlyList<string> Resources, AuthorizationDetails? Details)
{
    /// <summary>Reads it, after the client has authenticated.</summary>
    public static Checked<DeviceAuthorizationRequest> Read(RequestParameters form, Client client, ServerPolicy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(policy);
        if (!client.MayUse(GrantTypes.DeviceCode))
        {
            return new OAuthError(ErrorCodes.UnauthorizedClient, "The client may not use the device grant.");
        }
        return AuthorizationRequestReader.ReadScopes(form["scope"], client).TryGet(out var scopes, out var error)
            && ResourceIndicators.Resolve(form.All("resource"), client.Resources, policy.DefaultFor(client)).TryGet(out var resources, out error)
            && policy.TryReadDetails(form, client, now, ofGrant: false, out var details, out error)
            ? new DeviceAuthorizationRequest(scopes, resources, details)
            : error;
    }
}
