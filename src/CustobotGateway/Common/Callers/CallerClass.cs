namespace CustobotGateway.Common.Callers;

/// <summary>What a caller is taken for: proof before claim before score.</summary>
public enum CallerClass
{
    /// <summary>Nothing says otherwise.</summary>
    Human,

    /// <summary>Software that does not say so.</summary>
    Automation,

    /// <summary>The user agent names a crawler or service. Anyone may write it.</summary>
    DeclaredBot,

    /// <summary>Proved by a signature of a known agent, or by an access token.</summary>
    VerifiedAgent,
}
