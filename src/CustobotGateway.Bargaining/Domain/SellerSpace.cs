namespace CustobotGateway.Bargaining.Domain;

/// <summary>
/// A scenario worked out: each outcome's utility and what the policy says to it. It never changes, so that all negotiations of the same scenario share one,
/// and what is permitted is looked up, not argued about.
/// </summary>
public sealed class SellerSpace
{
    private readonly double[] _utilities;
    private readonly long[] _profits;
    private readonly Refusal[] _refusals;
    private readonly int[] _permitted;

    /// <summary>Works the scenario out.</summary>
    /// <exception cref="OverflowException">Amounts are too large.</exception>
    public SellerSpace(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        Scenario = scenario;
        Outcomes = new OutcomeSpace(scenario.Issues);
        (UnitPriceIssue, QuantityIssue, PaymentDaysIssue) = (Outcomes.IssueNamed(Issue.UnitPrice), Outcomes.IssueNamed(Issue.Quantity), Outcomes.IssueNamed(Issue.PaymentDays));
        _utilities = new double[Outcomes.Count];
        _profits = new long[Outcomes.Count];
        _refusals = new Refusal[Outcomes.Count];
        var accounts = new Accounts(this);
        var limits = new PolicyLimits(this);
        for (var outcome = 0; outcome < Outcomes.Count; outcome++)
        {
            (_utilities[outcome], _profits[outcome]) = accounts.Of(outcome);
            _refusals[outcome] = limits.Of(outcome);
        }
        _permitted = [.. Enumerable.Range(0, Outcomes.Count).Where(IsPermitted)];
        // Ties by number: the order is part of every decision and must not hang on the sort.
        Array.Sort(_permitted, (one, other) => _utilities[other].CompareTo(_utilities[one]) is not 0 and var order ? order : one.CompareTo(other));
        Best = _permitted.Length > 0 ? _utilities[_permitted[0]] : Reservation;
    }

    /// <summary>What was worked out.</summary>
    public Scenario Scenario { get; }

    /// <summary>All outcomes.</summary>
    public OutcomeSpace Outcomes { get; }

    /// <summary>The utility of no agreement.</summary>
    public double Reservation => Scenario.Reservation;

    /// <summary>The utility of the best permitted outcome.</summary>
    public double Best { get; }

    /// <summary>From the reservation to the best permitted outcome.</summary>
    public double Span => Math.Max(Best - Reservation, 1e-9);

    /// <summary>Whether utility is by profit.</summary>
    public bool IsByProfit => Scenario.Utility is ProfitUtility;

    /// <summary>The permitted outcomes, best first.</summary>
    public ReadOnlySpan<int> Permitted => _permitted;

    /// <summary>The place of the unit price among the issues, or −1.</summary>
    public int UnitPriceIssue { get; }

    /// <summary>The place of the quantity among the issues, or −1.</summary>
    public int QuantityIssue { get; }

    /// <summary>The place of the days until payment among the issues, or −1.</summary>
    public int PaymentDaysIssue { get; }

    /// <summary>An outcome's utility.</summary>
    public double Utility(int outcome) => _utilities[outcome];

    /// <summary>An outcome's profit in minor units; 0 where utility is not by profit.</summary>
    public long Profit(int outcome) => _profits[outcome];

    /// <summary>The limit an outcome is beyond.</summary>
    public Refusal RefusalOf(int outcome) => _refusals[outcome];

    /// <summary>Whether the outcome may be offered and accepted at all.</summary>
    public bool IsPermitted(int outcome) => _refusals[outcome] == Refusal.None;

    /// <summary>The share of the own range: 0 at the reservation, 1 at the best permitted outcome. The field's "advantage".</summary>
    public double Share(int outcome) => (_utilities[outcome] - Reservation) / Span;

    /// <summary>The utility at a share of the own range.</summary>
    public double UtilityAt(double share) => Reservation + (share * Span);

    /// <summary>How many permitted outcomes have at least this utility: they are the first so many of <see cref="Permitted"/>.</summary>
    public int CountAtLeast(double utility)
    {
        var (low, high) = (0, _permitted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_utilities[_permitted[middle]] >= utility)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    /// <summary>The number that an issue has in an outcome, or the given one where there is no such issue.</summary>
    public long Number(int outcome, int issue, long otherwise) => issue < 0 ? otherwise : Outcomes.Value(outcome, issue).Number ?? otherwise;
}
