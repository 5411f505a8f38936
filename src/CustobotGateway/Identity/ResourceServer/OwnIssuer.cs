using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.Identity.Keys;
using CustobotGateway.Identity.People;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.ResourceServer;

/// <summary>This gateway's own tokens.</summary>
internal sealed class OwnIssuer(SigningKeyRing keys, ServerPolicySource policies, ApiResources resources, NpgsqlDataSource database) : TrustedIssuer
{
    private const string AdministratorRole = "administrator";

    // Roles change seldom; one that was taken away is gone after this long, at once where the change also revokes the person's tokens.
    private static readonly TimeSpan RolesHold = TimeSpan.FromSeconds(15);

    private (ServerPolicy Policy, AccessTokenReader Reader)? _reader;

    public override string Identifier => policies.Issuer;

    public override bool IsOwn => true;

    public override AccessTokenReader Reader
    {
        get
        {
            var policy = policies.Current;
            return _reader is { } known && ReferenceEquals(known.Policy, policy) ? known.Reader : Renew(policy);
        }
    }

    public override ValueTask<VerificationKeys?> KeysAsync(string? keyId, CancellationToken cancellationToken) => new(keys.IsReady ? keys.Verification : null);

    public override string AudienceOf(ApiResource resource) => resources.IdentifierOf(resource);

    public override async ValueTask<(AgentPrincipal Agent, TimeSpan? Holds)> PrincipalOfAsync(AccessToken token, CancellationToken cancellationToken)
    {
        var asksForMerchant = !token.Scopes.Intersect(GatewayScopes.Merchant).IsEmpty;
        var roles = asksForMerchant && !token.IsOfClient ? await RolesOfAsync(token.Subject, cancellationToken) : [];
        var scopes = !asksForMerchant || token.IsOfClient ? token.Scopes : Held(token.Scopes, roles);
        var isStaff = scopes.Contains(Scopes.Staff);
        var agent = new AgentPrincipal(
            token.ClientId, token.IsOfClient ? null : token.Subject, token.GrantId,
            // A client that holds the scope for itself was given it by the merchant: nobody can consent to it, and no client that registers itself gets it.
            isStaff && !token.IsTest && (token.IsOfClient || roles.Contains(AdministratorRole)),
            scopes.Values)
        {
            Issuer = token.Issuer,
            Subject = token.Subject,
            TokenId = token.TokenId,
            Actors = ActorsOf(token),
            Details = token.Details,
            Thumbprint = token.Thumbprint,
            // Who tries out runs the shop as far as its own orders go, and no further.
            Roles = !isStaff ? [] : token.IsTest ? [StaffRoles.NameOf(StaffRole.OrderOperator)] : roles,
            IsTest = token.IsTest,
        };
        return (agent, asksForMerchant && !token.IsOfClient ? RolesHold : null);
    }

    /// <summary>What of the scopes a person with these roles can delegate: the merchant's data to staff alone, changes of the catalogue to administrators.</summary>
    internal static ScopeSet Held(ScopeSet scopes, IReadOnlyCollection<string> roles) => roles.Contains(AdministratorRole)
        ? scopes
        : ScopeSet.Of(scopes.Values.Where(scope => !GatewayScopes.Merchant.Contains(scope) || (roles.Count > 0 && scope != Scopes.CatalogWrite)));

    private async ValueTask<IReadOnlyList<string>> RolesOfAsync(string person, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<string[]>(new CommandDefinition(
            "select roles from identity.people where id = @person and disabled_at is null", new { person }, cancellationToken: cancellationToken)) ?? [];
    }

    private AccessTokenReader Renew(ServerPolicy policy)
    {
        var reader = new AccessTokenReader(new TokenProfile { Issuer = policy.Issuer, IsOwn = true, DetailTypes = policy.DetailTypes });
        _reader = (policy, reader);
        return reader;
    }
}
