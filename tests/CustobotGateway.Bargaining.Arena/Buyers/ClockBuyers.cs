namespace CustobotGateway.Bargaining.Arena.Buyers;

public enum BidRule
{
    Nearest,
    Random,
    Favourite,
}

/// <summary>Time-dependent tactics (Faratin, Sierra and Jennings 1998).</summary>
public sealed class ClockBuyer(Bout bout, int seed, double exponent, BidRule rule) : Buyer(bout, seed)
{
    private const double Band = 0.05;

    protected override BuyerAct Decide(int? offer)
    {
        var target = Reservation + ((Best - Reservation) * (1 - Math.Pow(Time, 1 / exponent)));
        return TakeOr(offer, rule switch { BidRule.Random => AnyAbove(target, Band), BidRule.Favourite => SellersFavourite(target, Band), _ => Nearest(target) });
    }
}

/// <summary>After HardHeaded (ANAC 2011): holds out high, gives way late and not below a floor, offers what a frequency model says the seller likes.</summary>
public sealed class HardHeadedBuyer(Bout bout, int seed) : Buyer(bout, seed)
{
    private const double Floor = 0.585, Exponent = 0.1, Band = 0.05;

    protected override BuyerAct Decide(int? offer)
    {
        var least = Math.Max(Reservation, Floor * Best);
        var target = least + ((Best - least) * (1 - Math.Pow(Time, 1 / Exponent)));
        return TakeOr(offer, SellersFavourite(target, Band));
    }
}

/// <summary>Offers its best always; takes nothing much less.</summary>
public sealed class Hardliner(Bout bout, int seed) : Buyer(bout, seed)
{
    private const double Enough = 0.9;

    protected override BuyerAct Decide(int? offer) =>
        offer is { } outcome && Utility(outcome) >= Math.Max(Reservation, Enough * Best) ? BuyerAct.Accept : BuyerAct.Offer(Rational[0]);
}

/// <summary>Takes and offers whatever is good enough; its standard does not move.</summary>
public sealed class Satisficer(Bout bout, int seed) : Buyer(bout, seed)
{
    private const double Standard = 0.5;

    protected override BuyerAct Decide(int? offer)
    {
        var enough = Reservation + (Standard * (Best - Reservation));
        var bid = AnyAbove(enough, Best);
        return offer is { } outcome && Utility(outcome) >= enough ? BuyerAct.Accept : BuyerAct.Offer(bid);
    }
}

/// <summary>Offers anything it would agree to.</summary>
public sealed class RandomWalker(Bout bout, int seed) : Buyer(bout, seed)
{
    protected override BuyerAct Decide(int? offer) => TakeOr(offer, Rational[Random.Next(Rational.Length)]);
}

/// <summary>Goes by the clock to the point where the product of both utilities seems largest, and stays there.</summary>
public sealed class NashSeeker(Bout bout, int seed) : Buyer(bout, seed)
{
    private const double Band = 0.03;

    protected override BuyerAct Decide(int? offer)
    {
        var target = Best - ((Best - Utility(Nash())) * Math.Pow(Time, 2));
        return TakeOr(offer, Time > 0.95 ? Nash() : SellersFavourite(target, Band));
    }
}
