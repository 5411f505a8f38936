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

    /// <summary>The non-empty words that a column covers.</summary>
    public ReadOnlySpan<ushort> WordsOf(Column column)
    {
        var words = Words;
        if (column.StartWord <= From && column.EndWord >= To)
        {
            return words;
        }
        var start = Bound(words, column.StartWord);
        return words[start..Math.Max(start, Bound(words, column.EndWord))];
    }

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
    private readonly List<FacetCount> _heap = [];

    // How often each term was seen, and the terms that were: room for one more than all.
    private int[] _terms = [];
    private int[] _touched = [0];
    private int _touchedCount;
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
        if (_dictionary is not null && !IsHeavy)
        {
            MakeRoom(_dictionary.Count);
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
            foreach (var term in _touched.AsSpan(0, _touchedCount))
            {
                Offer(new FacetCount(term, 0, _terms[term]), result);
                _terms[term] = 0;
            }
            _touchedCount = 0;
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
            (_numbers, _touched, _terms, _keys) = ([], [0], [], []);
        }
    }

    // Count and rank in one number, larger is better, so that the best are found by comparing numbers instead of texts.
    private void FinishOrdered(TermDictionary.Order order, FacetResult result)
    {
        if (_keys.Length < _touchedCount)
        {
            _keys = new long[_touchedCount * 2];
        }
        var keys = _keys.AsSpan(0, _touchedCount);
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
        _touchedCount = 0;
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

    // Takes over what was counted by code, and clears it.
    private int Flush(CodeColumn codes, Span<int> counts)
    {
        var filled = 0;
        if (codes.Terms is { } terms)
        {
            MakeRoom(terms[^1] + 1);
        }
        var code = 1;
        // Most codes of a large dictionary have no row here: eight are looked at at once, and only those that have some are visited.
        for (; code + Vector256<int>.Count <= counts.Length; code += Vector256<int>.Count)
        {
            var some = Vector256.Create(counts.Slice(code, Vector256<int>.Count));
            for (var having = ~Vector256.Equals(some, Vector256<int>.Zero).ExtractMostSignificantBits() & byte.MaxValue; having != 0; having &= having - 1)
            {
                filled += Take(codes, ref counts[code + BitOperations.TrailingZeroCount(having)], code + BitOperations.TrailingZeroCount(having));
            }
        }
        for (; code < counts.Length; code++)
        {
            filled += counts[code] > 0 ? Take(codes, ref counts[code], code) : 0;
        }
        return filled;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Take(CodeColumn codes, ref int counted, int code)
    {
        var count = counted;
        counted = 0;
        AddValue(codes, code, count);
        return count;
    }

    private int AddRows(CodeColumn codes, ReadOnlySpan<ushort> rows)
    {
        var filled = 0;
        if (codes.Terms is { } terms)
        {
            MakeRoom(terms[^1] + 1);
        }
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

    // Room was made. Without a branch: whether a term is new cannot be foretold.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddTerm(int term, int count)
    {
        ref var sum = ref _terms[term];
        _touched[_touchedCount] = term;
        _touchedCount += sum == 0 ? 1 : 0;
        sum += count;
    }

    // A term may be in a chunk that is not in the dictionary's count of a moment ago.
    private void MakeRoom(int terms)
    {
        if (_terms.Length < terms)
        {
            Array.Resize(ref _terms, terms + (terms / 4));
            Array.Resize(ref _touched, _terms.Length + 1);
        }
    }

    private void AddSet(SetColumn set, Selection selection, FacetResult result, Scratch scratch)
    {
        if (!_request.Values)
        {
            result.Count += Covered(set, selection);
            return;
        }
        MakeRoom(set.Terms[^1] + 1);
        if (set.Bitmaps is null || set.Terms.Length * selection.Words.Length * BitmapCost > selection.Count * RowTermsCost)
        {
            result.Count += AddTermsOfRows(set, selection.RowsOf(set), scratch.CodeCounts.AsSpan(0, set.Terms.Length));
            return;
        }
        result.Count += Covered(set, selection);
        var words = selection.WordsOf(set);
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

    private int AddTermsOfRows(SetColumn set, ReadOnlySpan<ushort> rows, Span<int> counts)
    {
        const int ahead = 8;
        var filled = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (i + ahead < rows.Length)
            {
                set.ExpectValue(rows[i + ahead]);
            }
            var terms = set.TermsOf(rows[i]);
            filled += terms.IsEmpty ? 0 : 1;
            foreach (var index in terms)
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
        return filled;
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
