using System.Text;
using System.Text.Json.Nodes;

namespace CustobotGateway.Identity.Clients;

/// <summary>An OAuth client as the merchant's staff sees it. Of its secrets nothing is told but when one is made.</summary>
/// <param name="ClientId">Its id.</param>
/// <param name="Name">What people are shown on consent pages; null shows the id.</param>
/// <param name="CreatedBy">Who registered it: <c>seed</c>, <c>staff</c>, <c>registration</c> (it did so itself) or <c>document</c>. The last two are unverified.</param>
/// <param name="Enabled">Whether it may do anything.</param>
/// <param name="TokenEndpointAuthMethod">How it proves who it is: <c>private_key_jwt</c>, <c>client_secret_basic</c>, <c>client_secret_post</c> or <c>none</c>.</param>
/// <param name="RedirectUris">Where codes may be sent to.</param>
/// <param name="GrantTypes">The grants it may use.</param>
/// <param name="Scopes">The scopes it may ask for.</param>
/// <param name="Resources">The resources it may ask tokens for, those of this gateway as paths; null for all of them.</param>
/// <param name="ExchangeResources">The resources it may exchange tokens for (RFC 8693); null for none.</param>
/// <param name="AuthorizationDetailsTypes">The types of authorization details it may ask for.</param>
/// <param name="Refresh">What happens to its refresh tokens: <c>rotate</c> or <c>static</c>.</param>
/// <param name="RequireDpop">Whether its tokens have to be bound to a key (RFC 9449).</param>
/// <param name="RequirePar">Whether it has to push its authorization requests (RFC 9126).</param>
/// <param name="Jwks">Its public keys; null if it has none here.</param>
/// <param name="JwksUri">Where its public keys are; null if they are here or nowhere.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="TestMode">Whether it is for trying out: true or absent.</param>
/// <param name="ClientSecret">The secret, told only in the answer that made it; a repetition with the same idempotency key gets null.</param>
public sealed record RegisteredClient(
    string ClientId, string? Name, string CreatedBy, bool Enabled, string TokenEndpointAuthMethod, IReadOnlyList<string> RedirectUris, IReadOnlyList<string> GrantTypes,
    IReadOnlyList<string> Scopes, IReadOnlyList<string>? Resources, IReadOnlyList<string>? ExchangeResources, IReadOnlyList<string> AuthorizationDetailsTypes, string Refresh,
    bool RequireDpop, bool RequirePar, JsonObject? Jwks, string? JwksUri, DateTimeOffset CreatedAt, bool? TestMode = null, string? ClientSecret = null)
{
    /// <summary>What is told of a client.</summary>
    public static RegisteredClient Of(ClientRecord client, string? secret = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new RegisteredClient(
            client.ClientId, client.Name, client.CreatedBy.ToString().ToLowerInvariant(), client.Enabled, client.AuthMethod, client.RedirectUris, client.GrantTypes,
            client.Scopes.Values, client.Resources, client.ExchangeResources, client.AuthorizationDetailsTypes, client.Refresh.ToString().ToLowerInvariant(),
            client.RequireDpop, client.RequirePar, client.Keys is null ? null : JsonNode.Parse(Encoding.UTF8.GetString(client.Keys.ToJson()))!.AsObject(), client.JwksUri,
            client.CreatedAt, client.TestMode ? true : null, secret);
    }
}
