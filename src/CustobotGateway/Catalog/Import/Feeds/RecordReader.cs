namespace CustobotGateway.Catalog.Import.Feeds;

/// <summary>Cuts a stream into records that end with a line break. What a record is, the derived class says.</summary>
internal abstract class RecordReader(Stream stream, int maxRowBytes) : IFeedReader
{
    /// <summary>Enough to parse in one go, little enough that several chunks fit the processor's cache.</summary>
    public const int ChunkBytes = 256 * 1024;

    private readonly byte[] _carried = new byte[CapacityFor(maxRowBytes)];
    private int _carriedBytes;
    private long _line = 1;
    private bool _atStart = true;
    private bool _atEnd;
    private bool _skipping;

    /// <inheritdoc/>
    public IReadOnlyList<string>? Header { get; protected set; }

    /// <summary>The size of a chunk's buffer for rows of this size.</summary>
    public static int CapacityFor(int maxRowBytes) => maxRowBytes + ChunkBytes;

    /// <inheritdoc/>
    public bool Read(FeedChunk chunk)
    {
        chunk.Rows.Clear();
        while (chunk.Rows.Count == 0)
        {
            var length = Fill(chunk.Bytes);
            if (length == 0)
            {
                return false;
            }
            var used = Cut(chunk, length);
            _carriedBytes = length - used;
            chunk.Bytes.AsSpan(used, _carriedBytes).CopyTo(_carried);
        }
        chunk.Header = Header;
        return true;
    }

    /// <summary>The length of the record at the start, its line break included; 0 when more bytes are needed to know, -1 when it cannot be a record.</summary>
    protected abstract int RecordLength(ReadOnlySpan<byte> bytes, bool atEnd);

    /// <summary>Whether the record is not a row: a blank line, a header.</summary>
    protected abstract bool IsConsumed(ReadOnlySpan<byte> record);

    private int Fill(byte[] buffer)
    {
        _carried.AsSpan(0, _carriedBytes).CopyTo(buffer);
        var length = _carriedBytes;
        // Beyond the first fill of a chunk only a record that is longer needs more.
        var wanted = Math.Min(buffer.Length, Math.Max(ChunkBytes, length + (ChunkBytes / 4)));
        while (length < wanted && !_atEnd)
        {
            var read = stream.Read(buffer.AsSpan(length));
            _atEnd = read == 0;
            length += read;
        }
        if (_atStart && length > 0)
        {
            _atStart = false;
            if (buffer.AsSpan(0, length).StartsWith<byte>([0xEF, 0xBB, 0xBF]))
            {
                length -= 3;
                buffer.AsSpan(3, length).CopyTo(buffer);
            }
        }
        return length;
    }

    /// <summary>Takes whole records; the bytes that were taken.</summary>
    private int Cut(FeedChunk chunk, int length)
    {
        var at = 0;
        while (at < length)
        {
            var rest = chunk.Bytes.AsSpan(at, length - at);
            if (_skipping)
            {
                var end = rest.IndexOf((byte)'\n');
                at += end < 0 ? rest.Length : end + 1;
                _skipping = end < 0;
                _line += end < 0 ? 0 : 1;
                continue;
            }
            var bytes = RecordLength(rest, _atEnd);
            if (bytes == 0 && rest.Length <= maxRowBytes && !_atEnd)
            {
                break;
            }
            if (bytes > maxRowBytes || (bytes == 0 && rest.Length > maxRowBytes))
            {
                chunk.Rows.Add(new FeedRow(at, 0, _line, "row_too_long"));
                _skipping = true;
                continue;
            }
            if (bytes <= 0)
            {
                // The line is no record, a quote that is never closed for example: the next line may be one.
                chunk.Rows.Add(new FeedRow(at, 0, _line, "malformed_row"));
                _skipping = true;
                continue;
            }
            var record = rest[..bytes];
            var line = _line;
            _line += record.Count((byte)'\n');
            var text = record.TrimEnd("\r\n"u8);
            if (!IsConsumed(text))
            {
                chunk.Rows.Add(new FeedRow(at, text.Length, line));
            }
            at += bytes;
        }
        return at;
    }
}

/// <summary>One JSON object a line.</summary>
internal sealed class LineReader(Stream stream, int maxRowBytes) : RecordReader(stream, maxRowBytes)
{
    protected override int RecordLength(ReadOnlySpan<byte> bytes, bool atEnd) => bytes.IndexOf((byte)'\n') is >= 0 and var end ? end + 1 : atEnd ? bytes.Length : 0;

    protected override bool IsConsumed(ReadOnlySpan<byte> record) => record.Trim(" \t\r"u8).IsEmpty;
}
