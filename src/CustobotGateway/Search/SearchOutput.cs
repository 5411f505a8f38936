using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace CustobotGateway.Search;

/// <summary>
/// The bytes of one answer, gathered before the first is sent: so the length is known, and a fault in the middle leaves no half answer.
/// Used again for the next answer.
/// </summary>
internal sealed class SearchOutput
{
    private const int InitialBytes = 16 * 1024;

    // An answer of the largest allowed page and facets may take megabytes; such a buffer is not kept for the next.
    private const int KeptBytes = 1024 * 1024;

    private byte[] _bytes = new byte[InitialBytes];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public int Length => _length;

    /// <summary>What was written lies at its start. Grows by being replaced: parts that were handed out stay as they are.</summary>
    public byte[] Bytes => _bytes;

    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > KeptBytes)
        {
            _bytes = new byte[InitialBytes];
        }
    }

    /// <summary>Takes back what was written last.</summary>
    public void BackTo(int length) => _length = length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _bytes.Length - _length)
        {
            Grow(bytes.Length);
        }
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(byte letter)
    {
        if (_length == _bytes.Length)
        {
            Grow(1);
        }
        _bytes[_length++] = letter;
    }

    /// <summary>Room to write into; <see cref="Advance"/> tells how much was used.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (bytes > _bytes.Length - _length)
        {
            Grow(bytes);
        }
        return _bytes.AsSpan(_length);
    }

    public void Advance(int bytes) => _length += bytes;

    public void Add(long number)
    {
        Utf8Formatter.TryFormat(number, Reserve(24), out var written);
        _length += written;
    }

    /// <summary>A number in its shortest JSON form.</summary>
    public void Add(double number)
    {
        if (number == Math.Truncate(number) && Math.Abs(number) < 1e15)
        {
            Add((long)number);
            return;
        }
        number.TryFormat(Reserve(32), out var written, default, System.Globalization.CultureInfo.InvariantCulture);
        _length += written;
    }

    /// <summary>A number with at most four decimals, which say all that a reader of scores can use.</summary>
    public void AddScore(double score)
    {
        const int unit = 10_000, decimals = 4;
        var scaled = Math.Round(score * unit);
        if (!(Math.Abs(scaled) < 1e15))
        {
            Add(score);
            return;
        }
        if (scaled < 0)
        {
            Add((byte)'-');
        }
        var (whole, part) = Math.DivRem((long)Math.Abs(scaled), unit);
        Add(whole);
        if (part == 0)
        {
            return;
        }
        var room = Reserve(1 + decimals);
        room[0] = (byte)'.';
        for (var i = decimals; i > 0; i--)
        {
            room[i] = (byte)('0' + (part % 10));
            part /= 10;
        }
        var used = decimals;
        while (room[used] == '0')
        {
            used--;
        }
        _length += 1 + used;
    }

    /// <summary>Text as a JSON string.</summary>
    public void AddString(string text)
    {
        var encoded = JsonEncodedText.Encode(text, Common.Json.Options.Encoder);
        Add((byte)'"');
        Add(encoded.EncodedUtf8Bytes);
        Add((byte)'"');
    }

    /// <summary>ASCII that needs no escaping, as a JSON string.</summary>
    public void AddAsciiString(string text)
    {
        var room = Reserve(text.Length + 2);
        room[0] = (byte)'"';
        System.Text.Ascii.FromUtf16(text, room[1..], out var written);
        room[written + 1] = (byte)'"';
        _length += written + 2;
    }

    private void Grow(int more)
    {
        var bytes = new byte[Math.Max(_bytes.Length * 2, _length + more)];
        Written.CopyTo(bytes);
        _bytes = bytes;
    }
}
