using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Bargaining;

/// <summary>A valid offer of the buyer.</summary>
/// <param name="Round">When it was answered.</param>
/// <param name="Outcome">What was offered.</param>
public readonly record struct BuyerOffer(int Round, int Outcome);

/// <summary>What has happened in a negotiation so far: all that the three parts of a strategy may look at.</summary>
public sealed class Course
{
    private readonly List<BuyerOffer> _buyer = [];
    private readonly List<int> _own = [];
    private readonly Dictionary<int, int> _timesOffered = [];
    private readonly HashSet<int> _distinctBuyer = [];

    internal Course(SellerSpace space, int seed, int earlier) => (Space, Seed, Earlier, BestBuyerShare) = (space, seed, earlier, double.NegativeInfinity);

    /// <summary>The scenario.</summary>
    public SellerSpace Space { get; }

    /// <summary>Chance is a function of this and of what happened.</summary>
    public int Seed { get; }

    /// <summary>How often this buyer has bargained over this before.</summary>
    public int Earlier { get; }

    /// <summary>The round of the present turn, from 0.</summary>
    public int Round { get; private set; }

    /// <summary>From 0 in the first round to 1 in the last.</summary>
    public double Time => Rounds > 1 ? (double)Round / (Rounds - 1) : 1;

    /// <summary>How many rounds there are.</summary>
    public int Rounds => Space.Scenario.Protocol.Rounds;

    /// <summary>Whether the buyer can take no own offer after this one.</summary>
    public bool IsLastOwnOffer => Round >= Space.Scenario.Protocol.LastOwnOffer;

    /// <summary>Whether this is the last turn.</summary>
    public bool IsLastRound => Round >= Rounds - 1;

    /// <summary>The buyer's valid offers.</summary>
    public IReadOnlyList<BuyerOffer> Buyer => _buyer;

    /// <summary>Own offers.</summary>
    public IReadOnlyList<int> Own => _own;

    /// <summary>The offer on the table in this turn, if it is valid.</summary>
    public int? Standing { get; private set; }

    /// <summary>Turns with something else than a valid offer where one was due.</summary>
    public int Invalid { get; private set; }

    /// <summary>How many different valid offers the buyer has made.</summary>
    public int DistinctBuyer => _distinctBuyer.Count;

    /// <summary>Whether the present offer had not been made before.</summary>
    public bool IsNewOffer { get; private set; }

    /// <summary>The own offer with the lowest utility, or −1.</summary>
    public int LowestOwn { get; private set; } = -1;

    /// <summary>The buyer's permitted offer with the highest utility, or −1.</summary>
    public int BestBuyer { get; private set; } = -1;

    /// <summary>Its share of the own range; −∞ where there is none.</summary>
    public double BestBuyerShare { get; private set; }

    /// <summary>How many different own offers were made.</summary>
    public int DistinctOwn => _timesOffered.Count;

    /// <summary>How often an outcome was offered by us.</summary>
    public int TimesOffered(int outcome) => _timesOffered.GetValueOrDefault(outcome);

    internal void Receive(int round, OfferReading offer)
    {
        Round = round;
        Standing = offer.Outcome;
        IsNewOffer = false;
        if (offer.Outcome is not { } outcome)
        {
            // Nobody has offered anything yet where the seller opens.
            Invalid += offer.Fault == OfferFault.Absent && _own.Count == 0 ? 0 : 1;
            return;
        }
        _buyer.Add(new BuyerOffer(round, outcome));
        IsNewOffer = _distinctBuyer.Add(outcome);
        if (Space.IsPermitted(outcome) && Space.Share(outcome) > BestBuyerShare)
        {
            (BestBuyer, BestBuyerShare) = (outcome, Space.Share(outcome));
        }
    }

    internal void Send(int outcome)
    {
        _own.Add(outcome);
        _timesOffered[outcome] = TimesOffered(outcome) + 1;
        if (LowestOwn < 0 || Space.Utility(outcome) < Space.Utility(LowestOwn))
        {
            LowestOwn = outcome;
        }
    }
}
