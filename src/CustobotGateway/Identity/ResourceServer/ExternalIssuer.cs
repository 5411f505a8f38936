using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.Identity.ResourceServer;

/// <summary>An issuer elsewhere, whose tokens are read as its configuration says. Its people and clients are told from ours by its name before theirs.</summary>
internal sealed class ExternalIssuer(ExternalIssuerOptions options, ExternalKeys keys, ApiResources resources) : TrustedIssuer
{
    public override string Identifier => options.Issuer;

    public override AccessTokenReader Reader { get; } = new(options.ToProfile());

    public override ValueTask<VerificationKeys?> KeysAsync(string? keyId, CancellationToken cancellationToken) => keys.FindAsync(keyId, cancellationToken);

    public override string AudienceOf(ApiResource resource) => options.Audience ?? resources.IdentifierOf(resource);

    public override ValueTask<(AgentPrincipal Agent, TimeSpan? Holds)> PrincipalOfAsync(AccessToken token, CancellationToken cancellationToken)
    {
        // Of a client that acts for itself, most issuers write its id as the subject.
        var isOfClient = token.Subject == token.ClientId;
        AgentPrincipal agent = new(
            Revocations.IdOf(options.Issuer, token.ClientId), isOfClient ? null : Revocations.IdOf(options.Issuer, token.Subject), null, false, Mapped(token.Scopes).Values)
        {
            Issuer = options.Issuer,
            Subject = token.Subject,
            TokenId = token.TokenId,
            Actors = ActorsOf(token),
            Thumbprint = token.Thumbprint,
        };
        return new((agent, null));
    }

    private ScopeSet Mapped(ScopeSet scopes) => options.ScopeMap is { } map
        ? ScopeSet.Of(scopes.Values.Where(map.ContainsKey).SelectMany(scope => map[scope].Split(' ')))
        : ScopeSet.Of(scopes.Values.Where(scope => GatewayScopes.Api.Contains(scope) && !GatewayScopes.Merchant.Contains(scope) && !GatewayScopes.Verified.Contains(scope)));
}
