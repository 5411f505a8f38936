using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CustobotGateway.AttributeIndex.Columns;

namespace CustobotGateway.AttributeIndex;

/// <summary>The matching rows of one chunk in the forms that counting likes: bitmap, list of rows, list of non-empty words.</summary>
internal sealed class Selection
{
    private readonly ushort[] _rows = new ushort[Chunk.MaxRows];
    private readonly ushort[] _words = new ushort[Chunk.MaxWords];
    private ulong[] _bits = [];
    private int _wordCount;
    private bool _listed;

    public ReadOnlySpan<ulong> Bits => _bits;

    public int From { get; private set; }

    public int To { get; private set; }

    public int Count { get; private set; }

    /// <summary>The non-empty words.</summary>
    public ReadOnlySpan<ushort> Words => _words.AsSpan(0, _wordCount);

    public void Set(ulong[] bits, int from, int to)
    {
        (_bits, From, To, _listed, _wordCount) = (bits, from, to, false, 0);
        var count = 0;
        for (var word = from; word < to; word++)
        {
            if (bits[word] != 0)
            {
                _words[_wordCount++] = (ushort)word;
                count += BitOperations.PopCount(bits[word]);
            }
        }
        Count = count;
    }

    /// <summary>The rows that a column covers, ascending.</summary>
    public ReadOnlySpan<ushort> RowsOf(Column column)
    {
        if (!_listed)
        {
            _listed = true;
            var at = 0;
            foreach (var word in Words)
            {
                for (var rest = _bits[word]; rest != 0; rest &= rest - 1)
                {
                    _rows[at++] = (ushort)((word << 6) + BitOperations.TrailingZeroCount(rest));
                }
            }
        }
        var rows = _rows.AsSpan(0, Count);
        if (column.StartWord <= From && column.EndWord >= To)
        {
            return rows;
        }
        var start = Bound(rows, column.StartWord << 6);
        return rows[start..Math.Max(start, Bound(rows, column.EndWord << 6))];
    }

    private static int Bound(ReadOnlySpan<ushort> rows, int row)
    {
        int low = 0, high = rows.Length;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            (low, high) = rows[middle] < row ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}

/// <summary>
/// Counts one facet over chunk after chunk. Within a chunk the cheapest of three ways is taken: comparing codes in bulk (few values,
/// many rows), a look-up per row, or population counts of bitmaps.
/// </summary>
internal sealed class FacetCounter
{
    // Measured on AVX2, in the time of one row's look-up: comparing 64 codes with one value, counting one word of a bitmap,
    // and reading the terms of one row of a set.
    private const double ComparisonCost = 2.2;
    private const double BitmapCost = 0.6;
    private const double RowTermsCost = 6;

    // Facets of more distinct values are counted one after the other and give their space back, so that a request that asks for
    // many of them takes the memory of one.
    private const int HeavyValues = 65_536;

    private Dictionary<double, int> _numbers = [];
    private List<int> _touched = [];
    private readonly List<FacetCount> _heap = [];
    private int[] _terms = [];
    private long[] _keys = [];
    private FacetRequest _request = null!;
    private TermDictionary? _dictionary;

    /// <summary>Whether it has so many values that it is counted alone.</summary>
    public bool IsHeavy { get; private set; }

    public void Begin(FacetRequest request, IndexSnapshot snapshot)
    {
        _request = request;
        _dictionary = snapshot.Schema.Columns[request.Column].Kind is ColumnKind.Keyword or ColumnKind.KeywordSet ? snapshot.Dictionaries[request.Column] : null;
        IsHeavy = request.Values && ValuesIn(snapshot) > HeavyValues;
        if (_dictionary is not null && _terms.Length < _dictionary.Count && !IsHeavy)
        {
            _terms = new int[_dictionary.Count + (_dictionary.Count / 4)];
        }
    }

