using System.Text;
using CustobotGateway.BotDetection.Scoring;

namespace CustobotGateway.BotDetection.Recognition;

/// <summary>
/// Reads a connection's captured header sections. A client that keeps its connection repeats most lines from request to request: those keep their strings.
/// </summary>
internal sealed class RequestHeaders
{
    /// <summary>How many lines are looked at; a caller that sends more is not judged by the rest.</summary>
    public const int MostLines = 128;

    private byte[] _section = [];
    private int _length;
    private (int Start, int Length)[] _lines = [];
    private KeyValuePair<string, string>[] _pairs = [];
    private int _count;
    private int _start;
    private ReceivedHeaders _read = ReceivedHeaders.Empty;

    /// <summary>The headers of the section, in order and case as sent; the very same object where nothing but the request line changed.</summary>
    public ReceivedHeaders Read(ReadOnlySpan<byte> section)
    {
        var before = _section.AsSpan(0, _length);
        var place = section.IndexOf((byte)'\n') + 1;
        if (_length > 0 && section[place..].SequenceEqual(before[_start..]))
        {
            return _read;
        }
        var start = place;
        // A new array each time: who judged the request before may still hold the last one.
        var pairs = new KeyValuePair<string, string>[Math.Max(_count, 16)];
        var lines = new (int Start, int Length)[pairs.Length];
        var count = 0;
        for (var left = section[place..]; count < MostLines && left.IndexOf((byte)'\n') is var end and >= 0; left = section[place..])
        {
            var line = left[..end].TrimEnd((byte)'\r');
            if (line.IndexOf((byte)':') is var colon and > 0)
            {
                if (count == pairs.Length)
                {
                    Array.Resize(ref pairs, count * 2);
                    Array.Resize(ref lines, count * 2);
                }
                lines[count] = (place, line.Length);
                pairs[count] = count < _count && before.Slice(_lines[count].Start, _lines[count].Length).SequenceEqual(line)
                    ? _pairs[count]
                    : new(Encoding.Latin1.GetString(line[..colon]), Encoding.UTF8.GetString(line[(colon + 1)..].Trim(" \t"u8)));
                count++;
            }
            place += end + 1;
        }
        if (_section.Length < section.Length)
        {
            _section = new byte[section.Length + 64];
        }
        section.CopyTo(_section);
        (_length, _start, _lines, _pairs, _count) = (section.Length, start, lines, pairs, count);
        return _read = new ReceivedHeaders(pairs.AsMemory(0, count), orderIsKnown: true);
    }
}
