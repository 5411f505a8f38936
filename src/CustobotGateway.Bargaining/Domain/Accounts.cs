namespace CustobotGateway.Bargaining.Domain;

/// <summary>Computes utilities and profits, in whole minor units as far as they are money.</summary>
internal sealed class Accounts
{
    private const long BpsDays = 10_000L * 365;

    private readonly SellerSpace _space;
    private readonly (int Issue, bool PerUnit, long[] Costs)[] _costs = [];
    private readonly double[][] _worths = [];

    public Accounts(SellerSpace space)
    {
        _space = space;
        var issues = space.Scenario.Issues;
        switch (space.Scenario.Utility)
        {
            case ProfitUtility profit:
                _costs = [.. issues.Index().Where(pair => profit.Costs.ContainsKey(pair.Item.Name)).Select(pair =>
                    (pair.Index, profit.Costs[pair.Item.Name].PerUnit, pair.Item.Values.Select(value => profit.Costs[pair.Item.Name].Values.GetValueOrDefault(value.Text)).ToArray()))];
                break;
            case AdditiveUtility additive:
                _worths = [.. issues.Select(issue => additive.Issues.TryGetValue(issue.Name, out var worth)
                    ? issue.Values.Select(value => worth.Weight * worth.Values.GetValueOrDefault(value.Text)).ToArray()
                    : new double[issue.Values.Count])];
                break;
        }
    }

    public (double Utility, long Profit) Of(int outcome)
    {
        if (_space.Scenario.Utility is ProfitUtility utility)
        {
            var profit = Profit(outcome, utility);
            return ((double)((Int128)profit - utility.Zero) / (double)((Int128)utility.One - utility.Zero), profit);
        }
        var values = _space.Outcomes.ValuesOf(outcome);
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            sum += _worths[i][values[i]];
        }
        return (sum, 0);
    }

    private long Profit(int outcome, ProfitUtility utility)
    {
        var quantity = _space.Number(outcome, _space.QuantityIssue, 1);
        var days = _space.Number(outcome, _space.PaymentDaysIssue, 0);
        checked
        {
            var revenue = _space.Number(outcome, _space.UnitPriceIssue, 0) * quantity;
            // Rounded half up; wide, because the product of an order's revenue, its rate and its days may pass 64 bits.
            var finance = (long)((((Int128)revenue * utility.FinanceBpsPerYear * days) + (BpsDays / 2)) / BpsDays);
            var profit = revenue - (utility.UnitCost * quantity) - finance;
            var values = _space.Outcomes.ValuesOf(outcome);
            foreach (var (issue, perUnit, costs) in _costs)
            {
                profit -= costs[values[issue]] * (perUnit ? quantity : 1);
            }
            return profit;
        }
    }
}
