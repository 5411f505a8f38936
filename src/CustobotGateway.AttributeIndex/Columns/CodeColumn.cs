using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CustobotGateway.AttributeIndex.Columns;

/// <summary>
/// A column of single values: a code for each row, 0 for none, else 1 + the rank of the value among the chunk's distinct values
/// (numbers by size, terms by dictionary number). So a range of values is a range of codes, exactly, and one byte (at most 255
/// distinct) or two are compared 32 or 16 at a time.
/// </summary>
internal sealed class CodeColumn : Column
{
    /// <summary>One byte a row, from row 64 * StartWord; null where <see cref="Wide"/> holds the codes.</summary>
    public byte[]? Narrow { get; init; }

    /// <summary>Two bytes a row.</summary>
    public ushort[]? Wide { get; init; }

    /// <summary>The distinct numbers; null for terms.</summary>
    public NumberValues? Numbers { get; init; }

    /// <summary>The distinct terms by dictionary number, ascending; null for numbers.</summary>
    public int[]? Terms { get; init; }

    /// <summary>How many rows have each code, for codes 1 to n at 0 to n-1; null where there are more than 255.</summary>
    public ushort[]? Histogram { get; init; }

    public int Distinct => Terms?.Length ?? Numbers!.Count;

    public override long MemoryBytes =>
        96 + (Narrow?.Length ?? 2L * Wide!.Length) + (Numbers?.MemoryBytes ?? 0) + (4L * (Terms?.Length ?? 0)) + (2L * (Histogram?.Length ?? 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CodeAt(int row)
    {
        var at = row - (StartWord << 6);
        return Narrow is { } narrow
            ? (uint)at < (uint)narrow.Length ? narrow[at] : 0
            : (uint)at < (uint)Wide!.Length ? Wide[at] : 0;
    }

    public override bool Has(int row) => CodeAt(row) != 0;

    public override void Expect(int row)
    {
        var at = Math.Max(0, row - (StartWord << 6));
        if (Narrow is { } narrow)
        {
            Ahead.Line(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(narrow), at));
        }
        else
        {
            Ahead.Line(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Wide!), at));
        }
        Ahead.Object(Terms);
        Ahead.Object(Numbers);
    }

    public override void ExpectValues()
    {
        Ahead.Object(Terms);
        Ahead.Object(Histogram);
        Ahead.Object(Numbers);
    }

    public override void ExpectRows(ReadOnlySpan<ushort> rows)
    {
        var first = (nint)(StartWord << 6);
        if (Narrow is { } narrow)
        {
            ref var codes = ref MemoryMarshal.GetArrayDataReference(narrow);
            foreach (var row in rows)
            {
                Ahead.Line(ref Unsafe.Add(ref codes, row - first));
            }
        }
        else
        {
            ref var codes = ref MemoryMarshal.GetArrayDataReference(Wide!);
            foreach (var row in rows)
            {
                Ahead.Line(ref Unsafe.Add(ref codes, row - first));
            }
        }
    }

    public override void ExpectValue(int row)
    {
        if (CodeAt(row) is not (> 0 and var code))
        {
            return;
        }
        if (Terms is { } terms)
        {
            Ahead.Line(ref terms[code - 1]);
        }
        else
        {
            Numbers!.Expect(code - 1);
        }
    }

    public override ulong Present(int word) => ~BitKernels.WordInRange(this, word, 0, 0);

    /// <summary>The code of a term, or 0.</summary>
    public int CodeOfTerm(int term)
    {
        var index = Array.BinarySearch(Terms!, term);
        return index < 0 ? 0 : index + 1;
    }

    /// <summary>The codes of the numbers between two bounds, inclusive; an empty range when first &gt; last.</summary>
    public (int First, int Last) CodesBetween(double minimum, double maximum)
    {
        var first = double.IsNegativeInfinity(minimum) ? 0 : Numbers!.LowerBound(minimum);
        var end = double.IsPositiveInfinity(maximum) ? Numbers!.Count : Numbers!.LowerBound(double.BitIncrement(maximum));
        return (first + 1, end);
    }

    /// <summary>An estimate, exact for narrow columns, of the rows with a code in a range.</summary>
    public int Estimate(int first, int last)
    {
        if (last < first)
        {
            return 0;
        }
        if (Histogram is null)
        {
            return (int)((long)Filled * (last - first + 1) / Distinct) + 1;
        }
        var sum = 0;
        for (var code = first; code <= last; code++)
        {
            sum += Histogram[code - 1];
        }
        return sum;
    }

    /// <summary>
    /// This column with other values in some rows. The distinct values are merged and the codes shifted, which costs a pass over
    /// the codes instead of sorting the column again; values that no row has any more stay until the chunk is rebuilt.
    /// </summary>
    public CodeColumn WithNumbers(ReadOnlySpan<(int Row, double? Value)> changes)
    {
        var added = new List<double>();
        foreach (var (_, value) in changes)
        {
            if (value is { } number)
            {
                var at = Numbers!.LowerBound(number);
                if (at == Numbers.Count || Numbers[at] != number)
                {
                    added.Add(number);
                }
            }
        }
        var values = Numbers!;
        var remap = Array.Empty<ushort>();
        if (added.Count > 0)
        {
            added.Sort();
            var merged = new List<double>(values.Count + added.Count);
            remap = new ushort[values.Count + 1];
            for (int old = 0, next = 0; old < values.Count || next < added.Count;)
            {
                if (next < added.Count && (old == values.Count || added[next] < values[old]))
                {
                    if (merged.Count == 0 || merged[^1] != added[next])
                    {
                        merged.Add(added[next]);
                    }
                    next++;
                }
                else
                {
                    merged.Add(values[old]);
                    remap[++old] = (ushort)merged.Count;
                }
            }
            values = NumberValues.Create(CollectionsMarshal.AsSpan(merged));
        }
        var codes = new (int Row, int Code)[changes.Length];
        for (var i = 0; i < changes.Length; i++)
        {
            codes[i] = (changes[i].Row, changes[i].Value is { } number ? values.LowerBound(number) + 1 : 0);
        }
        return Recode(remap, codes, values, null);
    }

    /// <summary>This column with other terms in some rows; -1 for none.</summary>
    public CodeColumn WithTerms(ReadOnlySpan<(int Row, int Term)> changes)
    {
        var added = new SortedSet<int>();
        foreach (var (_, term) in changes)
        {
            if (term >= 0 && CodeOfTerm(term) == 0)
            {
                added.Add(term);
            }
        }
        var terms = Terms!;
        var remap = Array.Empty<ushort>();
        if (added.Count > 0)
        {
            int[] merged = [.. terms, .. added];
            Array.Sort(merged);
            remap = new ushort[terms.Length + 1];
            for (var i = 0; i < terms.Length; i++)
            {
                remap[i + 1] = (ushort)(Array.BinarySearch(merged, terms[i]) + 1);
            }
            terms = merged;
        }
        var codes = new (int Row, int Code)[changes.Length];
        for (var i = 0; i < changes.Length; i++)
        {
            codes[i] = (changes[i].Row, changes[i].Term < 0 ? 0 : Array.BinarySearch(terms, changes[i].Term) + 1);
        }
        return Recode(remap, codes, null, terms);
    }

    private CodeColumn Recode(ushort[] remap, ReadOnlySpan<(int Row, int Code)> changes, NumberValues? numbers, int[]? terms)
    {
        int startWord = StartWord, endWord = EndWord;
        foreach (var (row, _) in changes)
        {
            startWord = Math.Min(startWord, row >> 6);
            endWord = Math.Max(endWord, (row >> 6) + 1);
        }
        var rows = new ushort[(endWord - startWord) << 6];
        var shift = (StartWord - startWord) << 6;
        if (Narrow is { } narrow)
        {
            for (var i = 0; i < narrow.Length; i++)
            {
                rows[shift + i] = remap.Length == 0 ? narrow[i] : remap[narrow[i]];
            }
        }
        else
        {
            for (var i = 0; i < Wide!.Length; i++)
            {
                rows[shift + i] = remap.Length == 0 ? Wide[i] : remap[Wide[i]];
            }
        }
        foreach (var (row, code) in changes)
        {
            rows[row - (startWord << 6)] = (ushort)code;
        }
        return FromCodes(startWord, endWord, rows, numbers, terms);
    }

    /// <summary>A column of these codes, in one byte a row where that is enough.</summary>
    public static CodeColumn FromCodes(int startWord, int endWord, ReadOnlySpan<ushort> codes, NumberValues? numbers, int[]? terms)
    {
        var distinct = terms?.Length ?? numbers!.Count;
        var filled = codes.Length - codes.Count((ushort)0);
        if (distinct > byte.MaxValue)
        {
            return new CodeColumn { StartWord = startWord, EndWord = endWord, Filled = filled, Wide = codes.ToArray(), Numbers = numbers, Terms = terms };
        }
        var narrow = new byte[codes.Length];
        var histogram = new ushort[distinct + 1];
        for (var i = 0; i < codes.Length; i++)
        {
            narrow[i] = (byte)codes[i];
            if (codes[i] != 0)
            {
                histogram[codes[i] - 1]++;
            }
        }
        return new CodeColumn
        {
            StartWord = startWord,
            EndWord = endWord,
            Filled = filled,
            Narrow = narrow,
            Numbers = numbers,
            Terms = terms,
            Histogram = histogram[..distinct],
        };
    }
}
