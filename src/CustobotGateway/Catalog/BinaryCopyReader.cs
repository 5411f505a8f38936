using System.Buffers;
using System.Buffers.Binary;

namespace CustobotGateway.Catalog;

/// <summary>
/// Reads rows of PostgreSQL's binary COPY format (PostgreSQL documentation, COPY, "Binary Format") out of one pooled buffer, with no
/// allocation per row: Npgsql's own exporter would make an array of every value.
/// </summary>
internal sealed class BinaryCopyReader(Stream stream) : IDisposable
{
    private const int MaxFields = 16;
    private const int FixedHeaderBytes = 19;

    private static ReadOnlySpan<byte> Signature => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', 0x0A, 0xFF, 0x0D, 0x0A, 0];

    private readonly (int Start, int Length)[] _fields = new (int, int)[MaxFields];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
    private int _at;
    private int _end;

    /// <summary>Reads what stands before the rows.</summary>
    public async ValueTask ReadHeaderAsync(CancellationToken cancellationToken)
    {
        await NeedAsync(FixedHeaderBytes, cancellationToken);
        if (!_buffer.AsSpan(_at, Signature.Length).SequenceEqual(Signature))
        {
            throw new InvalidDataException("Not the binary COPY format.");
        }
        var extension = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_at + 15));
        _at += FixedHeaderBytes;
        await NeedAsync(extension, cancellationToken);
        _at += extension;
    }

    /// <summary>Moves to the next row; false after the last.</summary>
    public async ValueTask<bool> ReadRowAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var bytes = TryParseRow();
            if (bytes == 0)
            {
                return false;
            }
            if (bytes > 0)
            {
                _at += bytes;
                return true;
            }
            await NeedAsync(_end - _at + 1, cancellationToken);
        }
    }

    /// <summary>The bytes of a field of the current row; empty for null. Valid until the next row is read.</summary>
    public ReadOnlySpan<byte> Field(int index) => _buffer.AsSpan(_fields[index].Start, Math.Max(0, _fields[index].Length));

    /// <summary>A field of type bigint, or another of eight bytes.</summary>
    public long Int64(int index) => BinaryPrimitives.ReadInt64BigEndian(Field(index));

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    /// <summary>The length of the row at hand, 0 at the trailer, -1 when the buffer ends before it does.</summary>
    private int TryParseRow()
    {
        var span = _buffer.AsSpan(_at, _end - _at);
        if (span.Length < 2)
        {
            return -1;
        }
        var count = BinaryPrimitives.ReadInt16BigEndian(span);
        if (count < 0)
        {
            return 0;
        }
        var offset = 2;
        for (var i = 0; i < count; i++)
        {
            if (span.Length < offset + 4)
            {
                return -1;
            }
            var length = BinaryPrimitives.ReadInt32BigEndian(span[offset..]);
            offset += 4;
            _fields[i] = (_at + offset, length);
            offset += Math.Max(0, length);
            if (span.Length < offset)
            {
                return -1;
            }
        }
        return offset;
    }

    /// <summary>Has at least so many unread bytes in the buffer, which moves and grows as needed.</summary>
    private async ValueTask NeedAsync(int bytes, CancellationToken cancellationToken)
    {
        while (_end - _at < bytes)
        {
            if (_at > 0 && _end == _buffer.Length)
            {
                _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
                (_at, _end) = (0, _end - _at);
            }
            if (_end == _buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
                _buffer.AsSpan(0, _end).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = larger;
            }
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                throw new EndOfStreamException("The COPY stream ended in the middle.");
            }
            _end += read;
        }
    }
}
