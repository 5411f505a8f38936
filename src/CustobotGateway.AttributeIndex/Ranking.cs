using System.Numerics;
using CustobotGateway.AttributeIndex.Columns;

namespace CustobotGateway.AttributeIndex;

/// <summary>
/// Keeps the first documents by the sort keys, without a list of all matches: a heap as large as the page and what is before it.
/// Once it is full, rows that cannot get in are left out by their codes, in bulk.
/// </summary>
internal sealed class Ranking
{
    private struct Entry
    {
        public double Key; // of the first sort key, so that smaller is earlier; +infinity for no value
        public double Score;
        public DocumentRef Document; // its id lies elsewhere and is read only where it decides
    }

    private static readonly SortKey ById = new(SortSource.Id, 0, false);

    private Entry[] _heap = new Entry[64];
    private int _count;
    private int _capacity;
    private SearchPlan _plan = null!;
    private IndexSnapshot _snapshot = null!;
    private SortKey _first;
    private int _afterKey; // the first sort key that Entry.Key does not decide by itself

    /// <summary>How many documents came after the end of the page before.</summary>
    public long Candidates { get; private set; }

    public void Begin(SearchPlan plan, IndexSnapshot snapshot)
    {
        (_plan, _snapshot, _count, Candidates) = (plan, snapshot, 0, 0);
        _capacity = plan.Offset + plan.Size;
        _first = plan.Sort.Count > 0 ? plan.Sort[0] : ById;
        _afterKey = plan.Sort.Count > 0 && (_first.Source != SortSource.Column || snapshot.Schema.Columns[_first.Column].Kind == ColumnKind.Number) ? 1 : 0;
        if (_heap.Length < _capacity)
        {
            _heap = new Entry[_capacity];
        }
    }

    public void Add(int chunkIndex, Chunk chunk, Selection selection, double[]? scores, Scratch scratch)
    {
        if (_capacity == 0)
        {
            return;
        }
        if (_first.Source == SortSource.Column && chunk[_first.Column] is CodeColumn { Numbers: { } numbers } codes && _plan.After is null)
        {
            AddByCode(chunkIndex, chunk, selection, codes, numbers, scores, scratch);
            return;
        }
        foreach (var word in selection.Words)
        {
            for (var rest = selection.Bits[word]; rest != 0; rest &= rest - 1)
            {
                var row = (word << 6) + BitOperations.TrailingZeroCount(rest);
                var score = scores?[row] ?? 0;
                var entry = new Entry { Document = new DocumentRef(chunkIndex, row), Score = score };
                entry.Key = FirstKey(entry);
                Offer(entry);
            }
        }
    }

    private void AddByCode(int chunkIndex, Chunk chunk, Selection selection, CodeColumn codes, NumberValues numbers, double[]? scores, Scratch scratch)
    {
        Candidates += selection.Count;
        var (low, high) = (0, codes.Distinct);
        if (_count == _capacity)
        {
            (low, high) = Admitted(codes, numbers);
        }
        else if (selection.Count > 4 * _capacity)
        {
            (low, high) = Needed(codes, selection, scratch);
        }
        if (low > high)
        {
            return;
        }
        var bits = selection.Bits;
        if (low > 0 && selection.Count > 64)
        {
            bits = Having(codes, new CodeRange(low, high), selection, scratch);
        }
        foreach (var word in selection.Words)
        {
            for (var rest = bits[word]; rest != 0; rest &= rest - 1)
            {
                var row = (word << 6) + BitOperations.TrailingZeroCount(rest);
                var code = codes.CodeAt(row);
                if (code < low || code > high)
                {
                    continue;
                }
                var value = code == 0 ? double.PositiveInfinity : _first.Descending ? -numbers[code - 1] : numbers[code - 1];
                if (_count == _capacity && value > _heap[0].Key)
                {
                    continue;
                }
                var before = _count;
                if (Push(new Entry { Key = value, Document = new DocumentRef(chunkIndex, row), Score = scores?[row] ?? 0 })
                    && _count == _capacity && before == _count)
                {
                    (low, high) = Admitted(codes, numbers);
                }
            }
        }
    }

