using CustobotGateway.Bargaining.Domain;
using CustobotGateway.Bargaining.Opponents;

namespace CustobotGateway.Bargaining.Arena.Buyers;

public enum BuyerActKind
{
    Offer,
    Accept,
    End,
    Malformed,
}

public readonly record struct BuyerAct(BuyerActKind Kind, int Outcome = -1)
{
    public static BuyerAct Accept { get; } = new(BuyerActKind.Accept);

    public static BuyerAct End { get; } = new(BuyerActKind.End);

    public static BuyerAct Malformed { get; } = new(BuyerActKind.Malformed);

    public static BuyerAct Offer(int outcome) => new(BuyerActKind.Offer, outcome);
}

/// <summary>A buyer in one negotiation: a strategy over its own utilities. It sees the seller's offers and nothing else of it.</summary>
public abstract class Buyer(Bout bout, int seed)
{
    private const int NashEvery = 4;

    private readonly List<int> _received = [];
    private readonly List<int> _sent = [];

    private int _nash = -1;
    private int _nashReceived;

    protected Random Random { get; } = new(seed);

    protected FrequencyModel Seller { get; } = new(bout.Space.Outcomes);

    protected double Reservation => bout.BuyerReservation;

    protected double Best => bout.BuyerUtilities[bout.Rational[0]];

    protected int[] Rational => bout.Rational;

    protected OutcomeSpace Outcomes => bout.Space.Outcomes;

    protected int Rounds => bout.Rounds;

    protected int Round { get; private set; }

    protected double Time => Rounds > 1 ? (double)Round / (Rounds - 1) : 1;

    /// <summary>The buyer's last turn; whoever opens, no act of its own follows.</summary>
    protected bool IsLastTurn => Round == Rounds - 1;

    protected IReadOnlyList<int> Received => _received;

    protected IReadOnlyList<int> Sent => _sent;

    public BuyerAct Act(int round, int? offer)
    {
        Round = round;
        if (round >= bout.Patience)
        {
            return BuyerAct.End;
        }
        if (offer is { } outcome)
        {
            Seller.Observe(_received.Count > 0 ? _received[^1] : -1, outcome);
            _received.Add(outcome);
        }
        var act = Decide(offer);
        if (act.Kind == BuyerActKind.Offer)
        {
            _sent.Add(act.Outcome);
        }
        return act;
    }

    protected abstract BuyerAct Decide(int? offer);

    protected double Utility(int outcome) => bout.BuyerUtilities[outcome];

    /// <summary>How many outcomes have at least this utility: the first of <see cref="Rational"/>.</summary>
    protected int CountAtLeast(double utility)
    {
        var (low, high) = (0, Rational.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Utility(Rational[middle]) >= utility ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    /// <summary>The outcome with the lowest utility that is at least the target's.</summary>
    protected int Nearest(double target) => Rational[Math.Max(0, CountAtLeast(target) - 1)];

    /// <summary>Any outcome within the band above the target.</summary>
    protected int AnyAbove(double target, double band)
    {
        var (from, to) = (CountAtLeast(target + band), CountAtLeast(target));
        return to > from ? Rational[Random.Next(from, to)] : Nearest(target);
    }

    /// <summary>The outcome within the band above the target that the seller seems to like best.</summary>
    protected int SellersFavourite(double target, double band)
    {
        var (best, value) = (Nearest(target), double.NegativeInfinity);
        for (var i = CountAtLeast(target) - 1; i >= 0 && Utility(Rational[i]) <= target + band; i--)
        {
            if (Seller.Value(Rational[i]) is var worth && worth > value)
            {
                (best, value) = (Rational[i], worth);
            }
        }
        return best;
    }

    /// <summary>Where the product of both utilities seems largest; looked for again now and then, as it costs a look at every outcome.</summary>
    protected int Nash()
    {
        if (_nash >= 0 && Received.Count < _nashReceived + NashEvery)
        {
            return _nash;
        }
        (_nash, _nashReceived) = (Rational[0], Received.Count);
        var product = double.NegativeInfinity;
        foreach (var outcome in Rational)
        {
            if ((Utility(outcome) - Reservation) * Seller.Value(outcome) is var one && one > product)
            {
                (_nash, product) = (outcome, one);
            }
        }
        return _nash;
    }

    /// <summary>AC_next, and in the last turn whatever is better than no agreement.</summary>
    protected BuyerAct TakeOr(int? offer, int bid) =>
        offer is { } outcome && Utility(outcome) >= Reservation && (Utility(outcome) >= Utility(bid) || IsLastTurn) ? BuyerAct.Accept : BuyerAct.Offer(bid);
}
