namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>How long what is issued lives, and what is demanded of clients; section <c>Identity:AuthorizationServer</c> of the configuration.</summary>
public sealed record AuthorizationServerOptions
{
    /// <summary>Seconds that an access token lives. Default 600, 60 to 3,600.</summary>
    public int AccessTokenSeconds { get; init; } = 600;

    /// <summary>Days within which a refresh token has to be used; each use gives as many anew. Default 30, 1 to 365.</summary>
    public int RefreshTokenDays { get; init; } = 30;

    /// <summary>Days after which a person has to consent again, however often the token was refreshed. Default 180, 1 to 3,650.</summary>
    public int RefreshFamilyDays { get; init; } = 180;

    /// <summary>
    /// Seconds in which a refresh token that was just used gets the same successor again, for answers that were lost. Default 0, which is never; at most 60.
    /// </summary>
    public int RefreshReuseLeewaySeconds { get; init; }

    /// <summary>Whether every DPoP proof has to carry a nonce. Default false: only those of clients whose tokens have to be bound do.</summary>
    public bool RequireDpopNonce { get; init; }

    /// <summary>Whether every authorization request has to be pushed (RFC 9126 §5). Default false: clients are asked one by one.</summary>
    public bool RequirePushedRequests { get; init; }

    /// <summary>Whether clients may register themselves (RFC 7591). Default true; such clients are unverified and need a person's consent for everything.</summary>
    public bool OpenRegistration { get; init; } = true;

    /// <summary>Whether a client id may be the address of the client's metadata. Default true; such clients are unverified, too.</summary>
    public bool ClientIdDocuments { get; init; } = true;

    /// <summary>Days after which a client that registered itself and is not used is forgotten. Default 90, 1 to 3,650.</summary>
    public int IdleClientDays { get; init; } = 90;

    /// <summary>Days that the audit trail is kept. Default 400, 1 to 36,500.</summary>
    public int AuditDays { get; init; } = 400;

    /// <summary>Throws where a value is out of its range.</summary>
    public AuthorizationServerOptions Check()
    {
        ThrowIfOutside(AccessTokenSeconds, 60, 3_600, nameof(AccessTokenSeconds));
        ThrowIfOutside(RefreshTokenDays, 1, 365, nameof(RefreshTokenDays));
        ThrowIfOutside(RefreshFamilyDays, 1, 3_650, nameof(RefreshFamilyDays));
        ThrowIfOutside(RefreshReuseLeewaySeconds, 0, 60, nameof(RefreshReuseLeewaySeconds));
        ThrowIfOutside(IdleClientDays, 1, 3_650, nameof(IdleClientDays));
        ThrowIfOutside(AuditDays, 1, 36_500, nameof(AuditDays));
        return this;
    }

    private static void ThrowIfOutside(int value, int least, int most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(name, value, $"Identity:AuthorizationServer:{name} lies between {least} and {most}.");
        }
    }
}