    private static ReadOnlySpan<ulong> Having(CodeColumn codes, CodeRange range, Selection selection, Scratch scratch)
    {
        var rows = scratch.Bits3;
        selection.Bits[selection.From..selection.To].CopyTo(rows.AsSpan(selection.From));
        // Rows outside of the column have no value and come last: there is no place left for them.
        rows.AsSpan(selection.From, Math.Clamp(codes.StartWord - selection.From, 0, selection.To - selection.From)).Clear();
        var end = Math.Clamp(codes.EndWord, selection.From, selection.To);
        rows.AsSpan(end, selection.To - end).Clear();
        BitKernels.And(rows, selection.From, selection.To, codes, [range]);
        return rows;
    }

    // The codes of which this chunk alone has enough rows to fill the heap, found by a coarse histogram: the heap then takes in
    // little more than what stays in it.
    private (int Low, int High) Needed(CodeColumn codes, Selection selection, Scratch scratch)
    {
        const int buckets = 256;
        var shift = Math.Max(0, BitOperations.Log2((uint)codes.Distinct) - 7);
        var counts = scratch.MoreCounts.AsSpan(0, buckets);
        var missing = 0;
        foreach (var row in selection.RowsOf(codes))
        {
            var code = codes.CodeAt(row);
            counts[code >> shift]++;
            missing += code == 0 ? 1 : 0;
        }
        counts[0] -= missing;
        var (low, high, sum) = (0, codes.Distinct, 0);
        if (_first.Descending)
        {
            for (var bucket = buckets - 1; bucket >= 0 && low == 0; bucket--)
            {
                sum += counts[bucket];
                low = sum >= _capacity ? Math.Max(1, bucket << shift) : 0;
            }
        }
        else
        {
            for (var bucket = 0; bucket < buckets && sum < _capacity; bucket++)
            {
                sum += counts[bucket];
                (low, high) = sum >= _capacity ? (1, Math.Min(codes.Distinct, ((bucket + 1) << shift) - 1)) : (0, codes.Distinct);
            }
        }
        counts.Clear();
        return (low, high);
    }

    // The codes whose values are not behind the last entry of the full heap.
    private (int Low, int High) Admitted(CodeColumn codes, NumberValues numbers)
    {
        var worst = _heap[0].Key;
        if (double.IsPositiveInfinity(worst))
        {
            return (0, codes.Distinct);
        }
        return _first.Descending ? (numbers.LowerBound(-worst) + 1, codes.Distinct) : (1, numbers.LowerBound(double.BitIncrement(worst)));
    }

    private void Offer(in Entry entry)
    {
        if (_plan.After is { } after && !IsAfter(entry, after))
        {
            return;
        }
        Candidates++;
        Push(entry);
    }

    private bool Push(in Entry entry)
    {
        if (_count < _capacity)
        {
            _heap[_count] = entry;
            for (var at = _count++; at > 0 && Before(_heap[(at - 1) / 2], _heap[at]); at = (at - 1) / 2)
            {
                (_heap[at], _heap[(at - 1) / 2]) = (_heap[(at - 1) / 2], _heap[at]);
            }
            return true;
        }
        if (!Before(entry, _heap[0]))
        {
            return false;
        }
        _heap[0] = entry;
        Sink();
        return true;
    }

    private void Sink()
    {
        for (int at = 0, child; (child = (2 * at) + 1) < _count; at = child)
        {
            if (child + 1 < _count && Before(_heap[child], _heap[child + 1]))
            {
                child++;
            }
            if (!Before(_heap[at], _heap[child]))
            {
                return;
            }
            (_heap[at], _heap[child]) = (_heap[child], _heap[at]);
        }
    }

    /// <summary>Writes the page, first document first, and where it ends.</summary>
    public void Finish(SearchResult result)
    {
        var more = Candidates > _capacity;
        var last = default(Entry);
        var any = false;
        for (var i = 0; i < _count; i++)
        {
            _snapshot.ExpectId(_heap[i].Document);
        }
        while (_count > 0)
        {
            var entry = _heap[0];
            _heap[0] = _heap[--_count];
            Sink();
            if (!any)
            {
                (last, any) = (entry, true);
            }
            if (_count >= _plan.Offset)
            {
                result.Hits.Add(new Hit(entry.Document, IdOf(entry), entry.Score));
            }
        }
        result.Hits.Reverse();
        result.End = more && any ? EndAt(last) : null;
    }

    private PageEnd EndAt(in Entry entry)
    {
        var values = new SortValue[_plan.Sort.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ValueOf(_plan.Sort[i], entry);
        }
        return new PageEnd(values, IdOf(entry));
    }

