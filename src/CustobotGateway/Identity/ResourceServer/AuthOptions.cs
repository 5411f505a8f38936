using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.Identity.ResourceServer;

/// <summary>Whose tokens are accepted.</summary>
public enum AuthMode
{
    /// <summary>The gateway's own alone.</summary>
    Embedded,

    /// <summary>Those of the configured issuers alone.</summary>
    External,

    /// <summary>Both.</summary>
    Both,
}

/// <summary>Whose access tokens are accepted; section <c>Auth</c> of the configuration.</summary>
public sealed record AuthOptions
{
    /// <summary>Whose tokens are accepted. Default Embedded.</summary>
    public AuthMode Mode { get; init; }

    /// <summary>The external issuers. None by default; at most 50.</summary>
    public IReadOnlyList<ExternalIssuerOptions> Issuers { get; init; } = [];

    /// <summary>Throws where a value is out of its range.</summary>
    public AuthOptions Check()
    {
        if (Issuers.Count > 50 || (Mode == AuthMode.External && Issuers.Count == 0))
        {
            throw new ArgumentException("Auth:Issuers names one to 50 issuers in the mode External, and at most 50 otherwise.");
        }
        foreach (var issuer in Issuers)
        {
            issuer.Check();
        }
        return Issuers.Select(issuer => issuer.Issuer).Distinct(StringComparer.Ordinal).Count() == Issuers.Count
            ? this
            : throw new ArgumentException("Auth:Issuers names an issuer twice.");
    }
}

/// <summary>An external issuer and how its tokens are read.</summary>
public sealed record ExternalIssuerOptions
{
    /// <summary>Its identifier, character by character as in <c>iss</c>. Required.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>Where its metadata are (RFC 8414, OpenID Connect Discovery). Default: the issuer and <c>/.well-known/openid-configuration</c>.</summary>
    public string? Metadata { get; init; }

    /// <summary>Where its keys are. Default: what the metadata say; with it, no metadata are fetched.</summary>
    public string? JwksUri { get; init; }

    /// <summary>What <c>aud</c> has to be. Default: the identifier of the resource that is called, as RFC 8707 has it.</summary>
    public string? Audience { get; init; }

    /// <summary>What its tokens may be signed with. Default: the ES and PS families; RS256 has to be named.</summary>
    public IReadOnlyList<string>? Algorithms { get; init; }

    /// <summary>What <c>typ</c> may be, in any case. Default: at+jwt and application/at+jwt; issuers that write JWT have to be named so.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>The claims that name the client, the first that is there. Default: client_id, azp, appid.</summary>
    public IReadOnlyList<string>? ClientClaims { get; init; }

    /// <summary>The claims that list the scopes, the first that is there. Default: scope, scp.</summary>
    public IReadOnlyList<string>? ScopeClaims { get; init; }

    /// <summary>
    /// What its scopes mean here: its name, then ours, several separated by spaces. Without it scopes count that have the same name, but for the merchant's own
    /// (catalog:write, demand:read, bot:score), which have to be mapped expressly. The scope staff is never taken from an external issuer.
    /// </summary>
    public IReadOnlyDictionary<string, string>? ScopeMap { get; init; }

    /// <summary>Whether <c>jti</c> has to be there. Default true.</summary>
    public bool RequireTokenId { get; init; } = true;

    /// <summary>Seconds that its clock may be off. Default 10, 0 to 30.</summary>
    public int SkewSeconds { get; init; } = 10;

    internal void Check()
    {
        if (!Uri.TryCreate(Issuer, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw new ArgumentException($"Auth:Issuers: '{Issuer}' is no issuer: an absolute https address without query.");
        }
        if ((Algorithms ?? []).FirstOrDefault(name => JoseAlgorithm.Find(name) is null) is { } unknown)
        {
            throw new ArgumentException($"Auth:Issuers: '{unknown}' is no asymmetric algorithm that is known.");
        }
        if (SkewSeconds is < 0 or > 30)
        {
            throw new ArgumentException("Auth:Issuers: SkewSeconds lies between 0 and 30.");
        }
        if (ScopeMap?.Values.SelectMany(to => to.Split(' ')).FirstOrDefault(to => to == Common.Scopes.Staff || !GatewayScopes.Api.Contains(to)) is { } foreign)
        {
            throw new ArgumentException($"Auth:Issuers: ScopeMap maps to '{foreign}', which is no scope that an external issuer can give.");
        }
    }

    internal TokenProfile ToProfile() => new()
    {
        Issuer = Issuer,
        Algorithms = Algorithms ?? JoseAlgorithm.Recommended,
        Types = Types ?? [AccessToken.Type, "application/" + AccessToken.Type],
        ClientClaims = ClientClaims ?? ["client_id", "azp", "appid"],
        ScopeClaims = ScopeClaims ?? ["scope", "scp"],
        RequiresTokenId = RequireTokenId,
        Skew = TimeSpan.FromSeconds(SkewSeconds),
    };
}
