using System.Globalization;
using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Bargaining;

/// <summary>An earlier negotiation's subject and how often it came up.</summary>
/// <param name="Subject">See <see cref="BuyerMemory.SubjectOf"/>.</param>
/// <param name="Negotiations">How many there were.</param>
/// <param name="LowestOffered">The lowest share of the own range that the seller has offered in them.</param>
public sealed record EarlierDealings(string Subject, int Negotiations, double LowestOffered);

/// <summary>What is known of a buyer from earlier negotiations, so that opening another one does not begin anew. Bounded: the subjects longest not seen are forgotten.</summary>
/// <param name="Dealings">Latest last.</param>
/// <param name="Flags">What earlier analyses noticed.</param>
public sealed record BuyerMemory(IReadOnlyList<EarlierDealings> Dealings, IReadOnlyList<string> Flags)
{
    /// <summary>The most subjects that are remembered of a buyer.</summary>
    public const int MaxSubjects = 64;

    /// <summary>Nothing.</summary>
    public static BuyerMemory Empty { get; } = new([], []);

    /// <summary>What is bargained over, so that the same goods on the same terms are the same whatever the scenario is called.</summary>
    public static string SubjectOf(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        // FNV-1a; it only has to tell a buyer's subjects apart.
        var hash = 14695981039346656037UL;
        void Add(string text)
        {
            foreach (var letter in text)
            {
                hash = (hash ^ letter) * 1099511628211UL;
            }
            hash = (hash ^ '\n') * 1099511628211UL;
        }
        Add(scenario.Title);
        foreach (var issue in scenario.Issues)
        {
            Add(issue.Name);
            foreach (var value in issue.Values)
            {
                Add(value.Text);
            }
        }
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>How many negotiations there were over this.</summary>
    public int EarlierOver(string subject) => Dealings.FirstOrDefault(one => one.Subject == subject)?.Negotiations ?? 0;

    /// <summary>After a negotiation was opened, whatever becomes of it.</summary>
    public BuyerMemory Opened(Scenario scenario)
    {
        var before = Of(SubjectOf(scenario));
        return With(before with { Negotiations = before.Negotiations + 1 });
    }

    /// <summary>After a negotiation that had been opened.</summary>
    public BuyerMemory Closed(Course course, OpponentAnalysis analysis)
    {
        ArgumentNullException.ThrowIfNull(course);
        ArgumentNullException.ThrowIfNull(analysis);
        var before = Of(SubjectOf(course.Space.Scenario));
        var lowest = course.LowestOwn >= 0 ? Math.Min(before.LowestOffered, course.Space.Share(course.LowestOwn)) : before.LowestOffered;
        return With(before with { LowestOffered = lowest }) with { Flags = [.. Flags.Union(analysis.Flags)] };
    }

    private EarlierDealings Of(string subject) => Dealings.FirstOrDefault(one => one.Subject == subject) ?? new EarlierDealings(subject, 0, 1);

    private BuyerMemory With(EarlierDealings dealings) => this with { Dealings = [.. Dealings.Where(one => one.Subject != dealings.Subject).TakeLast(MaxSubjects - 1), dealings] };
}