    private SortValue ValueOf(SortKey key, in Entry entry)
    {
        switch (key.Source)
        {
            case SortSource.Score:
                return new SortValue(false, entry.Score, null);
            case SortSource.Id:
                return new SortValue(false, IdOf(entry), null);
        }
        if (_snapshot.Schema.Columns[key.Column].Kind == ColumnKind.Number)
        {
            return _snapshot.TryGetNumber(entry.Document, key.Column, out var number) ? new SortValue(false, number, null) : new SortValue(true, 0, null);
        }
        var literal = Literal(key.Column, entry.Document);
        return literal.IsEmpty ? new SortValue(true, 0, null) : new SortValue(false, 0, JsonLiteral.Read(literal));
    }

    private double FirstKey(in Entry entry)
    {
        switch (_first.Source)
        {
            case SortSource.Score:
                return _first.Descending ? -entry.Score : entry.Score;
            case SortSource.Id:
                return _first.Descending ? -IdOf(entry) : IdOf(entry);
        }
        if (_snapshot.Schema.Columns[_first.Column].Kind == ColumnKind.Number)
        {
            return !_snapshot.TryGetNumber(entry.Document, _first.Column, out var number) ? double.PositiveInfinity : _first.Descending ? -number : number;
        }
        // Texts are compared as such; here only whether there is one.
        return Literal(_first.Column, entry.Document).IsEmpty ? double.PositiveInfinity : 0;
    }

    private long IdOf(in Entry entry) => _snapshot.GetId(entry.Document);

    private bool Before(in Entry left, in Entry right)
    {
        if (left.Key != right.Key)
        {
            return left.Key < right.Key;
        }
        for (var i = _afterKey; i < _plan.Sort.Count; i++)
        {
            var order = Compare(_plan.Sort[i], left, right);
            if (order != 0)
            {
                return order < 0;
            }
        }
        return IdOf(left) < IdOf(right);
    }

    private int Compare(SortKey key, in Entry left, in Entry right)
    {
        int order;
        switch (key.Source)
        {
            case SortSource.Score:
                order = left.Score.CompareTo(right.Score);
                break;
            case SortSource.Id:
                order = IdOf(left).CompareTo(IdOf(right));
                break;
            default:
                if (_snapshot.Schema.Columns[key.Column].Kind == ColumnKind.Number)
                {
                    var hasLeft = _snapshot.TryGetNumber(left.Document, key.Column, out var leftNumber);
                    var hasRight = _snapshot.TryGetNumber(right.Document, key.Column, out var rightNumber);
                    if (!hasLeft || !hasRight)
                    {
                        return hasLeft == hasRight ? 0 : hasLeft ? -1 : 1;
                    }
                    order = leftNumber.CompareTo(rightNumber);
                    break;
                }
                var leftText = Literal(key.Column, left.Document);
                var rightText = Literal(key.Column, right.Document);
                if (leftText.IsEmpty || rightText.IsEmpty)
                {
                    return leftText.IsEmpty == rightText.IsEmpty ? 0 : leftText.IsEmpty ? 1 : -1;
                }
                order = JsonLiteral.Compare(leftText, rightText);
                break;
        }
        return key.Descending ? -order : order;
    }

    private bool IsAfter(in Entry entry, PageEnd after)
    {
        for (var i = 0; i < _plan.Sort.Count; i++)
        {
            var value = ValueOf(_plan.Sort[i], entry);
            var end = after.Values[i];
            var order = value.IsMissing || end.IsMissing ? value.IsMissing.CompareTo(end.IsMissing)
                : (value.Term is null ? value.Number.CompareTo(end.Number) : CompareTexts(value.Term, end.Term ?? "")) * (_plan.Sort[i].Descending ? -1 : 1);
            if (order != 0)
            {
                return order > 0;
            }
        }
        return IdOf(entry) > after.Id;
    }

    // By code point, as the literals are; UTF-16 order differs above U+FFFF.
    private static int CompareTexts(string left, string right) =>
        System.Text.Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(right));

    private ReadOnlySpan<byte> Literal(int column, DocumentRef document)
    {
        if (_snapshot.Schema.Columns[column].Kind == ColumnKind.Text)
        {
            return _snapshot.GetTextJson(document, column);
        }
        Span<int> term = stackalloc int[1];
        return _snapshot.GetTerms(document, column, term) == 0 ? default : _snapshot.TermJson(column, term[0]);
    }
}