    private int ValuesIn(IndexSnapshot snapshot)
    {
        if (_dictionary is not null)
        {
            return _dictionary.Count;
        }
        var values = 0;
        foreach (var chunk in snapshot.Chunks)
        {
            values += chunk?[_request.Column] is CodeColumn codes ? codes.Distinct : 0;
        }
        return values;
    }

    public void Add(Chunk chunk, Selection selection, FacetResult result, Scratch scratch)
    {
        switch (chunk[_request.Column])
        {
            case CodeColumn codes:
                AddCodes(codes, selection, result, scratch);
                break;
            case SetColumn set:
                AddSet(set, selection, result, scratch);
                break;
            case { } column:
                result.Count += Covered(column, selection);
                break;
        }
    }

    public void Finish(long total, FacetResult result)
    {
        result.Missing = total - result.Count;
        if (_dictionary is not null && _dictionary.Ordered() is { } order)
        {
            FinishOrdered(order, result);
        }
        else if (_dictionary is not null)
        {
            foreach (var term in _touched)
            {
                Offer(new FacetCount(term, 0, _terms[term]), result);
                _terms[term] = 0;
            }
            _touched.Clear();
        }
        foreach (var (number, count) in _numbers)
        {
            Offer(new FacetCount(-1, number, count), result);
        }
        _numbers.Clear();
        while (_heap.Count > 0)
        {
            result.Values.Add(Pop());
        }
        result.Values.Reverse();
        foreach (var value in result.Values)
        {
            result.Other -= value.Count;
        }
        if (IsHeavy)
        {
            (_numbers, _touched, _terms, _keys) = ([], [], [], []);
        }
    }

    // Count and rank in one number, larger is better, so that the best are found by comparing numbers instead of texts.
    private void FinishOrdered(TermDictionary.Order order, FacetResult result)
    {
        if (_keys.Length < _touched.Count)
        {
            _keys = new long[_touched.Count * 2];
        }
        var keys = _keys.AsSpan(0, _touched.Count);
        var limit = Math.Min(_request.Limit, keys.Length);
        var sum = 0L;
        for (var i = 0; i < keys.Length; i++)
        {
            var term = _touched[i];
            sum += _terms[term];
            // A term that came after the order was made is not in the snapshot either.
            keys[i] = ((long)_terms[term] << 32) | (uint)(int.MaxValue - order.Ranks[term]);
            _terms[term] = 0;
        }
        result.Distinct = keys.Length;
        _touched.Clear();
        if (keys.Length > 4 * limit)
        {
            KeepLargest(keys, limit);
            keys = keys[..limit];
        }
        keys.Sort();
        for (var i = keys.Length - limit; i < keys.Length; i++)
        {
            var term = order.Terms[int.MaxValue - (int)(keys[i] & int.MaxValue)];
            var count = (int)(keys[i] >> 32);
            result.Values.Add(new FacetCount(term, 0, count));
        }
        result.Other = sum;
    }

    // Moves the largest to the front: a heap of them, the least on top.
    private static void KeepLargest(Span<long> keys, int limit)
    {
        for (var i = (limit / 2) - 1; i >= 0; i--)
        {
            Sink(keys[..limit], i);
        }
        for (var i = limit; i < keys.Length; i++)
        {
            if (keys[i] > keys[0])
            {
                keys[0] = keys[i];
                Sink(keys[..limit], 0);
            }
        }

        static void Sink(Span<long> heap, int at)
        {
            var key = heap[at];
            for (int child; (child = (2 * at) + 1) < heap.Length; at = child)
            {
                if (child + 1 < heap.Length && heap[child + 1] < heap[child])
                {
                    child++;
                }
                if (key <= heap[child])
                {
                    break;
                }
                heap[at] = heap[child];
            }
            heap[at] = key;
        }
    }

