namespace CustobotGateway.Common.Http;

/// <summary>Who may read, and what access tokens have to prove: section <c>Identity:Access</c> of the configuration.</summary>
public sealed record AccessOptions
{
    /// <summary>Whether anyone may read products without a token. Default true; false demands the scope <c>catalog:read</c>. Writing and buying always need a token.</summary>
    public bool PublicReads { get; init; } = true;

    /// <summary>Whether every access token has to be bound to a key (RFC 9449). Default false: bearer tokens are taken, too.</summary>
    public bool RequireDpop { get; init; }

    /// <summary>Whether a DPoP proof has to carry a nonce of this gateway (RFC 9449 §9). Default false; a nonce that is sent is checked in any case.</summary>
    public bool RequireDpopNonce { get; init; }

    /// <summary>Access tokens whose validation is remembered, by their hash. Default 20,000, 0 to 1,000,000; about a kilobyte each.</summary>
    public int RememberedTokens { get; init; } = 20_000;

    /// <summary>Throws where a value is out of its range.</summary>
    public AccessOptions Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(RememberedTokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RememberedTokens, 1_000_000);
        return this;
    }
}
