using System.Text;

namespace CustobotGateway.AttributeIndex;

/// <summary>
/// Terms numbered 0, 1, 2 … in the order of their first appearance; append-only, so a number stays valid in every later snapshot.
/// One thread adds, any number read meanwhile: entries are published before the slot that leads to them, and arrays are replaced, never shrunk.
/// A term is kept as a JSON string literal with its quotes, because that is what answers copy out.
/// </summary>
internal sealed class TermDictionary
{
    private const int MaxOrdered = 16_384;

    private byte[] _blob = new byte[256];
    private int[] _ends = new int[16];
    private int[] _slots = new int[32];
    private int _count;
    private Order? _order;

    /// <summary>The alphabetical order of all terms: the rank of each term, and the term of each rank.</summary>
    public sealed record Order(int[] Ranks, int[] Terms);

    /// <summary>How many terms there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Bytes held.</summary>
    public long MemoryBytes => _blob.Length + (4L * _ends.Length) + (4L * _slots.Length);

    /// <summary>The literal of a term.</summary>
    public ReadOnlySpan<byte> Literal(int term)
    {
        var ends = Volatile.Read(ref _ends);
        var blob = Volatile.Read(ref _blob);
        var start = term == 0 ? 0 : ends[term - 1];
        return blob.AsSpan(start, ends[term] - start);
    }

    /// <summary>Asks for where the literal of a term is (<see cref="Ahead"/>).</summary>
    public void Expect(int term) => Ahead.Line(ref Volatile.Read(ref _ends)[term]);

    /// <summary>Asks for the literal of a term.</summary>
    public void ExpectLiteral(int term) => Ahead.Line(in System.Runtime.InteropServices.MemoryMarshal.GetReference(Literal(term)));

    /// <summary>The term's number, or -1. The literal as <see cref="JsonLiteral"/> writes it.</summary>
    public int Find(ReadOnlySpan<byte> literal)
    {
        var slots = Volatile.Read(ref _slots);
        for (var at = (int)(Hash(literal) & (uint)(slots.Length - 1)); ; at = (at + 1) & (slots.Length - 1))
        {
            var slot = Volatile.Read(ref slots[at]);
            if (slot == 0)
            {
                return -1;
            }
            if (Literal(slot - 1).SequenceEqual(literal))
            {
                return slot - 1;
            }
        }
    }

    /// <summary>The number of a term that is looked up by its text; -1 when it was never added.</summary>
    public int Find(string term)
    {
        var size = JsonLiteral.MaxSize(Encoding.UTF8.GetMaxByteCount(term.Length));
        byte[]? rented = null;
        var buffer = size <= 1024 ? stackalloc byte[size] : (rented = System.Buffers.ArrayPool<byte>.Shared.Rent(size));
        var text = term.Length <= 256 ? stackalloc byte[Encoding.UTF8.GetMaxByteCount(term.Length)] : new byte[Encoding.UTF8.GetMaxByteCount(term.Length)];
        var length = JsonLiteral.Write(text[..Encoding.UTF8.GetBytes(term, text)], buffer);
        var found = Find(buffer[..length]);
        if (rented is not null)
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(rented);
        }
        return found;
    }

    /// <summary>The term's number, added if it is new. One thread at a time.</summary>
    public int Intern(ReadOnlySpan<byte> literal)
    {
        var found = Find(literal);
        if (found >= 0)
        {
            return found;
        }
        if ((_count + 1) * 4 > _slots.Length * 3)
        {
            Grow();
        }
        var start = _count == 0 ? 0 : _ends[_count - 1];
        if (start + literal.Length > _blob.Length)
        {
            var blob = new byte[Math.Max(_blob.Length + (_blob.Length / 2), start + literal.Length)];
            _blob.AsSpan(0, start).CopyTo(blob);
            Volatile.Write(ref _blob, blob);
        }
        literal.CopyTo(_blob.AsSpan(start));
        if (_count == _ends.Length)
        {
            var ends = new int[_ends.Length + (_ends.Length / 2)];
            _ends.CopyTo(ends, 0);
            Volatile.Write(ref _ends, ends);
        }
        _ends[_count] = start + literal.Length;
        Volatile.Write(ref _count, _count + 1);
        Place(_slots, literal, _count);
        return _count - 1;
    }

    /// <summary>Orders two terms by code point.</summary>
    public int Compare(int left, int right) => left == right ? 0 : JsonLiteral.Compare(Literal(left), Literal(right));

    /// <summary>The order of the terms by code point, made anew when terms came; null where that would cost more than it saves.</summary>
    public Order? Ordered()
    {
        var order = Volatile.Read(ref _order);
        var count = Count;
        if (order is not null && order.Ranks.Length == count)
        {
            return order;
        }
        if (count > MaxOrdered)
        {
            return null;
        }
        var terms = new int[count];
        for (var term = 0; term < count; term++)
        {
            terms[term] = term;
        }
        Array.Sort(terms, Compare);
        var ranks = new int[count];
        for (var rank = 0; rank < count; rank++)
        {
            ranks[terms[rank]] = rank;
        }
        Volatile.Write(ref _order, order = new Order(ranks, terms));
        return order;
    }

    private void Grow()
    {
        var slots = new int[_slots.Length * 2];
        for (var term = 0; term < _count; term++)
        {
            Place(slots, Literal(term), term + 1);
        }
        Volatile.Write(ref _slots, slots);
    }

    private static void Place(int[] slots, ReadOnlySpan<byte> literal, int value)
    {
        var at = (int)(Hash(literal) & (uint)(slots.Length - 1));
        while (slots[at] != 0)
        {
            at = (at + 1) & (slots.Length - 1);
        }
        Volatile.Write(ref slots[at], value);
    }

    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 0x9E3779B97F4A7C15;
        while (bytes.Length >= 8)
        {
            hash = (hash ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * 0xFF51AFD7ED558CCD;
            hash ^= hash >> 32;
            bytes = bytes[8..];
        }
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 0xC4CEB9FE1A85EC53;
        }
        hash ^= hash >> 29;
        return (uint)(hash ^ (hash >> 32));
    }
}
