using System.IO.Compression;

namespace CustobotGateway.Catalog.Import.Feeds;

/// <summary>Decompresses a feed and stops at what no honest feed does.</summary>
internal sealed class GuardedStream : Stream
{
    // Small files may compress to nearly nothing and do no harm.
    private const long HarmlessBytes = 64L << 20;

    private readonly Stream _compressed;
    private readonly GZipStream _plain;
    private readonly CatalogOptions _options;
    private long _read;

    public GuardedStream(Stream compressed, CatalogOptions options)
    {
        (_compressed, _options) = (compressed, options);
        _plain = new GZipStream(compressed, CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    /// <summary>Refuses a bomb before the whole of it is kept: the first bytes of one are like the rest.</summary>
    public static void Probe(Stream compressed, CatalogOptions options)
    {
        using var stream = new GuardedStream(compressed, options);
        var buffer = new byte[128 * 1024];
        while (stream._read <= HarmlessBytes + buffer.Length && stream.Read(buffer) > 0)
        {
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = _plain.Read(buffer);
        }
        catch (InvalidDataException)
        {
            throw new FeedException("malformed_gzip", "The feed says that it is compressed by gzip and cannot be decompressed.");
        }
        _read += read;
        if (_read > _options.MaxDecompressedBytes || (_read > HarmlessBytes && _read / Math.Max(1, _compressed.Position) > _options.MaxCompressionRatio))
        {
            throw new FeedException("decompression_bomb",
                $"The feed decompresses to more than {_options.MaxCompressionRatio} times its size or more than {_options.MaxDecompressedBytes} bytes. Send it uncompressed, or in parts.");
        }
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _plain.Dispose();
        }
        base.Dispose(disposing);
    }
}
