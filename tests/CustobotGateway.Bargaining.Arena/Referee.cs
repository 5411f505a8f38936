using System.Numerics;
using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Bargaining.Arena;

/// <summary>Checks the seller's acts by the written rules alone, with arithmetic of its own: it shares nothing with the guard that it checks.</summary>
public sealed class Referee(Bout bout)
{
    private readonly List<double> _offered = [];

    public int Violations { get; private set; }

    public void Offered(int outcome)
    {
        var utility = Utility(outcome);
        var steps = bout.Space.Scenario.Policy.MaxConcessionPerRound is not { } most || _offered.Count == 0 || utility >= _offered.Min() - most - 1e-9;
        Violations += Allowed(outcome) && steps ? 0 : 1;
        _offered.Add(utility);
    }

    public void Agreed(int outcome) => Violations += Allowed(outcome) ? 0 : 1;

    private double Utility(int outcome) => bout.Space.Scenario.Utility switch
    {
        ProfitUtility profit => (double)(Profit(outcome, profit) - profit.Zero) / (double)(new BigInteger(profit.One) - profit.Zero),
        AdditiveUtility additive => bout.Space.Scenario.Issues.Sum(issue => additive.Issues[issue.Name].Weight * additive.Issues[issue.Name].Values[Text(outcome, issue.Name)]),
        _ => double.NaN,
    };

    private bool Allowed(int outcome)
    {
        var (scenario, policy) = (bout.Space.Scenario, bout.Space.Scenario.Policy);
        var price = Number(outcome, Issue.UnitPrice, 0);
        var quantity = Number(outcome, Issue.Quantity, 1);
        var isFair = scenario.Utility is not ProfitUtility by
            || (Profit(outcome, by) >= by.LeastProfit && (policy.MinMarginPercent is not { } margin || Profit(outcome, by) * 100 >= new BigInteger(margin) * price * quantity));
        return isFair && Utility(outcome) >= scenario.Reservation - 1e-12 && !(price < (policy.MinUnitPrice ?? 0))
            && !(policy.MaxDiscountPercent is { } discount && policy.ListPrice is { } list && price * 100 < list * (100 - new BigInteger(discount)))
            && !(quantity > (policy.Available ?? long.MaxValue))
            && !policy.Forbidden.Any(entry => entry.All(pair => Text(outcome, pair.Key) == pair.Value));
    }

    private BigInteger Profit(int outcome, ProfitUtility by)
    {
        var quantity = Number(outcome, Issue.Quantity, 1);
        var revenue = Number(outcome, Issue.UnitPrice, 0) * quantity;
        var finance = BigInteger.Divide((revenue * by.FinanceBpsPerYear * Number(outcome, Issue.PaymentDays, 0)) + 1_825_000, 3_650_000);
        var terms = by.Costs.Aggregate(BigInteger.Zero, (sum, pair) => sum + (pair.Value.Values[Text(outcome, pair.Key)] * (pair.Value.PerUnit ? quantity : 1)));
        return revenue - (by.UnitCost * quantity) - terms - finance;
    }

    private string Text(int outcome, string issue) => bout.Space.Outcomes.Value(outcome, bout.Space.Outcomes.IssueNamed(issue)).Text;

    private BigInteger Number(int outcome, string issue, long otherwise) =>
        bout.Space.Outcomes.IssueNamed(issue) is >= 0 and var place ? bout.Space.Outcomes.Value(outcome, place).Number!.Value : otherwise;
}
