using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.OAuth.Tokens;

/// <summary>How one issuer's access tokens look. The defaults are RFC 9068 to the letter; what an external issuer does otherwise is said here.</summary>
public sealed record TokenProfile
{
    /// <summary>The issuer, character by character.</summary>
    public required string Issuer { get; init; }

    /// <summary>
    /// Whether the issuer is this server. Of another's tokens, <c>grant_id</c> and <c>may_act</c> are not believed: they would point into this server's own store.
    /// </summary>
    public bool IsOwn { get; init; }

    /// <summary>What the issuer signs with.</summary>
    public IReadOnlyCollection<string> Algorithms { get; init; } = JoseAlgorithm.Recommended;

    /// <summary>The values of <c>typ</c>, in any case (RFC 9068 §4); some issuers write <c>JWT</c>, which has to be allowed expressly.</summary>
    public IReadOnlyCollection<string> Types { get; init; } = [AccessToken.Type, "application/" + AccessToken.Type];

    /// <summary>The claims that name the client, the first that is there counts; elsewhere also <c>azp</c> or <c>appid</c>.</summary>
    public IReadOnlyList<string> ClientClaims { get; init; } = ["client_id"];

    /// <summary>The claims that list the scopes, the first that is there counts; elsewhere also <c>scp</c>, as a text or a list.</summary>
    public IReadOnlyList<string> ScopeClaims { get; init; } = ["scope"];

    /// <summary>Whether <c>jti</c> has to be there. Without one, the hash of the token is its id.</summary>
    public bool RequiresTokenId { get; init; } = true;

    /// <summary>The types of authorization details that are known. Another issuer's unknown ones give no rights; our own are never unknown.</summary>
    public IReadOnlyCollection<DetailType> DetailTypes { get; init; } = [];

    /// <summary>How far the issuer's clock may be off; 10 seconds by default, at most 30.</summary>
    public TimeSpan Skew { get; init; } = TimeSpan.FromSeconds(10);
}
