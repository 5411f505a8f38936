using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Bargaining.Opponents;

/// <summary>What speaks for and against a zone of agreement, and two estimates from it: logistic regressions on generated scenarios, while no permitted offer has come.</summary>
public readonly record struct ZoneEstimate
{
    private const int SignCount = 24;
    private const double UsualHeadroom = 0.4, MostGiven = 1.5, MostPromised = 2, LowestFirst = -3;

    // Of each sign, in the order of Signs: towards "there is no zone", and towards a large share of the own range in the end.
    private static readonly double[] TowardsNoZone =
        [-1.902, -0.444, -0.051, 2.842, 0.585, -6.47, -2.447, -0.074, -0.799, -0.587, -0.245, 0.417, -0.483, 0.021, -0.141, -0.017, -0.071, -3.007, 0.68, -2.471, -1.267, 0.797, 0.419, 0.415];

    private static readonly double[] TowardsGain =
        [-1.196, -0.384, -0.317, -0.82, 0.025, -1.144, 0.624, -0.011, -0.152, -0.059, 0.158, -0.193, -0.095, -0.222, -0.486, -0.096, 0.221, 2.023, -0.749, 0.81, 0.547, 0.157, -0.105, -0.03];

    /// <summary>The probability that there is no zone of agreement.</summary>
    public double NoZone { get; private init; }

    /// <summary>The share of the own range that can still be expected, no agreement counted as 0.</summary>
    public double Expected { get; private init; }

    /// <summary>What the buyer would have to give up, as a share of the deal's scale, to make the outcome possible that it likes best among the permitted ones.</summary>
    public double Need { get; private init; }

    /// <summary>What it has given up so far, as a share of that.</summary>
    public double Given { get; private init; }

    /// <summary>What its curve promises for the last round, as a share of that.</summary>
    public double Promised { get; private init; }

    /// <summary>The estimate in this turn.</summary>
    public static ZoneEstimate Of(Course course, OpponentModel model, Behaviour behaviour, double level)
    {
        ArgumentNullException.ThrowIfNull(course);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(behaviour);
        var best = double.NegativeInfinity;
        foreach (var outcome in course.Space.Permitted)
        {
            best = Math.Max(best, model.Value(outcome));
        }
        var need = Math.Max(1e-6 * model.Scale, model.Value(course.Buyer[0].Outcome) - best);
        var fit = ConcessionFit.Of(course, model);
        var estimate = new ZoneEstimate { Need = need / model.Scale, Given = fit.Soon / need, Promised = fit.Last / need };
        Span<double> signs = stackalloc double[SignCount];
        estimate.Write(signs, course, behaviour, level);
        return estimate with { NoZone = Logistic(TowardsNoZone, signs), Expected = Logistic(TowardsGain, signs) };
    }

    /// <summary>The signs that the estimates weigh, for training.</summary>
    public double[] Signs(Course course, Behaviour behaviour, double level)
    {
        var signs = new double[SignCount];
        Write(signs, course, behaviour, level);
        return signs;
    }

    private void Write(Span<double> signs, Course course, Behaviour behaviour, double level)
    {
        var space = course.Space;
        var (money, parts) = space.IsByProfit ? (1.0, 0.0) : (0.0, 1.0);
        var (time, reservation, permitted) = (course.Time, space.Reservation, (double)space.Permitted.Length / space.Outcomes.Count);
        var (given, promised) = (Math.Min(Given, MostGiven), Math.Min(Promised, MostPromised));
        var hard = course.DistinctBuyer <= 1 ? 1.0 : 0;
        var first = Math.Clamp(space.Share(course.Buyer[0].Outcome), LowestFirst, 1);
        ReadOnlySpan<double> all =
        [
            1, time, money, parts * (reservation - 0.5) * 10, money * reservation * 5, parts * permitted, money * permitted, money * Math.Min(Need, 1) * 3, parts * Need * 5,
            given, promised, given * time, hard, hard * time, behaviour.Kind == BuyerKind.Reactive ? 1 : 0, level, level * time,
            money * (Asked(course) - 0.5), money * Headroom(space) * 3, money * first, parts * first, money * time, money * given, money * level,
        ];
        all.CopyTo(signs);
    }

    /// <summary>Whoever asks for many in its first offer thinks much of the goods.</summary>
    private static double Asked(Course course)
    {
        var space = course.Space;
        return space.QuantityIssue < 0 ? 0.5
            : (double)space.Outcomes.ValuesOf(course.Buyer[0].Outcome)[space.QuantityIssue] / Math.Max(1, space.Outcomes.Issues[space.QuantityIssue].Values.Count - 1);
    }

    /// <summary>How far the price may fall below the list.</summary>
    private static double Headroom(SellerSpace space) => space.Scenario.Utility is ProfitUtility profit && space.Scenario.Policy.ListPrice is { } list and > 0
        ? 1 - ((double)Math.Max(profit.UnitCost, space.Scenario.Policy.MinUnitPrice ?? 0) / list)
        : UsualHeadroom;

    private static double Logistic(double[] weights, ReadOnlySpan<double> signs)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * signs[i];
        }
        return 1 / (1 + Math.Exp(-Math.Clamp(sum, -30, 30)));
    }
}
