using CustobotGateway.Bargaining.Opponents;

namespace CustobotGateway.Bargaining;

/// <summary>What kind of strategy an opponent seems to follow.</summary>
public enum OpponentKind
{
    /// <summary>Too little was seen.</summary>
    Unknown,

    /// <summary>It concedes by the clock.</summary>
    Time,

    /// <summary>It answers our moves.</summary>
    Behaviour,

    /// <summary>It does not concede.</summary>
    Hardliner,

    /// <summary>Its offers follow no direction.</summary>
    Random,

    /// <summary>It tries the rules, not the terms.</summary>
    Exploiter,
}

/// <summary>What a buyer's acts tell about it: estimates, for staff.</summary>
/// <param name="Kind">Its likely strategy.</param>
/// <param name="ConcessionExponent">e of the time-dependent tactics; null where it hardly moved.</param>
/// <param name="Reservation">The share of the seller's range that the buyer would probably still have granted; null where nothing can be said.</param>
/// <param name="ReservationLow">The lower end of an interval about it: what the buyer has shown already.</param>
/// <param name="ReservationHigh">Its upper end.</param>
/// <param name="Reactivity">How closely it followed our moves, from −1 to 1.</param>
/// <param name="Flags">What staff should know.</param>
public sealed record OpponentAnalysis(
    OpponentKind Kind, double? ConcessionExponent, double? Reservation, double? ReservationLow, double? ReservationHigh, double? Reactivity, IReadOnlyList<string> Flags)
{
    private const int EnoughOffers = 4, EnoughInvalid = 2, ManyReturns = 2;
    private const double NoDirection = 0.3, LongWay = 0.3, ManyRepeats = 0.5;

    /// <summary>Looks at a negotiation as a whole.</summary>
    public static OpponentAnalysis Of(Course course, Behaviour behaviour, OpponentModel model)
    {
        ArgumentNullException.ThrowIfNull(course);
        ArgumentNullException.ThrowIfNull(behaviour);
        ArgumentNullException.ThrowIfNull(model);
        var fit = ConcessionFit.Of(course, model);
        var moves = Moves.Of(course, model);
        var flags = FlagsOf(course, moves);
        var kind = KindOf(course, behaviour, fit, moves, flags);
        var (low, likely, high) = ReservationOf(course, model, fit);
        return new OpponentAnalysis(kind, kind is OpponentKind.Time or OpponentKind.Behaviour ? fit.Exponent : null, likely, low, high, behaviour.Reactivity, flags);
    }

    private static OpponentKind KindOf(Course course, Behaviour behaviour, ConcessionFit fit, Moves moves, List<string> flags) =>
        flags.Exists(flag => flag is "invalid_offers" or "ratcheting" or "probing" or "replaying") ? OpponentKind.Exploiter
        : course.Buyer.Count < EnoughOffers ? OpponentKind.Unknown
        : moves.Changes == 0 || fit.Soon < 0.005 * moves.Scale ? OpponentKind.Hardliner
        : behaviour.Kind == BuyerKind.Reactive ? OpponentKind.Behaviour
        : IsAimless(moves) ? OpponentKind.Random
        : fit.Exponent is not null ? OpponentKind.Time
        : OpponentKind.Unknown;

    /// <summary>Whether most of what it offered was new. Whoever tries out what we do comes back to the same offers.</summary>
    private static bool IsNew(Course course) => course.DistinctBuyer > ManyRepeats * course.Buyer.Count;

    private static bool IsAimless(Moves moves) => moves.Changes >= EnoughOffers && moves.Way > LongWay && moves.Progress < NoDirection * moves.Way;

    private static List<string> FlagsOf(Course course, Moves moves)
    {
        var flags = new List<string>();
        void Flag(bool holds, string flag)
        {
            if (holds)
            {
                flags.Add(flag);
            }
        }
        Flag(course.Invalid >= EnoughInvalid, "invalid_offers");
        Flag(course.Earlier > 0, "reopened");
        Flag(course.Earlier >= ManyReturns, "replaying");
        Flag(course.Buyer.Count >= EnoughOffers && moves.Changes == 0, "no_concession");
        Flag(moves.Retreats >= 3 && !IsNew(course) && moves.Retreats >= 0.3 * moves.Changes, "ratcheting");
        Flag(moves.Jumps >= 2 && !IsNew(course), "probing");
        Flag(moves.AfterStand > 0, "bluffing");
        Flag(course.Buyer.Count >= 2 * EnoughOffers && course.DistinctBuyer > 1 && moves.Changes <= (1 - ManyRepeats) * course.Buyer.Count && moves.LateShare > 0.8, "last_second");
        Flag(moves.Nibbles >= EnoughOffers && moves.Nibbles > 0.8 * moves.Changes, "nibbling");
        return flags;
    }

    private static (double? Low, double? Likely, double? High) ReservationOf(Course course, OpponentModel model, ConcessionFit fit)
    {
        if (course.Buyer.Count < 2)
        {
            return (null, null, null);
        }
        var first = model.Value(course.Buyer[0].Outcome);
        double ShareAt(double given)
        {
            foreach (var outcome in course.Space.Permitted)
            {
                if (model.Value(outcome) >= first - given)
                {
                    return course.Space.Share(outcome);
                }
            }
            return 0;
        }
        return (ShareAt(fit.Soon), ShareAt(fit.Last), ShareAt(fit.Last * Math.Exp(2 * Math.Min(2, fit.Error))));
    }
}
