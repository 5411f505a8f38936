namespace CustobotGateway.Bargaining.Domain;

/// <summary>What an outcome is worth to the seller.</summary>
public abstract record SellerUtility
{
    private protected SellerUtility()
    {
    }
}

/// <summary>Worth by profit: revenue less the goods, what each term costs and the money lent; (profit − zero) ÷ (one − zero).</summary>
/// <param name="UnitCost">Of one unit, in minor units.</param>
/// <param name="Costs">What values of an issue cost, by the issue's name.</param>
/// <param name="FinanceBpsPerYear">What a year's credit costs, in hundredths of a percent of the revenue.</param>
/// <param name="Zero">The profit of utility 0.</param>
/// <param name="One">The profit of utility 1: that of the best permitted outcome.</param>
/// <param name="LeastProfit">The profit of no agreement; nothing below it is permitted.</param>
public sealed record ProfitUtility(long UnitCost, IReadOnlyDictionary<string, TermCosts> Costs, long FinanceBpsPerYear, long Zero, long One, long LeastProfit) : SellerUtility;

/// <summary>What the values of an issue cost.</summary>
/// <param name="PerUnit">Whether each unit costs that, not the order.</param>
/// <param name="Values">In minor units, by the value's text.</param>
public sealed record TermCosts(bool PerUnit, IReadOnlyDictionary<string, long> Values);

/// <summary>Worth by parts: the sum of weight × the value's worth over the issues.</summary>
/// <param name="Issues">By the issue's name.</param>
public sealed record AdditiveUtility(IReadOnlyDictionary<string, IssueWorth> Issues) : SellerUtility;

/// <summary>What the values of an issue are worth.</summary>
/// <param name="Weight">Of the issue.</param>
/// <param name="Values">By the value's text.</param>
public sealed record IssueWorth(double Weight, IReadOnlyDictionary<string, double> Values);
