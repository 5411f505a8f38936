using System.Numerics;

namespace CustobotGateway.AttributeIndex;

/// <summary>
/// The score of matching rows: Okapi BM25 (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75) over the words of the query, plus the
/// weight of each preference that is met.
/// </summary>
internal sealed class Scorer
{
    private const double K1 = 1.2;
    private const double B = 0.75;

    private readonly List<(int Start, int Count, double Weight)> _words = [];
    private readonly List<(int Root, double Weight)> _preferences = [];
    private CompiledFilter _filters = null!;
    private int _text;
    private double _averageLength;

    /// <summary>Whether any row can have a score.</summary>
    public bool IsNeeded => _words.Count > 0 || _preferences.Count > 0;

    public void Begin(SearchPlan plan, IndexSnapshot snapshot, CompiledFilter filters)
    {
        _words.Clear();
        _preferences.Clear();
        _filters = filters;
        foreach (var preference in plan.Preferences)
        {
            _preferences.Add((filters.Add(preference.Filter, snapshot), preference.Weight));
        }
        if (plan.Scoring is null)
        {
            return;
        }
        _text = filters.Add(plan.Scoring, snapshot);
        var (documents, length) = snapshot.TextTotals;
        _averageLength = documents == 0 ? 1 : (double)length / documents;
        var words = filters.Integers(filters[_text]);
        for (var i = 0; i < words.Length; i += words[i] + 1)
        {
            var frequency = 0L;
            for (var alternative = 1; alternative <= words[i]; alternative++)
            {
                foreach (var chunk in snapshot.Chunks)
                {
                    if (chunk?.Text is { } text)
                    {
                        var (start, end) = text.Find(words[i + alternative]);
                        frequency += end - start;
                    }
                }
            }
            frequency = Math.Min(frequency, documents);
            _words.Add((i, words[i], Math.Log(1 + ((documents - frequency + 0.5) / (frequency + 0.5)))));
        }
    }

    /// <summary>Writes the score of each row that is set.</summary>
    public void Score(Chunk chunk, ReadOnlySpan<ulong> bits, int from, int to, double[] scores, FilterEvaluator evaluator, ulong[] space)
    {
        for (var word = from; word < to; word++)
        {
            for (var rest = bits[word]; rest != 0; rest &= rest - 1)
            {
                scores[(word << 6) + BitOperations.TrailingZeroCount(rest)] = 0;
            }
        }
        if (chunk.Text is { } text && _words.Count > 0)
        {
            AddWords(text, bits, from, to, scores);
        }
        foreach (var (root, weight) in _preferences)
        {
            bits[from..to].CopyTo(space.AsSpan(from));
            int first = from, last = to;
            evaluator.Keep(root, chunk, space, ref first, ref last);
            for (var word = first; word < last; word++)
            {
                for (var rest = space[word]; rest != 0; rest &= rest - 1)
                {
                    scores[(word << 6) + BitOperations.TrailingZeroCount(rest)] += weight;
                }
            }
        }
    }

    private void AddWords(TextIndex text, ReadOnlySpan<ulong> bits, int from, int to, double[] scores)
    {
        var words = _filters.Integers(_filters[_text]);
        foreach (var (index, count, weight) in _words)
        {
            for (var alternative = 1; alternative <= count; alternative++)
            {
                var (start, end) = text.Find(words[index + alternative]);
                var first = text.Rows.AsSpan(start, end - start).BinarySearch((ushort)(from << 6));
                for (var i = start + (first < 0 ? ~first : first); i < end && (text.Rows[i] >> 6) < to; i++)
                {
                    var row = text.Rows[i];
                    if ((bits[row >> 6] >> (row & 63) & 1) != 0)
                    {
                        double frequency = text.Frequencies[i];
                        scores[row] += weight * frequency * (K1 + 1) / (frequency + (K1 * (1 - B + (B * text.Lengths[row] / _averageLength))));
                    }
                }
            }
        }
    }
}
