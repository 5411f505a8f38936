namespace CustobotGateway.BotDetection.Lanes;

/// <summary>A share with what it may be in truth, after so many observations.</summary>
/// <param name="Rows">How many were looked at.</param>
/// <param name="Hit">How many of them were hit.</param>
/// <param name="Share">Hit of rows, 0 to 1; null without rows.</param>
/// <param name="Low">The lower end of Wilson's 95 % interval; null without rows.</param>
/// <param name="High">The upper end; null without rows.</param>
public sealed record SeenShare(int Rows, int Hit, double? Share, double? Low, double? High)
{
    // The 97.5th percentile of the normal distribution.
    private const double Z = 1.959963984540054;

    /// <summary>The share with its interval (Wilson, 1927), which stays between 0 and 1 and says something of few rows, too.</summary>
    public static SeenShare Of(int rows, int hit)
    {
        if (rows == 0)
        {
            return new(0, 0, null, null, null);
        }
        var share = (double)hit / rows;
        var middle = share + (Z * Z / (2 * rows));
        var half = Z * Math.Sqrt((share * (1 - share) / rows) + (Z * Z / (4.0 * rows * rows)));
        var scale = 1 + (Z * Z / rows);
        return new(rows, hit, Math.Round(share, 4), Math.Round(Math.Max(0, (middle - half) / scale), 4), Math.Round(Math.Min(1, (middle + half) / scale), 4));
    }
}
