namespace CustobotGateway.Bargaining.Opponents;

/// <summary>
/// The buyer's concession as a curve: what it has given up since its first offer, by its estimated value, fitted by c(t) = C·t^(1/e), the form of the time-dependent tactics
/// (a line through logarithms). C is what it would have given up in the last round.
/// </summary>
/// <param name="Exponent">e, or null where too little has moved.</param>
/// <param name="Soon">What has been given up so far.</param>
/// <param name="Last">C.</param>
/// <param name="Error">The standard error of ln C.</param>
public readonly record struct ConcessionFit(double? Exponent, double Soon, double Last, double Error)
{
    private const int MinPoints = 3;
    private const double LeastSlope = 0.1, MostSlope = 20;

    /// <summary>Fits the curve to all offers so far.</summary>
    public static ConcessionFit Of(Course course, OpponentModel model)
    {
        ArgumentNullException.ThrowIfNull(course);
        ArgumentNullException.ThrowIfNull(model);
        if (course.Buyer.Count < 2)
        {
            return default;
        }
        var first = model.Value(course.Buyer[0].Outcome);
        var (most, n, sumX, sumY, sumXX, sumXY, sumYY) = (0.0, 0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for (var i = 1; i < course.Buyer.Count; i++)
        {
            most = Math.Max(most, first - model.Value(course.Buyer[i].Outcome));
            if (most < 1e-4 * model.Scale || course.Buyer[i].Round == 0)
            {
                continue;
            }
            var (x, y) = (Math.Log((double)course.Buyer[i].Round / Math.Max(1, course.Rounds - 1)), Math.Log(most));
            (n, sumX, sumY, sumXX, sumXY, sumYY) = (n + 1, sumX + x, sumY + y, sumXX + (x * x), sumXY + (x * y), sumYY + (y * y));
        }
        if (n < MinPoints || (sumXX - (sumX * sumX / n)) is not (> 1e-9 and var spread))
        {
            return new ConcessionFit(null, most, most, 1);
        }
        var slope = Math.Clamp((sumXY - (sumX * sumY / n)) / spread, LeastSlope, MostSlope);
        var last = (sumY - (slope * sumX)) / n;
        var rest = Math.Max(0, sumYY - (sumY * sumY / n) - (slope * slope * spread)) / Math.Max(1, n - 2);
        var error = Math.Sqrt(rest * ((1.0 / n) + (sumX / n * (sumX / n) / spread)));
        return new ConcessionFit(1 / slope, most, Math.Max(most, Math.Exp(Math.Min(last, 100))), error);
    }
}
