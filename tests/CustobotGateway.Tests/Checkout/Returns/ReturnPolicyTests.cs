using CustobotGateway.Checkout.Returns;

namespace CustobotGateway.Tests.Checkout.Returns;

/// <summary>The policy's own rules, and what it decides at the edges of its times.</summary>
public sealed class ReturnPolicyTests
{
    private static readonly DateTimeOffset Delivered = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static ReturnDecision Decide(ReturnPolicy policy, ReturnReason reason, TimeSpan later, long worth = 1_000, string product = "prd_0000000000001") =>
        ReturnDecisions.Decide(policy, reason, [new ReturnCandidate("li_1", product, "lamp", Delivered, worth)], Delivered + later);

    [Theory]
    [InlineData(0, ReturnVerdict.Eligible)]
    [InlineData(30, ReturnVerdict.Eligible)]
    [InlineData(30.0001, ReturnVerdict.Refused)]
    public void The_window_ends_with_its_last_instant(double days, ReturnVerdict verdict) =>
        Assert.Equal(verdict, Decide(new ReturnPolicy { WindowDays = 30 }, ReturnReason.Unwanted, TimeSpan.FromDays(days)).Verdict);

    [Theory]
    [InlineData(1, 50, 1)]
    [InlineData(3, 50, 2)]
    [InlineData(999, 10, 100)]
    [InlineData(1_000_000_000_000, 100, 1_000_000_000_000)]
    [InlineData(5, 0, 0)]
    public void Halves_of_a_fee_are_rounded_up(long worth, int percent, long fee) =>
        Assert.Equal(fee, Decide(new ReturnPolicy { RestockingFeePercent = percent }, ReturnReason.Unwanted, TimeSpan.Zero, worth).RestockingFee);

    [Fact]
    public void What_was_sold_for_good_comes_back_only_when_something_is_wrong()
    {
        var policy = new ReturnPolicy { FinalSale = ["prd_0000000000001"] };

        Assert.Equal("final_sale", Decide(policy, ReturnReason.Unwanted, TimeSpan.Zero).Reasons[0].Code);
        Assert.Equal(ReturnVerdict.Eligible, Decide(policy, ReturnReason.WrongItem, TimeSpan.Zero).Verdict);
    }

    [Fact]
    public void One_line_that_may_not_come_back_refuses_the_return_and_every_line_has_its_reason()
    {
        var decision = ReturnDecisions.Decide(new ReturnPolicy { ExcludedCategories = ["food"] }, ReturnReason.Unwanted,
            [new("li_1", "prd_0000000000001", "lamp", Delivered, 10), new("li_2", "prd_0000000000002", "food", Delivered, 10), new("li_3", "prd_0000000000003", null, null, 10)], Delivered);

        Assert.Equal(ReturnVerdict.Refused, decision.Verdict);
        Assert.Equal([("li_1", "within_window"), ("li_2", "category_excluded"), ("li_3", "not_delivered")], decision.Reasons.Select(reason => (reason.LineId!, reason.Code)));
    }

    [Fact]
    public void Rules_that_make_no_sense_are_refused()
    {
        ReturnPolicy[] wrong =
        [
            new() { WindowDays = -1 }, new() { WindowDays = 4_000 }, new() { FaultWindowDays = -1 }, new() { RestockingFeePercent = 101 }, new() { ExcludedCategories = [""] }, new() { FinalSale = ["x"] },
            new() { Conditions = [new string('c', 301)] }, new() { SendBackDays = 0 }, new() { StaffAbove = -1 }, new() { CancelHours = -1 },
            new() { WindowDaysByCategory = new Dictionary<string, int> { ["lamp"] = -1 } }, new() { Instructions = new string('i', 2_001) },
        ];

        Assert.All(wrong, policy => Assert.False(new ReturnPolicyValidator().Validate(policy).IsValid));
        Assert.True(new ReturnPolicyValidator().Validate(new ReturnPolicy()).IsValid);
    }
}
