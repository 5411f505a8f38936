namespace CustobotGateway.Bargaining.Domain;

/// <summary>All outcomes of some issues, each known by a number: the product of the issues' values, the last issue moving fastest.</summary>
public sealed class OutcomeSpace
{
    /// <summary>The most outcomes that are bargained over.</summary>
    public const int MaxOutcomes = 50_000;

    /// <summary>The most issues.</summary>
    public const int MaxIssues = 12;

    private readonly ushort[] _values;
    private readonly Dictionary<string, int>[] _byText;

    /// <summary>Enumerates the outcomes.</summary>
    /// <exception cref="ArgumentException">There are no issues, an issue has no value or one twice, or there are too many outcomes.</exception>
    public OutcomeSpace(IReadOnlyList<Issue> issues)
    {
        ArgumentNullException.ThrowIfNull(issues);
        Issues = issues;
        Count = CountOf(issues) ?? throw new ArgumentException($"There must be 1 to {MaxIssues} issues with 1 to {MaxOutcomes} outcomes in all.", nameof(issues));
        _byText = [.. issues.Select(issue => issue.Values.Select((value, i) => (value.Text, i)).ToDictionary(pair => pair.Text, pair => pair.i, StringComparer.Ordinal))];
        _values = new ushort[Count * issues.Count];
        for (var outcome = 0; outcome < Count; outcome++)
        {
            var rest = outcome;
            for (var issue = issues.Count - 1; issue >= 0; issue--)
            {
                (rest, var value) = Math.DivRem(rest, issues[issue].Values.Count);
                _values[(outcome * issues.Count) + issue] = (ushort)value;
            }
        }
    }

    /// <summary>In the order of the scenario.</summary>
    public IReadOnlyList<Issue> Issues { get; }

    /// <summary>Outcomes are numbered from 0 to below this.</summary>
    public int Count { get; }

    /// <summary>How many outcomes the issues have, or null where that is none or too many.</summary>
    public static int? CountOf(IReadOnlyList<Issue> issues)
    {
        ArgumentNullException.ThrowIfNull(issues);
        var count = 1L;
        foreach (var issue in issues)
        {
            count *= issue.Values.Count;
            if (count is 0 or > MaxOutcomes)
            {
                return null;
            }
        }
        return issues.Count is 0 or > MaxIssues ? null : (int)count;
    }

    /// <summary>The places of an outcome's values in their issues' lists.</summary>
    public ReadOnlySpan<ushort> ValuesOf(int outcome) => _values.AsSpan(outcome * Issues.Count, Issues.Count);

    /// <summary>An outcome's value for an issue.</summary>
    public IssueValue Value(int outcome, int issue) => Issues[issue].Values[_values[(outcome * Issues.Count) + issue]];

    /// <summary>The place of a value in its issue's list, or −1.</summary>
    public int PlaceOf(int issue, string text) => _byText[issue].GetValueOrDefault(text, -1);

    /// <summary>The place of an issue, or −1.</summary>
    public int IssueNamed(string name)
    {
        for (var i = 0; i < Issues.Count; i++)
        {
            if (Issues[i].Name == name)
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>The outcome with these values' places.</summary>
    public int OutcomeOf(ReadOnlySpan<int> places)
    {
        var outcome = 0;
        for (var i = 0; i < Issues.Count; i++)
        {
            outcome = (outcome * Issues[i].Values.Count) + places[i];
        }
        return outcome;
    }
}
