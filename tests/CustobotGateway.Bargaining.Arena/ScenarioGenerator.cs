using System.Globalization;
using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Bargaining.Arena;

/// <summary>Makes scenarios from a seed: products, grids and tastes of its own, with zones from wide to none in fixed shares.</summary>
public sealed class ScenarioGenerator(int seed)
{
    private enum Zone
    {
        Wide,
        Medium,
        Tight,
        None,
    }

    private static readonly string[] Products =
        ["Standing desks", "Espresso machines", "Safety gloves", "Barcode scanners", "Server racks", "Coffee beans, pallets", "Cargo bicycles", "Projectors", "Work boots", "Label printers", "Water filters", "Heat pumps"];

    private static readonly int[][] Quantities = [[1, 2, 3, 5], [4, 8, 16], [10, 25, 40, 80], [6, 10, 14, 18, 30], [50, 75, 100, 150, 250], [2, 3, 4]];
    private static readonly int[][] Deliveries = [[1, 4, 9], [2, 6, 12, 20], [5, 10], [3, 8, 15]];
    private static readonly int[][] Payments = [[0, 10, 30], [0, 30], [0, 21, 45, 60], [0, 14, 28, 42]];
    private static readonly int[][] Warranties = [[6, 12, 24], [12, 36], [24, 36, 48, 60]];
    private static readonly string[][] Bundles = [["none", "spare parts"], ["none", "set-up", "set-up and training"], ["none", "case", "case and cable"]];
    private static readonly string[] SoftIssues = ["hosting", "response_time", "onboarding", "exit_terms", "invoice_rhythm", "reporting"];
    private static readonly int[] RoundChoices = [8, 8, 10, 12, 16, 20, 20, 25, 30, 40, 40, 50, 60];

    private Random _random = new(seed);

    /// <summary>So many scenarios; the same for the same seed.</summary>
    public IReadOnlyList<Bout> Make(int count) => [.. Enumerable.Range(0, count).Select(One)];

    private Bout One(int number)
    {
        // Each scenario has a chance of its own, so that the first ones are the same however many are made.
        _random = new Random(HashCode(seed, number));
        var zone = _random.NextDouble() switch { < 0.30 => Zone.Wide, < 0.60 => Zone.Medium, < 0.87 => Zone.Tight, _ => Zone.None };
        var byProfit = _random.NextDouble() < 0.68;
        for (var attempt = 0; ; attempt++)
        {
            var bout = byProfit ? Profit(number, zone) : Additive(number, zone);
            if (bout is not null && bout.Space.Permitted.Length > 0 && bout.Space.Outcomes.Count <= 5_000 && bout.Rational.Length > 0 && IsIn(zone, bout))
            {
                return bout;
            }
            if (attempt > 2_000)
            {
                throw new InvalidOperationException($"Scenario {number} of seed {seed} cannot be made.");
            }
        }
    }

    private static int HashCode(int seed, int number) => (int)(Chance.Of(seed, number) & int.MaxValue);

    private static bool IsIn(Zone zone, Bout bout) => zone switch
    {
        Zone.None => bout.Zone.Length == 0,
        _ when bout.Zone.Length == 0 => false,
        Zone.Wide => bout.BestInZone > 0.72,
        Zone.Medium => bout.BestInZone is > 0.33 and <= 0.72,
        _ => bout.BestInZone <= 0.33,
    };

