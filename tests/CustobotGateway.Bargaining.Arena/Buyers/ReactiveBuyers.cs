namespace CustobotGateway.Bargaining.Arena.Buyers;

public enum Reply
{
    Relative,
    Absolute,
    Averaged,
}

/// <summary>Behaviour-dependent tactics (Faratin, Sierra and Jennings 1998): repeats the seller's steps, by proportion, by amount and a little chance, or by proportion over a window.</summary>
public sealed class TitForTatBuyer(Bout bout, int seed, Reply reply) : Buyer(bout, seed)
{
    private const int Window = 4;
    private const double Least = 0.05, Jitter = 0.02;

    private double _target = double.NaN;

    protected override BuyerAct Decide(int? offer)
    {
        if (double.IsNaN(_target))
        {
            _target = Best;
        }
        if (Received.Count >= 2)
        {
            var back = reply == Reply.Averaged ? Math.Min(Window, Received.Count - 1) : 1;
            var (before, now) = (Utility(Received[^(back + 1)]), Utility(Received[^1]));
            // Utilities below nothing have no proportions: they are counted from the lowest that was seen.
            var floor = Math.Min(0, Received.Min(Utility)) - Least;
            _target = reply == Reply.Absolute
                ? _target - (now - before) + ((Random.NextDouble() - 0.5) * Jitter)
                : (reply == Reply.Averaged && Sent.Count >= back ? Utility(Sent[^back]) : _target) * (before - floor) / (now - floor);
            _target = Math.Clamp(_target, Reservation, Best);
        }
        return TakeOr(offer, Nearest(_target));
    }
}

/// <summary>Nice tit-for-tat (Baarslag, Hindriks and Jonker 2013): goes as far towards the estimated Nash point as the seller has come, and a little further near the end.</summary>
public sealed class NiceTitForTat(Bout bout, int seed) : Buyer(bout, seed)
{
    private const double Band = 0.03, Floor = 0.5;

    protected override BuyerAct Decide(int? offer)
    {
        var nash = Utility(Nash());
        var target = Best;
        if (Received.Count >= 2)
        {
            var first = Utility(Received[0]);
            var gap = Math.Max(0.1, nash - first);
            var multiplier = Math.Clamp(1.4 - (0.6 * gap), 0.8, 1.4);
            var come = Math.Clamp((Received.Max(Utility) - first) / gap, 0, 1);
            var bonus = Time > 0.91 ? 0.5 * (Time - 0.91) / 0.09 : 0;
            var end = Math.Max(Math.Max(Reservation, Floor * Best), Math.Min(Best, nash * multiplier * 0.85));
            target = Best - (Math.Min(1, come + bonus) * (Best - end));
        }
        return TakeOr(offer, SellersFavourite(target, Band));
    }
}

/// <summary>MiCRO (de Jonge 2022), for the buyer.</summary>
public sealed class MicroBuyer(Bout bout, int seed) : Buyer(bout, seed)
{
    private readonly HashSet<int> _given = [];
    private readonly HashSet<int> _got = [];

    protected override BuyerAct Decide(int? offer)
    {
        if (offer is { } received)
        {
            _got.Add(received);
        }
        var steps = _given.Count <= _got.Count && _given.Count < Rational.Length;
        var bid = steps ? Rational[_given.Count] : Sent[Random.Next(Sent.Count)];
        var least = Rational[Math.Min(_given.Count, Rational.Length - 1)];
        if (offer is { } outcome && Utility(outcome) >= Math.Max(Reservation, Utility(least)))
        {
            return BuyerAct.Accept;
        }
        _given.Add(bid);
        return BuyerAct.Offer(bid);
    }
}

/// <summary>Offers what lies halfway between its own last offer and the seller's.</summary>
public sealed class SplitTheDifference(Bout bout, int seed) : Buyer(bout, seed)
{
    protected override BuyerAct Decide(int? offer)
    {
        var own = Sent.Count > 0 ? Utility(Sent[^1]) : Best;
        var target = offer is { } outcome && Sent.Count > 0 ? Math.Clamp((own + Utility(outcome)) / 2, Reservation, own) : own;
        return TakeOr(offer, Nearest(target));
    }
}
