namespace CustobotGateway.Identity.Delegation;

/// <summary>What mandates are held to; section <c>Identity:Delegation</c> of the configuration.</summary>
public sealed record DelegationOptions
{
    /// <summary>The name by which mandates allow or deny this merchant, 1 to 256 characters; empty, the default, for the host of the public URL.</summary>
    public string Merchant { get; init; } = "";

    /// <summary>Seconds for which an order that is being paid holds its budget; default 120, 5 to 3,600.</summary>
    public int HoldSeconds { get; init; } = 120;

    /// <summary>Hours for which a purchase above a mandate's threshold waits for the person, and can be made once it is approved; default 24, 1 to 720.</summary>
    public int ApprovalHours { get; init; } = 24;

    /// <summary>How long an order that is being paid holds its budget.</summary>
    internal TimeSpan Hold => TimeSpan.FromSeconds(HoldSeconds);

    /// <summary>Throws where a value is out of its range.</summary>
    public DelegationOptions Check()
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Merchant.Length, 256);
        ArgumentOutOfRangeException.ThrowIfLessThan(HoldSeconds, 5);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(HoldSeconds, 3_600);
        ArgumentOutOfRangeException.ThrowIfLessThan(ApprovalHours, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ApprovalHours, 720);
        return this;
    }
}
