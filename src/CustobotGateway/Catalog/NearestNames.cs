namespace CustobotGateway.Catalog;

/// <summary>Finds the names that a misspelt one may have meant.</summary>
public static class NearestNames
{
    private const int LongestCompared = 64;

    /// <summary>The names nearest to the text, best first: those that hold it or that it holds, then by the fewest edits (insert, delete, replace, swap).</summary>
    /// <param name="text">What was asked for.</param>
    /// <param name="names">What there is.</param>
    /// <param name="count">How many at most.</param>
    public static IReadOnlyList<string> Find(string text, IEnumerable<string> names, int count = 3)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(names);
        var wanted = Fold(text);
        var best = new PriorityQueue<string, (int Distance, string Name)>(
            Comparer<(int Distance, string Name)>.Create((a, b) => a.Distance != b.Distance ? b.Distance - a.Distance : string.CompareOrdinal(b.Name, a.Name)));
        foreach (var name in names)
        {
            best.Enqueue(name, (Distance(wanted, Fold(name)), name));
            if (best.Count > count)
            {
                best.Dequeue();
            }
        }
        var found = new string[best.Count];
        for (var i = found.Length - 1; i >= 0; i--)
        {
            found[i] = best.Dequeue();
        }
        return found;
    }

    private static string Fold(string name) =>
        (name.Length > LongestCompared ? name[..LongestCompared] : name).ToLowerInvariant().Replace('-', '_').Replace(' ', '_');

    /// <summary>Optimal string alignment distance in thirds of an edit; a name that holds the other counts the difference in length as a third each.</summary>
    private static int Distance(string left, string right)
    {
        if (left.Length >= 3 && right.Contains(left, StringComparison.Ordinal))
        {
            return right.Length - left.Length;
        }
        if (right.Length >= 3 && left.Contains(right, StringComparison.Ordinal))
        {
            return left.Length - right.Length + 1;
        }
        Span<int> before = stackalloc int[LongestCompared + 1];
        Span<int> previous = stackalloc int[LongestCompared + 1];
        Span<int> current = stackalloc int[LongestCompared + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            previous[j] = j;
        }
        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1] + 1, previous[j] + 1), previous[j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
                }
            }
            previous.CopyTo(before);
            current.CopyTo(previous);
        }
        return previous[right.Length] * 3;
    }
}
