using System.Numerics;
using CustobotGateway.AttributeIndex.Columns;

namespace CustobotGateway.AttributeIndex;

/// <summary>
/// Narrows a bitmap of one chunk's rows to those that meet a compiled filter. Conditions of a conjunction run from the one that
/// leaves the fewest rows; each works only on what those before it left.
/// </summary>
internal sealed class FilterEvaluator(CompiledFilter filter)
{
    private const int MaxOrdered = 64;
    private const int MaxRanges = 8;
    private readonly Stack<ulong[]> _spare = [];
    private readonly bool[] _table = new bool[Chunk.MaxRows + 1];

    /// <summary>Keeps in the words from..to the rows that match; moves both ends inwards; false when nothing is left.</summary>
    public bool Keep(int root, Chunk chunk, Span<ulong> bits, ref int from, ref int to)
    {
        ref readonly var node = ref filter[root];
        switch (node.Kind)
        {
            case NodeKind.All:
                return KeepAll(node, chunk, bits, ref from, ref to);
            case NodeKind.Any:
                KeepAny(node, chunk, bits, from, to);
                break;
            case NodeKind.Not:
                KeepNot(node, chunk, bits, from, to);
                break;
            case NodeKind.Text:
                KeepText(node, chunk, bits, from, to);
                break;
            default:
                KeepLeaf(node, chunk, bits, from, to);
                break;
        }
        return BitKernels.Shrink(bits, ref from, ref to);
    }

    private bool KeepAll(in Node group, Chunk chunk, Span<ulong> bits, ref int from, ref int to)
    {
        if (group.Count is 0 or > MaxOrdered)
        {
            for (var child = group.FirstChild; child >= 0; child = filter[child].NextSibling)
            {
                if (!Keep(child, chunk, bits, ref from, ref to))
                {
                    return false;
                }
            }
            return from < to;
        }
        Span<(int Rows, int Node)> order = stackalloc (int, int)[group.Count];
        var count = 0;
        for (var child = group.FirstChild; child >= 0; child = filter[child].NextSibling)
        {
            var rows = Estimate(filter[child], chunk);
            if (rows == 0)
            {
                bits[from..to].Clear();
                return false;
            }
            if (count == 0)
            {
                Expect(child, chunk);
            }
            var at = count++;
            for (; at > 0 && order[at - 1].Rows > rows; at--)
            {
                order[at] = order[at - 1];
            }
            order[at] = (rows, child);
        }
        foreach (var (_, child) in order)
        {
            if (!Keep(child, chunk, bits, ref from, ref to))
            {
                return false;
            }
        }
        return true;
    }

    // Most chunks end at the first condition; where that leaves rows, the columns of the others are asked for together.
    private void Expect(int first, Chunk chunk)
    {
        for (var child = filter[first].NextSibling; child >= 0; child = filter[child].NextSibling)
        {
            chunk.Expect(filter[child].Column);
        }
        for (var child = filter[first].NextSibling; child >= 0; child = filter[child].NextSibling)
        {
            chunk[filter[child].Column]?.ExpectValues();
        }
    }

    private void KeepAny(in Node group, Chunk chunk, Span<ulong> bits, int from, int to)
    {
        var union = Rent();
        var part = Rent();
        union.AsSpan(from, to - from).Clear();
        for (var child = group.FirstChild; child >= 0; child = filter[child].NextSibling)
        {
            if (IsLeaf(child) && Estimate(filter[child], chunk) == 0)
            {
                continue;
            }
            bits[from..to].CopyTo(part.AsSpan(from));
            int first = from, last = to;
            if (Keep(child, chunk, part, ref first, ref last))
            {
                for (var word = first; word < last; word++)
                {
                    union[word] |= part[word];
                }
            }
        }
        union.AsSpan(from, to - from).CopyTo(bits[from..]);
        Return(union);
        Return(part);
    }

    private void KeepNot(in Node node, Chunk chunk, Span<ulong> bits, int from, int to)
    {
        var part = Rent();
        bits[from..to].CopyTo(part.AsSpan(from));
        int first = from, last = to;
        if (Keep(node.FirstChild, chunk, part, ref first, ref last))
        {
            for (var word = first; word < last; word++)
            {
                bits[word] &= ~part[word];
            }
        }
        Return(part);
    }