    private Bout? Profit(int number, Zone zone)
    {
        var cost = (long)Math.Round(Math.Exp(Range(Math.Log(400), Math.Log(200_000)))) / 10 * 10;
        var list = (long)(cost / Range(0.52, 0.74)) / 10 * 10;
        var issues = new List<Issue> { Integer(Issue.UnitPrice, "cents", Grid((long)(cost * Range(0.97, 1.09)), list, _random.Next(6, 34))) };
        var (costs, values) = (new Dictionary<string, TermCosts>(), new Dictionary<string, TermCosts>());
        var quantities = _random.NextDouble() < 0.8 ? Pick(Quantities) : null;
        if (quantities is not null)
        {
            issues.Add(Integer(Issue.Quantity, "pieces", quantities.Select(value => (long)value)));
        }
        var needed = quantities is null ? 1 : quantities[_random.Next(quantities.Length)];
        var order = list * (quantities?[quantities.Length / 2] ?? 1);
        if (_random.NextDouble() < 0.55)
        {
            var days = Pick(Deliveries);
            issues.Add(Integer("delivery_days", "days", days.Select(value => (long)value)));
            var (ours, theirs) = (order * Range(0.003, 0.04), order * Range(0.01, 0.08));
            costs["delivery_days"] = Falling(days, ours);
            values["delivery_days"] = Falling(days, theirs);
        }
        if (_random.NextDouble() < 0.55)
        {
            issues.Add(Integer(Issue.PaymentDays, "days", Pick(Payments).Select(value => (long)value)));
        }
        if (_random.NextDouble() < 0.5)
        {
            var months = Pick(Warranties);
            issues.Add(Integer("warranty_months", "months", months.Select(value => (long)value)));
            var (ours, theirs) = (list * Range(0.01, 0.05), list * Range(0.02, 0.1));
            costs["warranty_months"] = Rising(months, ours);
            values["warranty_months"] = Rising(months, theirs);
        }
        if (_random.NextDouble() < 0.4)
        {
            var bundle = Pick(Bundles);
            issues.Add(new Issue("bundle", IssueKind.Categorical, [.. bundle.Select(IssueValue.Of)]));
            var perUnit = _random.NextDouble() < 0.5;
            var (ours, theirs) = (Each(bundle, list * Range(0.01, 0.06)), Each(bundle, list * Range(0.01, 0.12)));
            costs["bundle"] = new TermCosts(perUnit, ours);
            values["bundle"] = new TermCosts(perUnit, theirs);
        }
        if (OutcomeSpace.CountOf(issues) is not <= 5_000)
        {
            return null;
        }
        var value = list * zone switch { Zone.Wide => Range(1.05, 1.5), Zone.Medium => Range(0.88, 1.1), Zone.Tight => Range(0.7, 0.95), _ => Range(0.5, 0.78) };
        var policy = new Policy
        {
            ListPrice = list,
            MinUnitPrice = (long)(cost * Range(1.02, 1.14)),
            MinMarginPercent = Sometimes(0.5) ? _random.Next(4, 14) : null,
            MaxDiscountPercent = Sometimes(0.35) ? 5 * _random.Next(5, 9) : null,
            MaxConcessionPerRound = Sometimes(0.35) ? Pick([0.06, 0.08, 0.1, 0.15]) : null,
            Available = quantities is not null ? quantities[_random.Next(quantities.Length / 2, quantities.Length)] : null,
        };
        var utility = new ProfitUtility(cost, costs, Pick([300L, 500L, 800L]), 0, 1, long.MinValue / 4);
        var draft = Draft(number, issues, utility, double.MinValue, policy);
        var best = new SellerSpace(draft) is { Permitted.Length: > 0 } space ? space.Permitted.ToArray().Max(space.Profit) : 0;
        if (best <= 0)
        {
            return null;
        }
        var least = (long)(best * Range(0.03, 0.33));
        var scenario = draft with { Utility = utility with { One = best, LeastProfit = least }, Reservation = (double)least / best };
        var surplus = new Surplus(new OutcomeSpace(issues), (long)value, needed, (long)(value * Range(0.4, 0.9)), Pick([400L, 900L, 1500L, 2200L]), values);
        var most = surplus.Best();
        return most <= 0 ? null : new Bout(scenario, surplus.Utilities(0, most), Pick([0.0, 0.05, 0.1, 0.2, 0.3]), Patience(scenario.Protocol.Rounds));
    }

