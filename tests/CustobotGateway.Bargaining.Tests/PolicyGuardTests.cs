using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Bargaining.Tests;

public sealed class PolicyGuardTests
{
    public static TheoryData<Policy, long, long, string, Refusal> Limits => new()
    {
        { new Policy { MinUnitPrice = 150 }, 140, 2, "none", Refusal.BelowFloor },
        { new Policy { ListPrice = 200, MaxDiscountPercent = 25 }, 140, 2, "none", Refusal.DiscountTooLarge },
        // At 130 a unit with its case earns 35, less than 27 % of 130 = 35.1.
        { new Policy { MinMarginPercent = 27 }, 130, 2, "case", Refusal.MarginTooSmall },
        { new Policy { Available = 1 }, 200, 2, "none", Refusal.OutOfStock },
        { new Policy { Forbidden = [new Dictionary<string, string> { ["quantity"] = "2", ["bundle"] = "case" }] }, 200, 2, "case", Refusal.ForbiddenCombination },
        { new Policy(), 100, 1, "none", Refusal.BelowReservation },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public void What_a_limit_forbids_is_neither_offered_nor_accepted(Policy policy, long price, long quantity, string bundle, Refusal refusal)
    {
        var space = A.Space(policy);
        var outcome = A.Outcome(space, price, quantity, bundle);

        Assert.Equal(refusal, PolicyGuard.MayAccept(space, outcome));
        Assert.Equal(refusal, PolicyGuard.MayOffer(space, outcome, -1));
        Assert.NotEqual(outcome, PolicyGuard.Hold(space, outcome, -1));
        Assert.Equal(Refusal.None, PolicyGuard.MayOffer(space, PolicyGuard.Hold(space, outcome, -1), -1));
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public void What_is_just_within_a_limit_is_permitted(Policy policy, long price, long quantity, string bundle, Refusal refusal)
    {
        var space = A.Space(policy);
        var within = refusal switch
        {
            Refusal.BelowFloor or Refusal.DiscountTooLarge => A.Outcome(space, 150, quantity, bundle),
            Refusal.MarginTooSmall => A.Outcome(space, 140, quantity, bundle),
            Refusal.OutOfStock => A.Outcome(space, price, 1, bundle),
            Refusal.ForbiddenCombination => A.Outcome(space, price, 1, bundle),
            _ => A.Outcome(space, 110, quantity, bundle),
        };

        Assert.Equal(Refusal.None, PolicyGuard.MayAccept(space, within));
    }

    [Fact]
    public void A_new_offer_concedes_no_more_than_a_round_may()
    {
        var space = A.Space(new Policy { MaxConcessionPerRound = 0.1 });
        var (first, far) = (A.Outcome(space, 200, 2), A.Outcome(space, 150, 2));

        Assert.Equal(Refusal.None, PolicyGuard.MayOffer(space, far, -1));
        Assert.Equal(Refusal.ConcedesTooMuch, PolicyGuard.MayOffer(space, far, first));
        // 220 less a tenth of 220 is 198: two at 190 with 200 profit is the lowest that is still above.
        Assert.Equal(A.Outcome(space, 190, 2), PolicyGuard.Hold(space, far, first));
        Assert.Equal(Refusal.None, PolicyGuard.MayAccept(space, far));
    }

    [Fact]
    public void Finance_is_rounded_half_up_and_counted_against_the_margin()
    {
        var issues = A.Scenario.Issues.Append(new Issue(Issue.PaymentDays, IssueKind.Integer, [IssueValue.Of(0), IssueValue.Of(73)])).ToArray();
        var utility = (ProfitUtility)A.Scenario.Utility with { FinanceBpsPerYear = 1_250 };
        var space = new SellerSpace(A.Scenario with { Issues = issues, Utility = utility });

        // 73 days are a fifth of a year: 12.5 % a year on 200 is 25 a year, 5 for the days; on 180 it is 4.5, which becomes 5.
        Assert.Equal(200 - 90 - 5, space.Profit(space.Outcomes.OutcomeOf([10, 0, 0, 1])));
        Assert.Equal(180 - 90 - 5, space.Profit(space.Outcomes.OutcomeOf([8, 0, 0, 1])));
        Assert.Equal(180 - 90, space.Profit(space.Outcomes.OutcomeOf([8, 0, 0, 0])));
    }
}
