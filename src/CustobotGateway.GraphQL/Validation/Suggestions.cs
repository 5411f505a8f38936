using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Validation;

/// <summary>"Did you mean": the known names that an unknown one resembles, in the order and words of the reference implementation.</summary>
internal static class Suggestions
{
    private const int MaxShown = 5;

    // A name of a document may be as long as the document; nobody mistypes one that long.
    private const int MaxLength = 128;

    public static string DidYouMean<T>(string what, string name, IEnumerable<T> known)
        where T : INamed => DidYouMean(what, Similar(name, known.Select(candidate => candidate.Name)));

    public static string DidYouMean(string what, IReadOnlyList<string> names)
    {
        var quoted = names.Take(MaxShown).Select(name => $"\"{name}\"").ToList();
        return quoted.Count switch
        {
            0 => "",
            1 => $" Did you mean {what}{quoted[0]}?",
            2 => $" Did you mean {what}{quoted[0]} or {quoted[1]}?",
            _ => $" Did you mean {what}{string.Join(", ", quoted.SkipLast(1))}, or {quoted[^1]}?",
        };
    }

    /// <summary>The names at most so many edits away, the nearest first.</summary>
    public static List<string> Similar(string name, IEnumerable<string> known)
    {
        if (name.Length > MaxLength)
        {
            return [];
        }
        var threshold = (int)(name.Length * 0.4) + 1;
        var lower = name.ToLowerInvariant();
        return [.. known.Distinct()
            .Select(candidate => (Name: candidate, Distance: Distance(name, lower, candidate, threshold)))
            .Where(candidate => candidate.Distance <= threshold)
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, Comparer<string>.Create(CompareNaturally))
            .Select(candidate => candidate.Name)];
    }

    // Damerau-Levenshtein where a change of case alone is one edit.
    private static int Distance(string name, string lower, string candidate, int threshold)
    {
        if (name == candidate)
        {
            return 0;
        }
        var other = candidate.ToLowerInvariant();
        if (other == lower)
        {
            return 1;
        }
        if (Math.Abs(other.Length - lower.Length) > threshold)
        {
            return int.MaxValue;
        }
        Span<int> before = stackalloc int[MaxLength + 1];
        Span<int> above = stackalloc int[MaxLength + 1];
        Span<int> row = stackalloc int[MaxLength + 1];
        for (var j = 0; j <= lower.Length; j++)
        {
            above[j] = j;
        }
        for (var i = 1; i <= other.Length; i++)
        {
            var smallest = row[0] = i;
            for (var j = 1; j <= lower.Length; j++)
            {
                var cell = Math.Min(Math.Min(above[j], row[j - 1]) + 1, above[j - 1] + (other[i - 1] == lower[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && other[i - 1] == lower[j - 2] && other[i - 2] == lower[j - 1])
                {
                    cell = Math.Min(cell, before[j - 2] + 1);
                }
                row[j] = cell;
                smallest = Math.Min(smallest, cell);
            }
            if (smallest > threshold)
            {
                return int.MaxValue;
            }
            var spare = before;
            before = above;
            above = row;
            row = spare;
        }
        return above[lower.Length];
    }

    /// <summary>Compares so that a2 comes before a10.</summary>
    public static int CompareNaturally(string left, string right)
    {
        int i = 0, j = 0;
        while (i < left.Length && j < right.Length)
        {
            if (char.IsAsciiDigit(left[i]) && char.IsAsciiDigit(right[j]))
            {
                var difference = ReadNumber(left, ref i).CompareTo(ReadNumber(right, ref j));
                if (difference != 0)
                {
                    return difference;
                }
            }
            else
            {
                if (left[i] != right[j])
                {
                    return left[i].CompareTo(right[j]);
                }
                i++;
                j++;
            }
        }
        return left.Length - right.Length;
    }

    private static double ReadNumber(string text, ref int at)
    {
        var number = 0.0;
        for (; at < text.Length && char.IsAsciiDigit(text[at]); at++)
        {
            number = (number * 10) + (text[at] - '0');
        }
        return number;
    }
}
