using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Bargaining.Tests;

/// <summary>Scenarios to begin from.</summary>
internal static class A
{
    /// <summary>Prices 100 to 200 in tens, quantities 1 and 2, cost 90 each; the best profit is 220, and no agreement is worth 20.</summary>
    public static Scenario Scenario { get; } = new()
    {
        Id = "test",
        Title = "Lamps",
        Issues =
        [
            new Issue(Issue.UnitPrice, IssueKind.Integer, [.. Enumerable.Range(10, 11).Select(tens => IssueValue.Of(tens * 10L))]),
            new Issue(Issue.Quantity, IssueKind.Integer, [IssueValue.Of(1), IssueValue.Of(2)]),
            new Issue("bundle", IssueKind.Categorical, [IssueValue.Of("none"), IssueValue.Of("case")]),
        ],
        Protocol = new Protocol(20, Party.Buyer),
        Utility = new ProfitUtility(90, new Dictionary<string, TermCosts> { ["bundle"] = new(true, new Dictionary<string, long> { ["case"] = 5 }) }, 0, 0, 220, 20),
        Reservation = 20 / 220.0,
    };

    public static SellerSpace Space(Policy? policy = null) => new(Scenario with { Policy = policy ?? new Policy() });

    public static int Outcome(SellerSpace space, long price, long quantity, string bundle = "none") => space.Outcomes.OutcomeOf(
        [space.Outcomes.PlaceOf(0, IssueValue.Of(price).Text), space.Outcomes.PlaceOf(1, IssueValue.Of(quantity).Text), space.Outcomes.PlaceOf(2, bundle)]);
}
