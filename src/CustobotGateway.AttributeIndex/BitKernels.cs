using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CustobotGateway.AttributeIndex.Columns;

namespace CustobotGateway.AttributeIndex;

/// <summary>A range of codes, inclusive; empty when First &gt; Last.</summary>
internal readonly record struct CodeRange(int First, int Last);

/// <summary>
/// The inner loops over bitmaps (one bit a row, 64 rows a word) and code columns. A word that is already empty is passed over, so
/// a condition costs what the conditions before it left.
/// </summary>
internal static class BitKernels
{
    public static int Count(ReadOnlySpan<ulong> bits)
    {
        var count = 0;
        foreach (var word in bits)
        {
            count += BitOperations.PopCount(word);
        }
        return count;
    }

    /// <summary>How many bits two runs of words have in common.</summary>
    public static int CountAnd(ref ulong left, ref ulong right, int words)
    {
        nint word = 0, end = words;
        var count = 0;
        if (Avx2.IsSupported && words >= Vector256<ulong>.Count)
        {
            // The bits of each half byte are looked up, 32 bytes at once (Muła, Kurz, Lemire: "Faster population counts using AVX2 instructions", 2018).
            var bitsOf = Vector256.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
            var half = Vector256.Create((byte)0x0F);
            var sum = Vector256<ulong>.Zero;
            for (; word + Vector256<ulong>.Count <= end; word += Vector256<ulong>.Count)
            {
                var both = (Vector256.LoadUnsafe(ref left, (nuint)word) & Vector256.LoadUnsafe(ref right, (nuint)word)).AsByte();
                var bits = Avx2.Shuffle(bitsOf, both & half) + Avx2.Shuffle(bitsOf, (both.AsUInt16() >>> 4).AsByte() & half);
                sum += Avx2.SumAbsoluteDifferences(bits, Vector256<byte>.Zero).AsUInt64();
            }
            count = (int)Vector256.Sum(sum);
        }
        for (; word < end; word++)
        {
            count += BitOperations.PopCount(Unsafe.Add(ref left, word) & Unsafe.Add(ref right, word));
        }
        return count;
    }

    /// <summary>Moves both ends of a range of words inwards past empty ones; false when all are empty.</summary>
    public static bool Shrink(ReadOnlySpan<ulong> bits, ref int from, ref int to)
    {
        while (from < to && bits[from] == 0)
        {
            from++;
        }
        while (to > from && bits[to - 1] == 0)
        {
            to--;
        }
        return from < to;
    }

    /// <summary>Keeps of the covered words the rows whose code is in one of the ranges. Words outside of the column are the caller's.</summary>
    public static void And(Span<ulong> bits, int from, int to, CodeColumn column, ReadOnlySpan<CodeRange> ranges)
    {
        from = Math.Max(from, column.StartWord);
        to = Math.Min(to, column.EndWord);
        if (ranges.Length == 1)
        {
            AndOne(bits, from, to, column, ranges[0]);
            return;
        }
        for (var word = from; word < to; word++)
        {
            if (bits[word] == 0)
            {
                continue;
            }
            var any = 0UL;
            foreach (var range in ranges)
            {
                any |= WordInRange(column, word, range.First, range.Last);
            }
            bits[word] &= any;
        }
    }

    /// <summary>Keeps the rows whose code is marked in a table, for conditions that name many values.</summary>
    public static void AndTable(Span<ulong> bits, int from, int to, CodeColumn column, ReadOnlySpan<bool> table)
    {
        for (var word = Math.Max(from, column.StartWord); word < Math.Min(to, column.EndWord); word++)
        {
            for (var rest = bits[word]; rest != 0; rest &= rest - 1)
            {
                if (!table[column.CodeAt((word << 6) + BitOperations.TrailingZeroCount(rest))])
                {
                    bits[word] &= ~(rest & (~rest + 1));
                }
            }
        }
    }

    /// <summary>The rows of one covered word whose code is in a range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong WordInRange(CodeColumn column, int word, int first, int last)
    {
        var at = (nuint)((word - column.StartWord) << 6);
        if (column.Narrow is { } narrow)
        {
            ref var codes = ref MemoryMarshal.GetArrayDataReference(narrow);
            return NarrowWord(ref Unsafe.Add(ref codes, at), Vector256.Create((byte)first), Vector256.Create((byte)(last - first)));
        }
        ref var wide = ref MemoryMarshal.GetArrayDataReference(column.Wide!);
        return WideWord(ref Unsafe.Add(ref wide, at), Vector256.Create((ushort)first), Vector256.Create((ushort)(last - first)));
    }