    private Bout? Additive(int number, Zone zone)
    {
        var price = _random.Next(1_000, 100_000) / 10 * 10;
        var issues = new List<Issue> { Integer(Issue.UnitPrice, "cents", Grid((long)(price * 0.6), price, _random.Next(5, 14))) };
        foreach (var name in SoftIssues.OrderBy(_ => _random.Next()).Take(_random.Next(2, 5)))
        {
            issues.Add(new Issue(name, IssueKind.Categorical, [.. Enumerable.Range(1, _random.Next(2, 6)).Select(i => IssueValue.Of($"{name} {i}"))]));
        }
        var (ours, theirs) = (Worths(issues, true), Worths(issues, false));
        var level = zone switch { Zone.Wide => Range(0.05, 0.3), Zone.Medium => Range(0.3, 0.48), Zone.Tight => Range(0.42, 0.62), _ => Range(0.55, 0.78) };
        var policy = new Policy
        {
            MinUnitPrice = issues[0].Values[_random.Next(0, 2)].Number,
            MaxConcessionPerRound = Sometimes(0.35) ? Pick([0.08, 0.1, 0.15]) : null,
            Forbidden = Sometimes(0.5)
                ? [new Dictionary<string, string> { [issues[1].Name] = Pick([.. issues[1].Values]).Text, [issues[2].Name] = Pick([.. issues[2].Values]).Text }]
                : [],
        };
        var scenario = Draft(number, issues, ours, Math.Round(level + Range(-0.03, 0.03), 3), policy);
        var buyer = new SellerSpace(scenario with { Utility = theirs, Policy = new Policy() });
        return new Bout(scenario, [.. Enumerable.Range(0, buyer.Outcomes.Count).Select(buyer.Utility)], level + Range(-0.07, 0.07), Patience(scenario.Protocol.Rounds));
    }

    private AdditiveUtility Worths(List<Issue> issues, bool seller)
    {
        var weights = issues.Select((_, i) => (i == 0 ? 1.5 : 1) * -Math.Log(1 - _random.NextDouble())).ToArray();
        var sum = weights.Sum();
        return new AdditiveUtility(issues.Index().ToDictionary(pair => pair.Item.Name, pair => new IssueWorth(weights[pair.Index] / sum, ValueWorths(pair.Item, pair.Index == 0, seller))));
    }

    private Dictionary<string, double> ValueWorths(Issue issue, bool isPrice, bool seller)
    {
        var count = issue.Values.Count;
        double[] raw;
        if (isPrice)
        {
            var bend = Range(0.7, 1.5);
            raw = [.. Enumerable.Range(0, count).Select(i => Math.Pow((double)(seller ? i : count - 1 - i) / (count - 1), bend))];
        }
        else
        {
            raw = [.. Enumerable.Range(0, count).Select(_ => _random.NextDouble())];
            var (low, high) = (raw.Min(), raw.Max());
            raw = [.. raw.Select(value => (value - low) / Math.Max(1e-9, high - low))];
        }
        return issue.Values.Index().ToDictionary(pair => pair.Item.Text, pair => Math.Round(raw[pair.Index], 4));
    }

    private Scenario Draft(int number, IReadOnlyList<Issue> issues, SellerUtility utility, double reservation, Policy policy) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"gen-{seed}-{number}"),
        Title = Pick(Products),
        Issues = issues,
        Protocol = new Protocol(Pick(RoundChoices), Sometimes(0.5) ? Party.Buyer : Party.Seller),
        Utility = utility,
        Reservation = reservation,
        Discount = Sometimes(0.23) ? Pick([0.5, 0.7, 0.8, 0.9]) : 1,
        Policy = policy,
    };

    private int? Patience(int rounds) => Sometimes(0.23) ? Math.Max(3, (int)(rounds * Range(0.35, 0.8))) : null;

    private static Issue Integer(string name, string unit, IEnumerable<long> values) => new(name, IssueKind.Integer, [.. values.Distinct().Select(IssueValue.Of)], unit);

    private static IEnumerable<long> Grid(long from, long to, int count) => Enumerable.Range(0, count).Select(i => (from + ((to - from) * i / (count - 1))) / 10 * 10);

    private static TermCosts Falling(int[] values, double most) => new(false, values.ToDictionary(value => IssueValue.Of(value).Text, value => (long)(most * (values[^1] - value) / (values[^1] - values[0]))));

    private static TermCosts Rising(int[] values, double most) => new(true, values.ToDictionary(value => IssueValue.Of(value).Text, value => (long)(most * (value - values[0]) / (values[^1] - values[0]))));

    private Dictionary<string, long> Each(string[] values, double most) => values.Index().ToDictionary(pair => pair.Item, pair => pair.Index == 0 ? 0 : (long)(most * pair.Index * Range(0.5, 1)));

    private double Range(double from, double to) => from + ((to - from) * _random.NextDouble());

    private bool Sometimes(double share) => _random.NextDouble() < share;

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];
}
