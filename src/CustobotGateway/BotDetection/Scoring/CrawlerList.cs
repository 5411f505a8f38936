using System.Buffers;
using System.Collections.Frozen;

namespace CustobotGateway.BotDetection.Scoring;

/// <summary>What a user agent says of itself by a name that is on the list.</summary>
internal enum NamedAs
{
    Nothing,

    /// <summary>A programming library or a command-line client.</summary>
    Library,

    /// <summary>A browser without a window, or a program that drives one.</summary>
    Tool,

    /// <summary>A crawler or service.</summary>
    Service,
}

/// <summary>The crawlers, services, libraries and tools that user agents name; the list and its licence lie beside this file.</summary>
internal static class CrawlerList
{
    private sealed record Entry(NamedAs Kind, bool AtStart, bool AtEnd, string Text, string? Then);

    private static readonly FrozenDictionary<char, Entry[]> ByFirst = Load();
    private static readonly SearchValues<string> Texts = SearchValues.Create([.. ByFirst.Values.SelectMany(entries => entries).Select(entry => entry.Text).Distinct()], StringComparison.Ordinal);

    /// <summary>What the user agent names; a service comes before a tool, and a tool before a library.</summary>
    public static NamedAs Find(ReadOnlySpan<char> agent, out string? name)
    {
        (var found, name) = (NamedAs.Nothing, null);
        for (var from = 0; from < agent.Length && agent[from..].IndexOfAny(Texts) is var offset and >= 0; from++)
        {
            from += offset;
            foreach (var entry in ByFirst[agent[from]])
            {
                if (entry.Kind > found && Matches(entry, agent, from))
                {
                    (found, name) = (entry.Kind, entry.Text);
                }
            }
            if (found == NamedAs.Service)
            {
                break;
            }
        }
        name = name?.Trim(' ', '/', ';', ':', '-', '.', '(', ')');
        return found;
    }

    private static bool Matches(Entry entry, ReadOnlySpan<char> agent, int at) =>
        agent[at..].StartsWith(entry.Text, StringComparison.Ordinal)
        && (!entry.AtStart || at == 0)
        && (!entry.AtEnd || at + entry.Text.Length == agent.Length)
        && (entry.Then is null || agent[(at + entry.Text.Length)..].Contains(entry.Then, StringComparison.Ordinal));

    private static FrozenDictionary<char, Entry[]> Load()
    {
        using var stream = typeof(CrawlerList).Assembly.GetManifestResourceStream("BotDetection/crawlers.tsv")!;
        using var reader = new StreamReader(stream);
        var entries = new List<Entry>();
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#') && line.Split('\t') is [var kind, var anchor, var text, .. var then])
            {
                entries.Add(new(kind switch { "service" => NamedAs.Service, "tool" => NamedAs.Tool, _ => NamedAs.Library },
                    anchor.Contains('^', StringComparison.Ordinal), anchor.Contains('$', StringComparison.Ordinal), text, then.FirstOrDefault()));
            }
        }
        return entries.GroupBy(entry => entry.Text[0]).ToFrozenDictionary(group => group.Key, group => group.ToArray());
    }
}