    private static void AndOne(Span<ulong> bits, int from, int to, CodeColumn column, CodeRange range)
    {
        if (column.Narrow is { } narrow)
        {
            var first = Vector256.Create((byte)range.First);
            var span = Vector256.Create((byte)(range.Last - range.First));
            ref var codes = ref MemoryMarshal.GetArrayDataReference(narrow);
            for (var word = from; word < to; word++)
            {
                if (bits[word] != 0)
                {
                    bits[word] &= NarrowWord(ref Unsafe.Add(ref codes, (nuint)((word - column.StartWord) << 6)), first, span);
                }
            }
            return;
        }
        var wideFirst = Vector256.Create((ushort)range.First);
        var wideSpan = Vector256.Create((ushort)(range.Last - range.First));
        ref var wide = ref MemoryMarshal.GetArrayDataReference(column.Wide!);
        for (var word = from; word < to; word++)
        {
            if (bits[word] != 0)
            {
                bits[word] &= WideWord(ref Unsafe.Add(ref wide, (nuint)((word - column.StartWord) << 6)), wideFirst, wideSpan);
            }
        }
    }

    // code - first <= last - first, unsigned, is both comparisons in one; min and equals is how AVX2 compares unsigned bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NarrowWord(ref byte codes, Vector256<byte> first, Vector256<byte> span)
    {
        var low = Vector256.LoadUnsafe(ref codes) - first;
        var high = Vector256.LoadUnsafe(ref codes, 32) - first;
        return Vector256.Equals(Vector256.Min(low, span), low).ExtractMostSignificantBits()
            | ((ulong)Vector256.Equals(Vector256.Min(high, span), high).ExtractMostSignificantBits() << 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong WideWord(ref ushort codes, Vector256<ushort> first, Vector256<ushort> span)
    {
        return Half(ref codes, first, span) | ((ulong)Half(ref Unsafe.Add(ref codes, 32), first, span) << 32);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static uint Half(ref ushort codes, Vector256<ushort> first, Vector256<ushort> span)
        {
            var low = Vector256.LoadUnsafe(ref codes) - first;
            var high = Vector256.LoadUnsafe(ref codes, 16) - first;
            return Vector256.Narrow(Vector256.Equals(Vector256.Min(low, span), low), Vector256.Equals(Vector256.Min(high, span), high))
                .ExtractMostSignificantBits();
        }
    }

    /// <summary>Adds, for each code of 1 to n of a narrow column, how many of the rows have it; for few codes and many rows.</summary>
    public static void CountByComparison(ReadOnlySpan<ulong> bits, int from, int to, CodeColumn column, Span<int> counts)
    {
        from = Math.Max(from, column.StartWord);
        to = Math.Min(to, column.EndWord);
        ref var codes = ref MemoryMarshal.GetArrayDataReference(column.Narrow!);
        var distinct = column.Distinct;
        for (var word = from; word < to; word++)
        {
            var rows = bits[word];
            if (rows == 0)
            {
                continue;
            }
            ref var at = ref Unsafe.Add(ref codes, (nuint)((word - column.StartWord) << 6));
            var low = Vector256.LoadUnsafe(ref at);
            var high = Vector256.LoadUnsafe(ref at, 32);
            for (var code = 1; code <= distinct; code++)
            {
                var sought = Vector256.Create((byte)code);
                var mask = Vector256.Equals(low, sought).ExtractMostSignificantBits() | ((ulong)Vector256.Equals(high, sought).ExtractMostSignificantBits() << 32);
                counts[code] += BitOperations.PopCount(mask & rows);
            }
        }
    }

    /// <summary>Adds, for each code, how many of the rows have it. The rows are the chunk's, ascending, all covered by the column.</summary>
    public static void CountByGather(ReadOnlySpan<ushort> rows, CodeColumn column, Span<int> counts, Span<int> more)
    {
        var first = (nint)(column.StartWord << 6);
        ref var into = ref MemoryMarshal.GetReference(counts);
        // Two histograms: equal codes in a row would wait for each other's store.
        ref var beside = ref MemoryMarshal.GetReference(more);
        if (column.Narrow is { } narrow)
        {
            ref var codes = ref MemoryMarshal.GetArrayDataReference(narrow);
            var i = 0;
            ref var row = ref MemoryMarshal.GetReference(rows);
            for (; i + 3 < rows.Length; i += 4)
            {
                nint a = Unsafe.Add(ref codes, Unsafe.Add(ref row, i) - first), b = Unsafe.Add(ref codes, Unsafe.Add(ref row, i + 1) - first);
                nint c = Unsafe.Add(ref codes, Unsafe.Add(ref row, i + 2) - first), d = Unsafe.Add(ref codes, Unsafe.Add(ref row, i + 3) - first);
                Unsafe.Add(ref into, a)++;
                Unsafe.Add(ref beside, b)++;
                Unsafe.Add(ref into, c)++;
                Unsafe.Add(ref beside, d)++;
            }
            for (; i < rows.Length; i++)
            {
                Unsafe.Add(ref into, (nint)Unsafe.Add(ref codes, rows[i] - first))++;
            }
        }
        else
        {
            ref var codes = ref MemoryMarshal.GetArrayDataReference(column.Wide!);
            foreach (var row in rows)
            {
                Unsafe.Add(ref into, (nint)Unsafe.Add(ref codes, row - first))++;
            }
            return;
        }
        for (var code = 0; code <= column.Distinct; code++)
        {
            counts[code] += more[code];
            more[code] = 0;
        }
    }

    /// <summary>The lowest and the highest code above 0 among the rows, and how many rows have one.</summary>
    public static (int Lowest, int Highest, int Count) Extremes(ReadOnlySpan<ulong> bits, int from, int to, CodeColumn column)
    {
        from = Math.Max(from, column.StartWord);
        to = Math.Min(to, column.EndWord);
        return column.Narrow is { } narrow ? NarrowExtremes(bits, from, to, column, narrow) : WideExtremes(bits, from, to, column, column.Wide!);
    }

    private static (int Lowest, int Highest, int Count) NarrowExtremes(ReadOnlySpan<ulong> bits, int from, int to, CodeColumn column, byte[] narrow)
    {
        ref var codes = ref MemoryMarshal.GetArrayDataReference(narrow);
        var lowest = Vector256<byte>.AllBitsSet;
        var highest = Vector256<byte>.Zero;
        int low = byte.MaxValue, high = 0, count = 0;
        for (var word = from; word < to; word++)
        {
            var rows = bits[word];
            if (rows == 0)
            {
                continue;
            }
            ref var at = ref Unsafe.Add(ref codes, (nuint)((word - column.StartWord) << 6));
            if (BitOperations.PopCount(rows) <= 2)
            {
                for (; rows != 0; rows &= rows - 1)
                {
                    var code = (int)Unsafe.Add(ref at, BitOperations.TrailingZeroCount(rows));
                    high = Math.Max(high, code);
                    low = Math.Min(low, (byte)(code - 1));
                    count += code == 0 ? 0 : 1;
                }
                continue;
            }
            for (var half = 0; half < 2; half++, rows >>= 32)
            {
                var chosen = Vector256.LoadUnsafe(ref at, (nuint)(half * 32)) & Expand((uint)rows);
                highest = Vector256.Max(highest, chosen);
                lowest = Vector256.Min(lowest, chosen - Vector256<byte>.One); // no code becomes 255, the highest of all
                count += 32 - BitOperations.PopCount(Vector256.Equals(chosen, Vector256<byte>.Zero).ExtractMostSignificantBits());
            }
        }
        for (var lane = 0; lane < 32; lane++)
        {
            high = Math.Max(high, highest[lane]);
            low = Math.Min(low, lowest[lane]);
        }
        return (low + 1, high, count);
    }

    private static (int Lowest, int Highest, int Count) WideExtremes(ReadOnlySpan<ulong> bits, int from, int to, CodeColumn column, ushort[] wide)
    {
        ref var codes = ref MemoryMarshal.GetArrayDataReference(wide);
        var lowest = Vector256<ushort>.AllBitsSet;
        var highest = Vector256<ushort>.Zero;
        int low = ushort.MaxValue, high = 0, count = 0;
        for (var word = from; word < to; word++)
        {
            var rows = bits[word];
            if (rows == 0)
            {
                continue;
            }
            ref var at = ref Unsafe.Add(ref codes, (nuint)((word - column.StartWord) << 6));
            if (BitOperations.PopCount(rows) <= 4)
            {
                for (; rows != 0; rows &= rows - 1)
                {
                    var code = (int)Unsafe.Add(ref at, BitOperations.TrailingZeroCount(rows));
                    high = Math.Max(high, code);
                    low = Math.Min(low, (ushort)(code - 1));
                    count += code == 0 ? 0 : 1;
                }
                continue;
            }
            for (var quarter = 0; quarter < 4; quarter++, rows >>= 16)
            {
                var chosen = Vector256.LoadUnsafe(ref at, (nuint)(quarter * 16)) & Expand16((ushort)rows);
                highest = Vector256.Max(highest, chosen);
                lowest = Vector256.Min(lowest, chosen - Vector256<ushort>.One);
                // Two bits of the byte mask for each lane.
                count += 16 - (BitOperations.PopCount(Vector256.Equals(chosen, Vector256<ushort>.Zero).AsByte().ExtractMostSignificantBits()) >> 1);
            }
        }
        for (var lane = 0; lane < 16; lane++)
        {
            high = Math.Max(high, highest[lane]);
            low = Math.Min(low, lowest[lane]);
        }
        return (low + 1, high, count);
    }

    // Bit i of the mask becomes lane i, all ones or all zeros.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Expand16(ushort mask)
    {
        var bit = Vector256.Create((ushort)1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        return Vector256.Equals(Vector256.Create(mask) & bit, bit);
    }

    // Bit i of the mask becomes byte i, all ones or all zeros.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Expand(uint mask)
    {
        var bytes = Vector256.Create(mask).AsByte();
        var spread = Vector256.Shuffle(bytes, Vector256.Create(
            (byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 18, 18, 18, 18, 18, 18, 18, 18, 19, 19, 19, 19, 19, 19, 19, 19));
        var bit = Vector256.Create(0x8040201008040201UL).AsByte();
        return Vector256.Equals(spread & bit, bit);
    }
}