    private void KeepLeaf(in Node node, Chunk chunk, Span<ulong> bits, int from, int to)
    {
        var column = chunk[node.Column];
        var unknown = node.Unknown != UnknownPolicy.Exclude;
        int start = column?.StartWord ?? to, end = column?.EndWord ?? to;
        if (!unknown)
        {
            bits[from..Math.Clamp(start, from, to)].Clear();
            bits[Math.Clamp(end, from, to)..to].Clear();
        }
        (from, to) = (Math.Max(from, start), Math.Min(to, end));
        if (column is null || from >= to)
        {
            return;
        }
        if (node.Unknown == UnknownPolicy.Only || node.Kind == NodeKind.Exists)
        {
            var only = node.Unknown == UnknownPolicy.Only ? ulong.MaxValue : 0;
            for (var word = from; word < to && node.Unknown != UnknownPolicy.Include; word++)
            {
                bits[word] &= column.Present(word) ^ only;
            }
            return;
        }
        switch (column)
        {
            case CodeColumn codes:
                KeepCodes(node, codes, bits, from, to, unknown);
                return;
            case SetColumn set:
                KeepSet(node, set, bits, from, to, unknown);
                return;
            case GeoColumn geo:
                var circle = filter.Circle(node);
                for (var word = from; word < to; word++)
                {
                    if (bits[word] != 0)
                    {
                        bits[word] = geo.Near(word, bits[word], circle) | (unknown ? bits[word] & ~geo.Present(word) : 0);
                    }
                }
                return;
            case TextColumn text:
                KeepPrefix(filter.Prefix(node), text, bits, from, to, unknown);
                return;
        }
    }

    private void KeepCodes(in Node node, CodeColumn codes, Span<ulong> bits, int from, int to, bool unknown)
    {
        Span<CodeRange> ranges = stackalloc CodeRange[MaxRanges];
        var count = 0;
        if (unknown)
        {
            ranges[count++] = new CodeRange(0, 0);
        }
        var fits = true;
        if (node.Kind == NodeKind.Range)
        {
            var (first, last) = codes.CodesBetween(node.Low, node.High);
            if (first <= last)
            {
                ranges[count++] = new CodeRange(first, last);
            }
        }
        else if (node.Kind == NodeKind.Numbers)
        {
            foreach (var number in filter.Numbers(node))
            {
                var at = codes.Numbers!.LowerBound(number);
                fits = at >= codes.Distinct || codes.Numbers[at] != number || AddCode(ranges, ref count, at + 1);
                if (!fits)
                {
                    break;
                }
            }
        }
        else
        {
            foreach (var term in filter.Integers(node))
            {
                var code = term < 0 ? 0 : codes.CodeOfTerm(term);
                if (node.Kind == NodeKind.AllTerms && (code == 0 || (count > (unknown ? 1 : 0) && ranges[count - 1].Last != code)))
                {
                    count = unknown ? 1 : 0; // a single value is never two terms
                    break;
                }
                fits = code == 0 || AddCode(ranges, ref count, code);
                if (!fits)
                {
                    break;
                }
            }
        }
        if (!fits)
        {
            KeepManyCodes(node, codes, bits, from, to, unknown);
        }
        else if (count == 0)
        {
            bits[from..to].Clear();
        }
        else
        {
            BitKernels.And(bits, from, to, codes, ranges[..count]);
        }
    }

    private void KeepManyCodes(in Node node, CodeColumn codes, Span<ulong> bits, int from, int to, bool unknown)
    {
        var table = _table.AsSpan(0, codes.Distinct + 1);
        table.Clear();
        table[0] = unknown;
        if (node.Kind == NodeKind.Numbers)
        {
            foreach (var number in filter.Numbers(node))
            {
                var at = codes.Numbers!.LowerBound(number);
                if (at < codes.Distinct && codes.Numbers[at] == number)
                {
                    table[at + 1] = true;
                }
            }
        }
        else
        {
            foreach (var term in filter.Integers(node))
            {
                var code = codes.CodeOfTerm(term);
                table[code] |= code != 0;
            }
        }
        BitKernels.AndTable(bits, from, to, codes, table);
    }

    private static bool AddCode(Span<CodeRange> ranges, ref int count, int code)
    {
        if (count > 0 && ranges[count - 1].Last + 1 == code)
        {
            ranges[count - 1] = ranges[count - 1] with { Last = code };
            return true;
        }
        if (count == ranges.Length)
        {
            return false;
        }
        ranges[count++] = new CodeRange(code, code);
        return true;
    }

    private void KeepSet(in Node node, SetColumn set, Span<ulong> bits, int from, int to, bool unknown)
    {
        var all = node.Kind == NodeKind.AllTerms;
        var matching = Rent();
        matching.AsSpan(from, to - from).Fill(all ? ulong.MaxValue : 0);
        foreach (var term in filter.Integers(node))
        {
            var index = term < 0 ? -1 : set.IndexOf(term);
            if (index < 0)
            {
                if (!all)
                {
                    continue;
                }
                matching.AsSpan(from, to - from).Clear();
                break;
            }
            if (set.Bitmaps is not null)
            {
                var bitmap = set.Bitmap(index);
                for (var word = from; word < to; word++)
                {
                    matching[word] = all ? matching[word] & bitmap[word - set.StartWord] : matching[word] | bitmap[word - set.StartWord];
                }
                continue;
            }
            var having = all ? Rent() : matching;
            if (all)
            {
                having.AsSpan(from, to - from).Clear();
            }
            foreach (var row in set.TermRows.AsSpan(set.TermStarts![index], set.TermStarts[index + 1] - set.TermStarts[index]))
            {
                having[row >> 6] |= 1UL << (row & 63);
            }
            if (all)
            {
                for (var word = from; word < to; word++)
                {
                    matching[word] &= having[word];
                }
                Return(having);
            }
        }
        for (var word = from; word < to; word++)
        {
            bits[word] &= unknown ? matching[word] | ~set.Present(word) : matching[word] & set.Present(word);
        }
        Return(matching);
    }

