namespace CustobotGateway.BotDetection.Trust;

/// <summary>Trust in operators: section <c>BotDetection:Trust</c> of the configuration.</summary>
public sealed record TrustOptions
{
    /// <summary>Days after which what an operator did counts half. Default 30, 0.01 to 3,650.</summary>
    public double HalfLifeDays { get; init; } = 30;

    /// <summary>Throws where a value is out of its range.</summary>
    public TrustOptions Check()
    {
        if (!(HalfLifeDays is >= 0.01 and <= 3650))
        {
            throw new ArgumentOutOfRangeException(nameof(HalfLifeDays), "BotDetection:Trust: HalfLifeDays lies between 0.01 and 3,650.");
        }
        return this;
    }
}
