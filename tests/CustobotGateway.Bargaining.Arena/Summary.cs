namespace CustobotGateway.Bargaining.Arena;

/// <summary>A mean with its standard error.</summary>
public readonly record struct Mean(double Value, double Error)
{
    /// <summary>The error counts scenarios, not negotiations: those of one scenario hang together.</summary>
    public static Mean Of(IEnumerable<(Bout Bout, double Value)> values)
    {
        var means = values.GroupBy(pair => pair.Bout).Select(group => group.Average(pair => pair.Value)).ToArray();
        if (means.Length == 0)
        {
            return default;
        }
        var mean = means.Average();
        return new Mean(mean, means.Length > 1 ? Math.Sqrt(means.Sum(value => (value - mean) * (value - mean)) / (means.Length - 1) / means.Length) : 0);
    }

    public override string ToString() => FormattableString.Invariant($"{Value:0.000} ± {Error:0.000}");
}

/// <summary>The figures of a tournament.</summary>
public sealed class Summary(IReadOnlyList<Entry> entries)
{
    public int Negotiations => entries.Count;

    public int Violations => entries.Sum(entry => entry.Result.Violations);

    public Mean Advantage(Func<Contestant, bool> who) => Mean.Of(Zoned(who).Select(entry => (entry.Bout, entry.Result.Advantage)));

    /// <summary>The paired difference of the same negotiations.</summary>
    public Mean Above(Summary other, Func<Contestant, bool> who) =>
        Mean.Of(Zoned(who).Zip(other.Zoned(who), (one, two) => (one.Bout, one.Result.Advantage - two.Result.Advantage)));

    public double AgreementRate(Func<Contestant, bool> who) => Zoned(who).Select(entry => entry.Result.Agreed ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average();

    public double RoundsShare(Func<Contestant, bool> who) => Zoned(who).Select(entry => (double)entry.Result.Rounds / entry.Bout.Rounds).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Where there is no zone: how often no deal was made.</summary>
    public double NoDealShare(Func<Contestant, bool> who) => Unzoned(who).Select(entry => entry.Result.Agreed ? 0.0 : 1).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Where there is no zone: the share of the rounds that was used.</summary>
    public Mean NoZoneRounds(Func<Contestant, bool> who) => Mean.Of(Unzoned(who).Select(entry => (entry.Bout, (double)entry.Result.Rounds / entry.Bout.Rounds)));

    /// <summary>Where there is a zone: how often the seller ended all the same.</summary>
    public double WrongEnds(Func<Contestant, bool> who) => Zoned(who).Select(entry => entry.Result.SellerEnded is null ? 0.0 : 1).DefaultIfEmpty(double.NaN).Average();

    public IEnumerable<IGrouping<OpponentKind, Entry>> Kinds(Func<Contestant, bool> who) => entries.Where(entry => who(entry.Contestant)).GroupBy(entry => entry.Result.Analysis.Kind);

    private IEnumerable<Entry> Zoned(Func<Contestant, bool> who) => entries.Where(entry => entry.Bout.Zone.Length > 0 && who(entry.Contestant));

    private IEnumerable<Entry> Unzoned(Func<Contestant, bool> who) => entries.Where(entry => entry.Bout.Zone.Length == 0 && who(entry.Contestant));
}
