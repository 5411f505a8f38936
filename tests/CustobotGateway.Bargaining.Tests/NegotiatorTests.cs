using System.Text.Json;
using CustobotGateway.Bargaining.Arena;
using CustobotGateway.Bargaining.Arena.Buyers;
using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Bargaining.Tests;

public sealed class NegotiatorTests
{
    private static readonly IReadOnlyList<Bout> Bouts = new ScenarioGenerator(31).Make(40);

    public static TheoryData<StrategyName> Strategies => [.. Enum.GetValues<StrategyName>()];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void No_sequence_of_acts_leads_below_the_policy(StrategyName strategy)
    {
        for (var run = 0; run < 400; run++)
        {
            var chance = new Random(run);
            var bout = Bouts[run % Bouts.Count];
            var (negotiator, referee) = (Negotiator.Open(bout.Space, strategy, run), new Referee(bout));
            for (var round = 0; round < bout.Rounds; round += chance.Next(1, 4))
            {
                var offer = AnyAct(bout, chance);
                var decision = negotiator.Decide(round, offer);
                if (decision.Kind == DecisionKind.Offer)
                {
                    referee.Offered(decision.Outcome!.Value);
                    continue;
                }
                if (decision.Kind == DecisionKind.Accept)
                {
                    Assert.Equal(offer.Outcome, decision.Outcome);
                    referee.Agreed(decision.Outcome!.Value);
                }
                break;
            }
            Assert.Equal(0, referee.Violations);
        }
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void The_same_seed_and_acts_lead_to_the_same_decisions_also_when_replayed(StrategyName strategy)
    {
        for (var run = 0; run < 60; run++)
        {
            var chance = new Random(run);
            var bout = Bouts[run % Bouts.Count];
            var turns = Enumerable.Range(0, bout.Rounds).Select(round => (round, AnyAct(bout, chance))).ToArray();
            var first = Negotiator.Open(bout.Space, strategy, run);
            var played = turns.TakeWhile(turn => first.Last is null or { Kind: DecisionKind.Offer } && first.Decide(turn.round, turn.Item2) is not null).ToArray();

            var again = Negotiator.Replay(new SellerSpace(bout.Space.Scenario), played, strategy, run);

            Assert.Equal(first.Last, again.Last);
            Assert.Equal(first.Course.Own, again.Course.Own);
        }
    }

    [Fact]
    public void Nothing_permitted_ends_at_once()
    {
        var decision = Negotiator.Open(A.Space(new Policy { MinUnitPrice = 500 })).Decide(0, OfferReading.Absent);

        Assert.Equal((DecisionKind.End, "nothing_permitted"), (decision.Kind, decision.Reason));
    }

    [Fact]
    public void A_turn_after_the_last_round_ends()
    {
        var decision = Negotiator.Open(A.Space()).Decide(20, OfferReading.Absent);

        Assert.Equal((DecisionKind.End, "deadline"), (decision.Kind, decision.Reason));
    }

    [Fact]
    public void What_is_no_offer_is_answered_without_a_concession_and_never_accepted()
    {
        var space = A.Space();
        var negotiator = Negotiator.Open(space);
        var first = negotiator.Decide(0, OfferReading.Of(A.Outcome(space, 110, 1)));

        for (var round = 1; round < 15; round++)
        {
            var answer = negotiator.Decide(round, OfferReader.Read(space.Outcomes, JsonElement.Parse("""{"unit_price":"free"}""")));
            Assert.Equal((DecisionKind.Offer, first.Outcome), (answer.Kind, answer.Outcome));
        }
        Assert.Equal(OpponentKind.Exploiter, negotiator.Analyse().Kind);
        Assert.Contains("invalid_offers", negotiator.Analyse().Flags);
    }

    [Fact]
    public void A_round_is_decided_once()
    {
        var negotiator = Negotiator.Open(A.Space());
        negotiator.Decide(3, OfferReading.Absent);

        Assert.Throws<ArgumentOutOfRangeException>(() => negotiator.Decide(3, OfferReading.Absent));
        Assert.Throws<ArgumentOutOfRangeException>(() => negotiator.Decide(2, OfferReading.Absent));
    }

    [Fact]
    public void The_explanation_tells_the_limits_and_what_was_thought_of_the_offer()
    {
        var space = A.Space(new Policy { MinUnitPrice = 150 });
        var why = Negotiator.Open(space).Decide(0, OfferReading.Of(A.Outcome(space, 120, 2))).Why;

        Assert.Equal((Refusal.BelowFloor, space.Reservation), (why.OfferRefusal, why.Reservation));
        // Two at 120 earn 60; (60 − 20) ÷ (220 − 20).
        Assert.Equal(0.2, why.OfferShare!.Value, 1e-9);
        Assert.NotNull(why.Rule);
        Assert.NotNull(why.Profit);
    }

    [Fact]
    public void A_buyer_that_comes_back_over_the_same_is_offered_no_more_than_before()
    {
        var (better, worse) = (0, 0);
        foreach (var bout in Bouts.Where(bout => bout.Zone.Length > 0))
        {
            var match = new Match(StrategyName.Adaptive);
            var first = match.Play(bout, new Hardliner(bout, 1), 1);
            var memory = BuyerMemory.Empty.Opened(bout.Space.Scenario).Opened(bout.Space.Scenario);
            var again = match.Play(bout, new Hardliner(bout, 1), 1, memory);
            var (before, after) = (first.Memory.Dealings[^1].LowestOffered, again.Memory.Dealings[^1].LowestOffered);
            better += after > before + 1e-9 ? 1 : 0;
            worse += after < before - 1e-9 ? 1 : 0;
        }
        Assert.True(better > 5, $"{better}");
        Assert.Equal(0, worse);
    }

    [Fact]
    public void A_memory_keeps_its_bound_and_survives_being_written()
    {
        var memory = BuyerMemory.Empty;
        for (var i = 0; i < 100; i++)
        {
            memory = memory.Opened(A.Scenario with { Title = $"Lamp {i}" });
        }

        var read = JsonSerializer.Deserialize<BuyerMemory>(JsonSerializer.Serialize(memory))!;

        Assert.Equal(BuyerMemory.MaxSubjects, read.Dealings.Count);
        Assert.Equal(1, read.EarlierOver(BuyerMemory.SubjectOf(A.Scenario with { Title = "Lamp 99" })));
        Assert.Equal(0, read.EarlierOver(BuyerMemory.SubjectOf(A.Scenario with { Title = "Lamp 0" })));
    }

    private static OfferReading AnyAct(Bout bout, Random chance) => chance.Next(10) switch
    {
        0 => OfferReading.Absent,
        1 => new OfferReading(null, OfferFault.Malformed),
        2 => OfferReading.Of(bout.Rational[chance.Next(bout.Rational.Length)]),
        3 => OfferReading.Of(bout.Rational[0]),
        _ => OfferReading.Of(chance.Next(bout.Space.Outcomes.Count)),
    };
}
