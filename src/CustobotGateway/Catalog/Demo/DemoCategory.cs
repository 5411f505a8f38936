using System.Globalization;

namespace CustobotGateway.Catalog.Demo;

/// <summary>A category of the demo shop, read from <see cref="DemoTable"/>.</summary>
/// <param name="Name">The value of <c>category</c>.</param>
/// <param name="Department">The value of <c>department</c>.</param>
/// <param name="Noun">What one is called in English.</param>
/// <param name="SpanishNoun">What one is called in Spanish.</param>
/// <param name="LowestPrice">In whole dollars.</param>
/// <param name="HighestPrice">In whole dollars.</param>
/// <param name="IsService">Whether it is booked and not sent.</param>
/// <param name="Fillers">What its products carry besides what all carry, each attribute once.</param>
internal sealed record DemoCategory(
    string Name, string Department, string Noun, string SpanishNoun, int LowestPrice, int HighestPrice, bool IsService, IReadOnlyList<DemoFiller> Fillers)
{
    /// <summary>All categories.</summary>
    public static IReadOnlyList<DemoCategory> ReadAll()
    {
        var attributes = AttributeFiles.BuiltIn().ToDictionary(attribute => attribute.Key);
        var groups = ReadGroups();
        var categories = new List<DemoCategory>();
        var lines = DemoTable.Categories.Split('\n');
        for (var i = 0; i < lines.Length;)
        {
            var head = lines[i++].Split(" | ");
            var own = lines[i..].TakeWhile(line => !line.Contains(" | ", StringComparison.Ordinal)).ToList();
            i += own.Count;
            var shared = head[6].Split(' ').Prepend("all").SelectMany(group => groups[group]);
            // A category's own line goes before the group's for the same attribute.
            var fillers = own.Concat(shared).Select(line => new DemoFiller(line, attributes)).DistinctBy(filler => filler.Key);
            categories.Add(new DemoCategory(head[0], head[1], head[2], head[3], Whole(head[4]), Whole(head[5]), head[6] == "service", [.. fillers]));
        }
        return categories;
    }

    private static Dictionary<string, List<string>> ReadGroups()
    {
        var groups = new Dictionary<string, List<string>>();
        List<string>? group = null;
        foreach (var line in $"{DemoTable.Groups}\n{DemoTable.Services}".Split('\n'))
        {
            if (line.StartsWith('['))
            {
                groups[line.Trim('[', ']')] = group = [];
            }
            else
            {
                group!.Add(line);
            }
        }
        return groups;
    }

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
