namespace CustobotGateway.Webhooks.Sending;

/// <summary>When a delivery that failed is tried again: ten attempts over about three days (Standard Webhooks' schedule).</summary>
internal static class DeliverySchedule
{
    /// <summary>How much later than planned an attempt may come, so that what failed together does not come back together.</summary>
    public const double Jitter = 0.1;

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(24);

    /// <summary>What is waited after the first failure, the second, and so on.</summary>
    public static readonly IReadOnlyList<TimeSpan> Delays =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14),
        TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>How long to wait; null where there is no further attempt.</summary>
    /// <param name="attempts">How many attempts have failed.</param>
    /// <param name="retryAfter">When the server wants to be asked again, counted from now; at most a day is honoured.</param>
    /// <param name="chance">0 to 1.</param>
    public static TimeSpan? After(int attempts, TimeSpan? retryAfter, double chance)
    {
        if (attempts > Delays.Count)
        {
            return null;
        }
        var planned = Delays[Math.Max(attempts, 1) - 1] * (1 + (Jitter * chance));
        var asked = retryAfter is not { } wish ? TimeSpan.Zero : wish > LongestRetryAfter ? LongestRetryAfter : wish;
        return asked > planned ? asked : planned;
    }
}
