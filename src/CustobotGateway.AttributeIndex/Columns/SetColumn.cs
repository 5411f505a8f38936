namespace CustobotGateway.AttributeIndex.Columns;

/// <summary>
/// A column of several terms a row. Few distinct terms (at most 64): one bitmap a term, so that a condition is an OR and a count a
/// population count. Many: lists in both directions, terms of each row and rows of each term.
/// </summary>
internal sealed class SetColumn : Column
{
    /// <summary>The most distinct terms that are kept as bitmaps.</summary>
    public const int MaxBitmaps = 64;

    /// <summary>The distinct terms by dictionary number, ascending.</summary>
    public required int[] Terms { get; init; }

    /// <summary>Rows with any term; words from StartWord.</summary>
    public required ulong[] Any { get; init; }

    /// <summary>Term by term, each EndWord - StartWord words; null where lists are kept.</summary>
    public ulong[]? Bitmaps { get; init; }

    /// <summary>Where each row's terms begin in <see cref="RowTerms"/>, one more at the end; rows from 64 * StartWord.</summary>
    public int[]? RowStarts { get; init; }

    /// <summary>Indexes into <see cref="Terms"/>, row by row.</summary>
    public ushort[]? RowTerms { get; init; }

    /// <summary>Where each term's rows begin in <see cref="TermRows"/>, one more at the end.</summary>
    public int[]? TermStarts { get; init; }

    /// <summary>Rows of the chunk, term by term.</summary>
    public ushort[]? TermRows { get; init; }

    public int Words => EndWord - StartWord;

    public override long MemoryBytes =>
        96 + (4L * Terms.Length) + (8L * Any.Length) + (8L * (Bitmaps?.Length ?? 0)) + (4L * (RowStarts?.Length ?? 0)) + (2L * (RowTerms?.Length ?? 0))
        + (4L * (TermStarts?.Length ?? 0)) + (2L * (TermRows?.Length ?? 0));

    public override bool Has(int row) => Covers(row) && (Present(row >> 6) >> (row & 63) & 1) != 0;

    public override ulong Present(int word) => Any[word - StartWord];

    public ReadOnlySpan<ulong> Bitmap(int index) => Bitmaps.AsSpan(index * Words, Words);

    public int IndexOf(int term) => Array.BinarySearch(Terms, term);

    /// <summary>Writes the row's terms as dictionary numbers; returns how many.</summary>
    public int CopyTerms(int row, Span<int> terms)
    {
        if (!Has(row))
        {
            return 0;
        }
        var count = 0;
        var at = row - (StartWord << 6);
        if (Bitmaps is null)
        {
            for (var i = RowStarts![at]; i < RowStarts[at + 1] && count < terms.Length; i++)
            {
                terms[count++] = Terms[RowTerms![i]];
            }
            return count;
        }
        for (var index = 0; index < Terms.Length && count < terms.Length; index++)
        {
            if ((Bitmaps[(index * Words) + (at >> 6)] >> (at & 63) & 1) != 0)
            {
                terms[count++] = Terms[index];
            }
        }
        return count;
    }

    /// <summary>A column of these (row, term) pairs, ordered by row and then term, without repeats.</summary>
    public static SetColumn Create(ReadOnlySpan<(ushort Row, int Term)> pairs, int[] terms)
    {
        int startWord = pairs[0].Row >> 6, endWord = (pairs[^1].Row >> 6) + 1, words = endWord - startWord, firstRow = startWord << 6;
        var any = new ulong[words];
        foreach (var (row, _) in pairs)
        {
            any[(row >> 6) - startWord] |= 1UL << (row & 63);
        }
        var filled = 0;
        foreach (var word in any)
        {
            filled += System.Numerics.BitOperations.PopCount(word);
        }
        if (terms.Length <= MaxBitmaps)
        {
            var bitmaps = new ulong[words * terms.Length];
            foreach (var (row, term) in pairs)
            {
                bitmaps[(Array.BinarySearch(terms, term) * words) + (row >> 6) - startWord] |= 1UL << (row & 63);
            }
            return new SetColumn { StartWord = startWord, EndWord = endWord, Filled = filled, Terms = terms, Any = any, Bitmaps = bitmaps };
        }
        var rowStarts = new int[(words << 6) + 1];
        var rowTerms = new ushort[pairs.Length];
        var termStarts = new int[terms.Length + 1];
        for (var i = 0; i < pairs.Length; i++)
        {
            rowTerms[i] = (ushort)Array.BinarySearch(terms, pairs[i].Term);
            rowStarts[pairs[i].Row - firstRow + 1]++;
            termStarts[rowTerms[i] + 1]++;
        }
        for (var i = 1; i < rowStarts.Length; i++)
        {
            rowStarts[i] += rowStarts[i - 1];
        }
        for (var i = 1; i < termStarts.Length; i++)
        {
            termStarts[i] += termStarts[i - 1];
        }
        var next = termStarts.AsSpan(0, terms.Length).ToArray();
        var termRows = new ushort[pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            termRows[next[rowTerms[i]]++] = pairs[i].Row;
        }
        return new SetColumn
        {
            StartWord = startWord,
            EndWord = endWord,
            Filled = filled,
            Terms = terms,
            Any = any,
            RowStarts = rowStarts,
            RowTerms = rowTerms,
            TermStarts = termStarts,
            TermRows = termRows,
        };
    }
}
