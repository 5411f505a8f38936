using System.Buffers;
using System.Runtime.CompilerServices;

namespace CustobotGateway.Catalog.Values;

/// <summary>A growing piece of UTF-8 JSON that is written over and over: no allocation once it has grown to what is needed.</summary>
public sealed class Utf8Buffer(int capacity = 256)
{
    private static readonly SearchValues<byte> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    private byte[] _bytes = new byte[capacity];

    /// <summary>How many bytes are written.</summary>
    public int Length { get; private set; }

    /// <summary>What is written; valid until the next change.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>The same as memory.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    /// <summary>Takes back what stands after a length.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Empties it.</summary>
    public void Clear() => Length = 0;

    /// <summary>Room for so many bytes more; tell what was used by <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (_bytes.Length - Length < bytes)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + bytes));
        }
        return _bytes.AsSpan(Length);
    }

    /// <summary>So many bytes of the reserved room are used.</summary>
    public void Advance(int bytes) => Length += bytes;

    /// <summary>Appends one byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(byte value)
    {
        if (Length == _bytes.Length)
        {
            Reserve(1);
        }
        _bytes[Length++] = value;
    }

    /// <summary>Appends bytes as they are.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Appends text, which is valid UTF-8, as a JSON string, escaping only what RFC 8259 §7 demands.</summary>
    public void AppendString(ReadOnlySpan<byte> text)
    {
        Append((byte)'"');
        int at;
        while ((at = text.IndexOfAny(Escaped)) >= 0)
        {
            Append(text[..at]);
            var letter = text[at];
            if (letter is (byte)'"' or (byte)'\\')
            {
                Append((byte)'\\');
                Append(letter);
            }
            else
            {
                Append("\\u00"u8);
                Append("0123456789abcdef"u8[letter >> 4]);
                Append("0123456789abcdef"u8[letter & 15]);
            }
            text = text[(at + 1)..];
        }
        Append(text);
        Append((byte)'"');
    }
}
