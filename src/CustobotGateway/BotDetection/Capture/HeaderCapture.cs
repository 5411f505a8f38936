using System.Buffers;
using System.Buffers.Text;
using CustobotGateway.BotDetection.Recognition;

namespace CustobotGateway.BotDetection.Capture;

/// <summary>
/// Keeps the header section of a connection's current request as it came over HTTP/1.1. The server's own collection has lost order and case by the time a request
/// is served. Fed with what the server consumed, in order; it only has to know where a body ends to find the next request. Once it is in doubt it keeps nothing more.
/// </summary>
internal sealed class HeaderCapture
{
    /// <summary>The longest header section that is kept, in bytes; the server refuses sections of this size by itself.</summary>
    public const int MostBytes = 48 * 1024;

    private const int UsualBytes = 1024;
    private const int LongestChunkLine = 4096;

    private static ReadOnlySpan<byte> Http2Preface => "PRI * HTTP/2.0\r\n"u8;

    private enum At
    {
        Head,
        Body,
        ChunkSize,
        ChunkData,
        ChunkEnd,
        Trailers,
        Nowhere,
    }

    private byte[] _bytes = new byte[UsualBytes];
    private int _length;
    private At _at = At.Head;
    private long _left;
    private int _lineLength;
    private bool _sizeIsRead;
    private bool _isComplete;

    /// <summary>The request line and the header lines with their line ends, to the empty line; empty where they are not known.</summary>
    public ReadOnlySpan<byte> Section => _isComplete ? _bytes.AsSpan(0, _length) : [];

    /// <summary>What reads the sections of this connection; made with its first request.</summary>
    public RequestHeaders? Reader { get; set; }

    /// <summary>Takes what the server has consumed.</summary>
    public void Feed(ReadOnlySequence<byte> consumed)
    {
        foreach (var segment in consumed)
        {
            Feed(segment.Span);
        }
    }

    private void Feed(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && _at != At.Nowhere)
        {
            var taken = _at switch
            {
                At.Head => TakeHead(bytes),
                At.Body or At.ChunkData => TakeBody(bytes),
                _ => TakeLine(bytes),
            };
            bytes = bytes[taken..];
        }
        if (bytes.Length > 0)
        {
            // What was kept belongs to a request before: by it nobody else may be judged.
            (_isComplete, _length) = (false, 0);
        }
    }

    private int TakeHead(ReadOnlySpan<byte> bytes)
    {
        if (_isComplete)
        {
            (_length, _isComplete) = (0, false);
        }
        var end = EndOfHead(bytes, out var isEnd);
        if (_length + end > MostBytes)
        {
            return GiveUp(bytes);
        }
        if (_length + end > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Min(MostBytes, Math.Max(_bytes.Length * 2, _length + end)));
        }
        bytes[..end].CopyTo(_bytes.AsSpan(_length));
        _length += end;
        if (isEnd)
        {
            _isComplete = true;
            Frame();
        }
        return end;
    }

    // An empty line ends the section, also where its bytes come one by one.
    private int EndOfHead(ReadOnlySpan<byte> bytes, out bool isEnd)
    {
        isEnd = false;
        for (var place = 0; place < bytes.Length;)
        {
            var line = bytes[place..].IndexOf((byte)'\n');
            if (line < 0)
            {
                _lineLength += bytes.Length - place;
                return bytes.Length;
            }
            var length = _lineLength + line;
            var last = line > 0 ? bytes[place + line - 1] : _length > 0 ? _bytes[_length - 1] : (byte)0;
            _lineLength = 0;
            place += line + 1;
            if (length == 0 || (length == 1 && last == '\r'))
            {
                isEnd = true;
                return place;
            }
        }
        return bytes.Length;
    }

    private int TakeBody(ReadOnlySpan<byte> bytes)
    {
        var taken = (int)Math.Min(bytes.Length, _left);
        _left -= taken;
        if (_left == 0)
        {
            _at = _at == At.Body ? At.Head : At.ChunkEnd;
        }
        return taken;
    }

    // A chunk's size, the line end behind its data, or a trailer line.
    private int TakeLine(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'\n');
        var part = end < 0 ? bytes : bytes[..(end + 1)];
        if (_at == At.ChunkSize)
        {
            AddDigits(part);
        }
        _lineLength += part.Length;
        if (_lineLength > LongestChunkLine)
        {
            return GiveUp(bytes);
        }
        if (end >= 0)
        {
            var isEmpty = _lineLength <= 2;
            (_at, _lineLength) = _at switch
            {
                At.ChunkSize => (_left == 0 ? At.Trailers : At.ChunkData, 0),
                At.ChunkEnd => (At.ChunkSize, 0),
                _ => (isEmpty ? At.Head : At.Trailers, 0),
            };
            _sizeIsRead = false;
        }
        return part.Length;
    }

    private void AddDigits(ReadOnlySpan<byte> part)
    {
        foreach (var letter in part)
        {
            var digit = letter switch
            {
                >= (byte)'0' and <= (byte)'9' => letter - '0',
                >= (byte)'a' and <= (byte)'f' => letter - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => letter - 'A' + 10,
                _ => -1,
            };
            _sizeIsRead |= digit < 0;
            if (!_sizeIsRead)
            {
                _left = (_left << 4) | (long)digit;
            }
        }
    }

    private int GiveUp(ReadOnlySpan<byte> bytes)
    {
        (_at, _isComplete, _length) = (At.Nowhere, false, 0);
        return bytes.Length;
    }

    // Where the next request begins.
    private void Frame()
    {
        var section = _bytes.AsSpan(0, _length);
        if (section.StartsWith(Http2Preface))
        {
            GiveUp(section);
            return;
        }
        if (section.Trim("\r\n"u8).IsEmpty)
        {
            // Line ends before a request line are passed over (RFC 9112 §2.2).
            (_length, _isComplete) = (0, false);
            return;
        }
        (_at, _left) = (At.Head, 0);
        foreach (var line in new HeaderLines(section))
        {
            if (EqualsLetters(line.Name, "transfer-encoding"u8))
            {
                (_at, _left, _lineLength) = (At.ChunkSize, 0, 0);
                return;
            }
            if (EqualsLetters(line.Name, "upgrade"u8))
            {
                _at = At.Nowhere;
                return;
            }
            if (EqualsLetters(line.Name, "content-length"u8))
            {
                if (!Utf8Parser.TryParse(line.Value, out long length, out var read) || read != line.Value.Length || length < 0)
                {
                    _at = At.Nowhere;
                    return;
                }
                (_at, _left) = length == 0 ? (At.Head, 0) : (At.Body, length);
            }
        }
    }

    private static bool EqualsLetters(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower) => System.Text.Ascii.EqualsIgnoreCase(name, lower);
}
