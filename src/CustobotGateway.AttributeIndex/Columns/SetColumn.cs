using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CustobotGateway.AttributeIndex.Columns;

/// <summary>
/// A column of several terms a row: the terms of each row as a list, for few rows, and the rows of each term, for many: as bitmaps
/// while there are few distinct terms (at most 64), so that a condition is an OR and a count a population count, else as lists.
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

    /// <summary>Where the terms of each word's rows begin in <see cref="RowTerms"/>, one more at the end.</summary>
    public required int[] WordStarts { get; init; }

    /// <summary>How far behind the word's start each row's terms end; rows from 64 * StartWord.</summary>
    public required ushort[] RowEnds { get; init; }

    /// <summary>Indexes into <see cref="Terms"/>, row by row.</summary>
    public required ushort[] RowTerms { get; init; }

    /// <summary>Where each term's rows begin in <see cref="TermRows"/>, one more at the end.</summary>
    public int[]? TermStarts { get; init; }

    /// <summary>Rows of the chunk, term by term.</summary>
    public ushort[]? TermRows { get; init; }

    public int Words => EndWord - StartWord;

    public override long MemoryBytes =>
        96 + (4L * Terms.Length) + (8L * Any.Length) + (8L * (Bitmaps?.Length ?? 0)) + (4L * WordStarts.Length) + (2L * RowEnds.Length) + (2L * RowTerms.Length)
        + (4L * (TermStarts?.Length ?? 0)) + (2L * (TermRows?.Length ?? 0));

    public override bool Has(int row) => Covers(row) && (Present(row >> 6) >> (row & 63) & 1) != 0;

    public override ulong Present(int word) => Any[word - StartWord];

    public override void Expect(int row)
    {
        if (Covers(row))
        {
            Ahead.Line(ref RowEnds[row - (StartWord << 6)]);
            Ahead.Line(ref WordStarts[(row >> 6) - StartWord]);
        }
        Ahead.Object(Terms);
    }

    public override void ExpectRows(ReadOnlySpan<ushort> rows)
    {
        var first = (nint)(StartWord << 6);
        ref var ends = ref MemoryMarshal.GetArrayDataReference(RowEnds);
        foreach (var row in rows)
        {
            Ahead.Line(ref Unsafe.Add(ref ends, row - first));
        }
    }

    public override void ExpectValue(int row)
    {
        if (Covers(row))
        {
            var at = row - (StartWord << 6);
            Ahead.Line(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(RowTerms), WordStarts[at >> 6] + RowEnds[at]));
        }
    }

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
        foreach (var index in TermsOf(row))
        {
            if (count < terms.Length)
            {
                terms[count++] = Terms[index];
            }
        }
        return count;
    }

    /// <summary>The indexes into <see cref="Terms"/> of a covered row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<ushort> TermsOf(int row)
    {
        var at = row - (StartWord << 6);
        var word = WordStarts[at >> 6];
        var start = (at & 63) == 0 ? 0 : RowEnds[at - 1];
        return RowTerms.AsSpan(word + start, RowEnds[at] - start);
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
        var wordStarts = new int[words + 1];
        var rowEnds = new ushort[words << 6];
        var rowTerms = new ushort[pairs.Length];
        var termStarts = new int[terms.Length + 1];
        for (int at = 0, i = 0; at < rowEnds.Length; at++)
        {
            if ((at & 63) == 0)
            {
                wordStarts[at >> 6] = i;
            }
            for (; i < pairs.Length && pairs[i].Row == at + firstRow; i++)
            {
                rowTerms[i] = (ushort)Array.BinarySearch(terms, pairs[i].Term);
                termStarts[rowTerms[i] + 1]++;
            }
            rowEnds[at] = (ushort)(i - wordStarts[at >> 6]);
        }
        wordStarts[words] = pairs.Length;
        var column = new SetColumn
        {
            StartWord = startWord,
            EndWord = endWord,
            Filled = filled,
            Terms = terms,
            Any = any,
            WordStarts = wordStarts,
            RowEnds = rowEnds,
            RowTerms = rowTerms,
            Bitmaps = terms.Length <= MaxBitmaps ? new ulong[words * terms.Length] : null,
            TermStarts = terms.Length <= MaxBitmaps ? null : termStarts,
            TermRows = terms.Length <= MaxBitmaps ? null : new ushort[pairs.Length],
        };
        column.FillTerms(pairs);
        return column;
    }

    private void FillTerms(ReadOnlySpan<(ushort Row, int Term)> pairs)
    {
        if (Bitmaps is not null)
        {
            for (var i = 0; i < pairs.Length; i++)
            {
                Bitmaps[(RowTerms[i] * Words) + (pairs[i].Row >> 6) - StartWord] |= 1UL << (pairs[i].Row & 63);
            }
            return;
        }
        for (var i = 1; i < TermStarts!.Length; i++)
        {
            TermStarts[i] += TermStarts[i - 1];
        }
        var next = TermStarts[..^1];
        for (var i = 0; i < pairs.Length; i++)
        {
            TermRows![next[RowTerms[i]]++] = pairs[i].Row;
        }
    }
}
