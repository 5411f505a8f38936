namespace CustobotGateway.Identity.ResourceServer;

/// <summary>What a revocation names.</summary>
public enum RevocationKind
{
    /// <summary>A grant: every token that came from it.</summary>
    Grant = 1,

    /// <summary>One access token, by its <c>jti</c>.</summary>
    Token = 2,

    /// <summary>A client: every token that it was issued until then.</summary>
    Client = 3,

    /// <summary>A person: every token that was issued for it until then.</summary>
    Person = 4,
}