    private void AddCodes(CodeColumn codes, Selection selection, FacetResult result, Scratch scratch)
    {
        if (_request.Statistics || !_request.Values)
        {
            var (lowest, highest, count) = BitKernels.Extremes(selection.Bits, selection.From, selection.To, codes);
            if (count > 0 && codes.Numbers is { } numbers)
            {
                var (minimum, maximum) = (numbers[lowest - 1], numbers[highest - 1]);
                (result.Minimum, result.Maximum) = result.Count == 0 ? (minimum, maximum) : (Math.Min(result.Minimum, minimum), Math.Max(result.Maximum, maximum));
            }
            result.Count += count;
        }
        AddRanges(codes, selection, result);
        if (!_request.Values)
        {
            return;
        }
        var counts = scratch.CodeCounts.AsSpan(0, codes.Distinct + 1);
        var filled = 0;
        if (codes.Narrow is not null && codes.Distinct * selection.Words.Length * ComparisonCost < selection.Count)
        {
            BitKernels.CountByComparison(selection.Bits, selection.From, selection.To, codes, counts);
            filled = Flush(codes, counts);
        }
        else
        {
            var rows = selection.RowsOf(codes);
            if (rows.Length < codes.Distinct / 4)
            {
                filled = AddRows(codes, rows);
            }
            else
            {
                BitKernels.CountByGather(rows, codes, counts, scratch.MoreCounts);
                counts[0] = 0;
                filled = Flush(codes, counts);
            }
        }
        result.Count += _request.Statistics ? 0 : filled;
    }

    private int Flush(CodeColumn codes, Span<int> counts)
    {
        var filled = 0;
        var code = 1;
        // Most codes of a large dictionary have no row here: eight are passed over at once.
        for (; code + Vector256<int>.Count <= counts.Length; code += Vector256<int>.Count)
        {
            if (Vector256.Create(counts.Slice(code, Vector256<int>.Count)) != Vector256<int>.Zero)
            {
                filled += FlushSome(codes, counts, code, code + Vector256<int>.Count);
            }
        }
        return filled + FlushSome(codes, counts, code, counts.Length);
    }

    private int FlushSome(CodeColumn codes, Span<int> counts, int code, int end)
    {
        var filled = 0;
        for (; code < end; code++)
        {
            var count = counts[code];
            if (count > 0)
            {
                filled += count;
                counts[code] = 0;
                AddValue(codes, code, count);
            }
        }
        return filled;
    }

    private int AddRows(CodeColumn codes, ReadOnlySpan<ushort> rows)
    {
        var filled = 0;
        foreach (var row in rows)
        {
            var code = codes.CodeAt(row);
            if (code > 0)
            {
                filled++;
                AddValue(codes, code, 1);
            }
        }
        return filled;
    }

