using CustobotGateway.Common;
using CustobotGateway.Identity.Keys;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Grant = CustobotGateway.OAuth.Grants.Grant;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>Makes and signs tokens.</summary>
internal sealed class TokenIssuer(SigningKeyRing keys, AuthorizationServerOptions options, TimeProvider clock)
{
    /// <summary>How long an access token lives, at most.</summary>
    public TimeSpan AccessTokenLifetime { get; } = TimeSpan.FromSeconds(options.AccessTokenSeconds);

    /// <summary>A new token id.</summary>
    public string NewTokenId() => Ids.New("at", clock);

    /// <summary>The token of a client for itself.</summary>
    public AccessToken Own(Caller caller, TokenRights rights) => Of(caller, AccessToken.SubjectOf(caller.Client.ClientId), rights);

    /// <summary>A token from a person's grant.</summary>
    public AccessToken From(Caller caller, Grant grant, TokenRights rights) => Of(caller, grant.Subject, rights) with
    {
        GrantId = grant.GrantId,
        AuthenticatedAt = grant.AuthenticatedAt,
        AuthenticationContext = grant.AuthenticationContext,
    };

    /// <summary>Signs the token and says what goes with it.</summary>
    public TokenResponse Answer(AccessToken token, DateTimeOffset now) => new()
    {
        AccessToken = token.Sign(keys.Current()),
        IsBound = token.Thumbprint is not null,
        ExpiresIn = token.ExpiresAt - now,
        Scopes = token.Scopes,
        Details = token.Details,
    };

    /// <summary>Tells the client who logged in, if that was asked for.</summary>
    public string? IdTokenFor(Client client, Grant grant, string issuer, string? nonce, string accessToken, DateTimeOffset now) =>
        grant.Scopes.Contains(Scopes.OpenId) && grant.AuthenticatedAt is { } authenticated
            ? new IdToken
            {
                Issuer = issuer,
                Subject = grant.Subject,
                ClientId = client.ClientId,
                IssuedAt = now,
                ExpiresAt = now + AccessTokenLifetime,
                AuthenticatedAt = authenticated,
                AuthenticationContext = grant.AuthenticationContext,
                Nonce = nonce,
                AccessToken = accessToken,
            }.Sign(keys.Current())
            : null;

    private AccessToken Of(Caller caller, string subject, TokenRights rights) => new()
    {
        Issuer = caller.Policy.Issuer,
        Subject = subject,
        Audience = rights.Resource,
        ClientId = caller.Client.ClientId,
        IssuedAt = caller.Now,
        ExpiresAt = caller.Now + AccessTokenLifetime,
        TokenId = NewTokenId(),
        Scopes = rights.Scopes,
        Details = rights.Details,
        Thumbprint = caller.Proof?.Thumbprint,
        IsTest = caller.Client.IsTest,
    };
}