    private static void KeepPrefix(ReadOnlySpan<byte> prefix, TextColumn text, Span<ulong> bits, int from, int to, bool unknown)
    {
        for (var word = from; word < to; word++)
        {
            for (var rest = bits[word]; rest != 0; rest &= rest - 1)
            {
                var literal = text[(word << 6) + BitOperations.TrailingZeroCount(rest)];
                if (literal.IsEmpty ? !unknown : !literal.StartsWith(prefix))
                {
                    bits[word] &= ~(rest & (~rest + 1));
                }
            }
        }
    }

    private void KeepText(in Node node, Chunk chunk, Span<ulong> bits, int from, int to)
    {
        var words = filter.Integers(node);
        if (words.IsEmpty)
        {
            return; // nothing that is a word was asked
        }
        var union = node.AnyWord ? Rent() : null;
        union?.AsSpan(from, to - from).Clear();
        var having = union ?? Rent();
        for (var i = 0; i < words.Length; i += words[i] + 1)
        {
            if (!node.AnyWord)
            {
                having.AsSpan(from, to - from).Clear();
            }
            for (var alternative = 1; alternative <= words[i] && chunk.Text is { } text; alternative++)
            {
                var (start, end) = text.Find(words[i + alternative]);
                foreach (var row in text.Rows.AsSpan(start, end - start))
                {
                    having[row >> 6] |= 1UL << (row & 63);
                }
            }
            if (!node.AnyWord)
            {
                And(bits, having, from, to);
            }
        }
        if (node.AnyWord)
        {
            And(bits, having, from, to);
        }
        Return(having);

        static void And(Span<ulong> bits, ulong[] having, int from, int to)
        {
            for (var word = from; word < to; word++)
            {
                bits[word] &= having[word];
            }
        }
    }

    private bool IsLeaf(int node) => filter[node].Kind is not (NodeKind.All or NodeKind.Any or NodeKind.Not);

    // How many rows a condition leaves, roughly; 0 only when it surely leaves none.
    private int Estimate(in Node node, Chunk chunk)
    {
        switch (node.Kind)
        {
            case NodeKind.All or NodeKind.Any or NodeKind.Not:
                return Chunk.MaxRows * 2;
            case NodeKind.Text:
                return EstimateText(node, chunk);
        }
        if (node.Unknown != UnknownPolicy.Exclude)
        {
            return Chunk.MaxRows;
        }
        switch (chunk[node.Column])
        {
            case null:
                return 0;
            case CodeColumn codes when node.Kind == NodeKind.Range:
                var (first, last) = codes.CodesBetween(node.Low, node.High);
                return codes.Estimate(first, last);
            case CodeColumn codes when node.Kind == NodeKind.Terms:
                var sum = 0;
                foreach (var term in filter.Integers(node))
                {
                    var code = codes.CodeOfTerm(term);
                    sum += code == 0 ? 0 : codes.Estimate(code, code);
                }
                return sum;
            case SetColumn set when node.Kind is NodeKind.Terms or NodeKind.AllTerms:
                var present = 0;
                foreach (var term in filter.Integers(node))
                {
                    present += term >= 0 && set.IndexOf(term) >= 0 ? 1 : 0;
                }
                return present == 0 || (node.Kind == NodeKind.AllTerms && present < node.Count) ? 0 : set.Filled;
            case GeoColumn geo:
                return geo.Filled * 2; // the dearest leaf to compute: after the others
            case var column:
                return column.Filled;
        }
    }

    private int EstimateText(in Node node, Chunk chunk)
    {
        var words = filter.Integers(node);
        if (words.IsEmpty)
        {
            return Chunk.MaxRows;
        }
        var rarest = int.MaxValue;
        var sum = 0;
        for (var i = 0; i < words.Length; i += words[i] + 1)
        {
            var rows = 0;
            for (var alternative = 1; alternative <= words[i] && chunk.Text is { } text; alternative++)
            {
                var (start, end) = text.Find(words[i + alternative]);
                rows += end - start;
            }
            rarest = Math.Min(rarest, rows);
            sum += rows;
        }
        return node.AnyWord ? sum : rarest;
    }

    private ulong[] Rent() => _spare.TryPop(out var words) ? words : new ulong[Chunk.MaxWords];

    private void Return(ulong[] words) => _spare.Push(words);
}