    private void AddValue(CodeColumn codes, int code, int count)
    {
        if (codes.Terms is { } terms)
        {
            AddTerm(terms[code - 1], count);
        }
        else
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_numbers, codes.Numbers![code - 1], out _) += count;
        }
    }

    private void AddTerm(int term, int count)
    {
        if (term >= _terms.Length)
        {
            Array.Resize(ref _terms, term + (term / 4) + 1);
        }
        if (_terms[term] == 0)
        {
            _touched.Add(term);
        }
        _terms[term] += count;
    }

    private void AddSet(SetColumn set, Selection selection, FacetResult result, Scratch scratch)
    {
        result.Count += Covered(set, selection);
        if (!_request.Values)
        {
            return;
        }
        if (set.Bitmaps is null || set.Terms.Length * selection.Words.Length * BitmapCost > selection.Count * RowTermsCost)
        {
            var counts = scratch.CodeCounts.AsSpan(0, set.Terms.Length);
            foreach (var row in selection.RowsOf(set))
            {
                foreach (var index in set.TermsOf(row))
                {
                    counts[index]++;
                }
            }
            for (var index = 0; index < counts.Length; index++)
            {
                if (counts[index] > 0)
                {
                    AddTerm(set.Terms[index], counts[index]);
                    counts[index] = 0;
                }
            }
            return;
        }
        var words = selection.Words;
        int from = 0, to = words.Length;
        while (from < to && words[from] < set.StartWord)
        {
            from++;
        }
        while (to > from && words[to - 1] >= set.EndWord)
        {
            to--;
        }
        words = words[from..to];
        if (words.IsEmpty)
        {
            return;
        }
        for (var index = 0; index < set.Terms.Length; index++)
        {
            var count = CountBitmap(selection.Bits, words, set.Bitmap(index), set.StartWord);
            if (count > 0)
            {
                AddTerm(set.Terms[index], count);
            }
        }
    }

    private static int CountBitmap(ReadOnlySpan<ulong> bits, ReadOnlySpan<ushort> words, ReadOnlySpan<ulong> bitmap, int startWord)
    {
        ref var rows = ref MemoryMarshal.GetReference(bits);
        ref var having = ref MemoryMarshal.GetReference(bitmap);
        var count = 0;
        if (words[^1] - words[0] < 2 * words.Length)
        {
            return BitKernels.CountAnd(ref Unsafe.Add(ref rows, words[0]), ref Unsafe.Add(ref having, words[0] - startWord), words[^1] - words[0] + 1);
        }
        foreach (var word in words)
        {
            count += BitOperations.PopCount(Unsafe.Add(ref rows, word) & Unsafe.Add(ref having, word - startWord));
        }
        return count;
    }

    private void AddRanges(CodeColumn codes, Selection selection, FacetResult result)
    {
        for (var i = 0; i < _request.Ranges.Count; i++)
        {
            var (first, last) = codes.CodesBetween(_request.Ranges[i].From, double.BitDecrement(_request.Ranges[i].To));
            if (first > last)
            {
                continue;
            }
            foreach (var word in selection.Words)
            {
                if (word >= codes.StartWord && word < codes.EndWord)
                {
                    result.Ranges[i] += BitOperations.PopCount(selection.Bits[word] & BitKernels.WordInRange(codes, word, first, last));
                }
            }
        }
    }

    private static int Covered(Column column, Selection selection)
    {
        var count = 0;
        foreach (var word in selection.Words)
        {
            if (word >= column.StartWord && word < column.EndWord)
            {
                count += BitOperations.PopCount(selection.Bits[word] & column.Present(word));
            }
        }
        return count;
    }

    // A heap of the best values so far, the least of them on top.
    private void Offer(in FacetCount value, FacetResult result)
    {
        result.Distinct++;
        result.Other += value.Count;
        if (_heap.Count < _request.Limit)
        {
            _heap.Add(value);
            for (var at = _heap.Count - 1; at > 0 && Better(_heap[(at - 1) / 2], _heap[at]); at = (at - 1) / 2)
            {
                (_heap[at], _heap[(at - 1) / 2]) = (_heap[(at - 1) / 2], _heap[at]);
            }
        }
        else if (Better(value, _heap[0]))
        {
            _heap[0] = value;
            Sink();
        }
    }

    private FacetCount Pop()
    {
        var least = _heap[0];
        _heap[0] = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        Sink();
        return least;
    }

    private void Sink()
    {
        for (int at = 0, child; (child = (2 * at) + 1) < _heap.Count; at = child)
        {
            if (child + 1 < _heap.Count && Better(_heap[child], _heap[child + 1]))
            {
                child++;
            }
            if (!Better(_heap[at], _heap[child]))
            {
                return;
            }
            (_heap[at], _heap[child]) = (_heap[child], _heap[at]);
        }
    }

    // By count, descending, then by value, ascending.
    private bool Better(in FacetCount left, in FacetCount right) =>
        left.Count != right.Count ? left.Count > right.Count
        : _dictionary is not null ? _dictionary.Compare(left.Term, right.Term) < 0
        : left.Number < right.Number;
}
