using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.Identity.Clients;

/// <summary>How a client came to be known.</summary>
public enum ClientOrigin
{
    /// <summary>From a seed file.</summary>
    Seed,

    /// <summary>Staff or the command line made it.</summary>
    Staff,

    /// <summary>It registered itself (RFC 7591): nobody checked what it says.</summary>
    Registration,

    /// <summary>Its id is the address of its metadata: nobody checked what they say.</summary>
    Document,
}

/// <summary>A client as it is kept: what the protocol asks of it, and what only its keepers want to know.</summary>
public sealed record ClientRecord
{
    /// <summary>Its id.</summary>
    public required string ClientId { get; init; }

    /// <summary>What people are shown; null shows the id.</summary>
    public string? Name { get; init; }

    /// <summary>How it came to be known.</summary>
    public required ClientOrigin CreatedBy { get; init; }

    /// <summary>Whether it is for trying out alone.</summary>
    public bool TestMode { get; init; }

    /// <summary>False refuses it everywhere.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>One of <see cref="AuthMethods"/>.</summary>
    public required string AuthMethod { get; init; }

    /// <summary>The hashes of its secrets; two while one replaces the other.</summary>
    public IReadOnlyList<SecretHash> Secrets { get; init; } = [];

    /// <summary>Its public keys; null if it has none here.</summary>
    public JwkSet? Keys { get; init; }

    /// <summary>Where its public keys are; null if they are nowhere or here.</summary>
    public string? JwksUri { get; init; }

    /// <summary>Where codes may be sent to.</summary>
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>The grants it may use.</summary>
    public IReadOnlyList<string> GrantTypes { get; init; } = [];

    /// <summary>The scopes it may ask for.</summary>
    public ScopeSet Scopes { get; init; } = ScopeSet.Empty;

    /// <summary>The resources it may ask tokens for, absolute or as a path under the issuer; null for all of this server.</summary>
    public IReadOnlyList<string>? Resources { get; init; }

    /// <summary>The resources it may exchange tokens for, written likewise; null for none.</summary>
    public IReadOnlyList<string>? ExchangeResources { get; init; }

    /// <summary>The types of authorization details it may ask for.</summary>
    public IReadOnlyList<string> AuthorizationDetailsTypes { get; init; } = [];

    /// <summary>What happens to its refresh tokens.</summary>
    public RefreshPolicy Refresh { get; init; }

    /// <summary>Whether all its tokens have to be bound to a key.</summary>
    public bool RequireDpop { get; init; }

    /// <summary>Whether it has to push its authorization requests.</summary>
    public bool RequirePar { get; init; }

    /// <summary>Whether the token request may leave out <c>redirect_uri</c>.</summary>
    public bool MayOmitRedirectUri { get; init; }

    /// <summary>Its page; shown as text, never fetched.</summary>
    public string? ClientUri { get; init; }

    /// <summary><c>web</c> or <c>native</c>; null if it is not said.</summary>
    public string? ApplicationType { get; init; }

    /// <summary>Its software's name; null if it does not say.</summary>
    public string? SoftwareId { get; init; }

    /// <summary>Its software's version; null if it does not say.</summary>
    public string? SoftwareVersion { get; init; }

    /// <summary>When it was registered.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The client as the protocol sees it, its resources in their registered spelling.</summary>
    /// <param name="policy">What this server offers.</param>
    /// <param name="keys">Its keys, from here or from where they are.</param>
    public Client ToClient(ServerPolicy policy, JwkSet keys)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var isVerified = CreatedBy is ClientOrigin.Seed or ClientOrigin.Staff;
        var scopes = isVerified ? Scopes : ScopeSet.Of(Scopes.Values.Except(GatewayScopes.Verified.Values));
        if (TestMode)
        {
            // The catalogue and what is known of callers are the same for all: who tries out changes neither.
            scopes = ScopeSet.Of(scopes.Values.Except([Common.Scopes.CatalogWrite, Common.Scopes.DemandRead, Common.Scopes.BotScore]));
        }
        var common = scopes.Intersect(GatewayScopes.Default);
        return new Client
        {
            ClientId = ClientId,
            Name = Name,
            IsVerified = isVerified,
            IsTest = TestMode,
            IsEnabled = Enabled,
            AuthMethod = AuthMethod,
            Secrets = Secrets,
            Keys = keys,
            RedirectUris = RedirectUris,
            GrantTypes = GrantTypes,
            Scopes = scopes,
            DefaultScopes = common.IsEmpty ? scopes : common,
            Resources = Known(Resources, policy) ?? [.. policy.Resources.Select(resource => resource.Identifier)],
            AuthorizationDetailsTypes = AuthorizationDetailsTypes,
            Refresh = Refresh,
            RequiresDpop = RequireDpop,
            RequiresPushedRequests = RequirePar,
            MayOmitRedirectUriAtToken = MayOmitRedirectUri,
            ExchangeResources = Known(ExchangeResources, policy) ?? [],
        };
    }

    /// <summary>A resource as it is kept: a path where it lies under the issuer, so that it stays the same when the gateway moves.</summary>
    public static string Keep(string resource, string issuer)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return resource.StartsWith(issuer + "/", StringComparison.Ordinal) ? resource[issuer.Length..] : resource;
    }

    /// <summary>The resource's identifier, as it stands in tokens.</summary>
    public static string Resolve(string kept, string issuer) => kept is ['/', ..] ? issuer + kept : kept;

    // A resource that is not offered any more gives no tokens.
    private static IReadOnlyList<string>? Known(IReadOnlyList<string>? kept, ServerPolicy policy) => kept is null
        ? null
        : [.. kept.Select(resource => Resolve(resource, policy.Issuer)).Where(resource => policy.Resources.Any(known => known.Identifier == resource))];
}
