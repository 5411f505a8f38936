using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Bargaining.Arena;

/// <summary>A buyer's surplus: what the goods and terms are worth to it, less what it pays, later being better.</summary>
public sealed class Surplus(OutcomeSpace outcomes, long valuePerUnit, long needed, long extraUnitValue, long financeBps, IReadOnlyDictionary<string, TermCosts> values)
{
    private const long BpsDays = 10_000L * 365;

    public double[] Utilities(long zero, long one) => [.. Enumerable.Range(0, outcomes.Count).Select(outcome => (double)(Of(outcome) - zero) / (one - zero))];

    public long Best() => Enumerable.Range(0, outcomes.Count).Max(Of);

    public long Of(int outcome)
    {
        long Number(string issue, long otherwise) => outcomes.IssueNamed(issue) is >= 0 and var place ? outcomes.Value(outcome, place).Number!.Value : otherwise;
        var (quantity, days) = (Number(Issue.Quantity, 1), Number(Issue.PaymentDays, 0));
        var revenue = Number(Issue.UnitPrice, 0) * quantity;
        var terms = values.Sum(pair => outcomes.IssueNamed(pair.Key) is >= 0 and var issue
            ? pair.Value.Values.GetValueOrDefault(outcomes.Value(outcome, issue).Text) * (pair.Value.PerUnit ? quantity : 1)
            : 0);
        return (valuePerUnit * Math.Min(quantity, needed)) + (extraUnitValue * Math.Max(0, quantity - needed)) + terms - revenue + (((revenue * financeBps * days) + (BpsDays / 2)) / BpsDays);
    }
}
