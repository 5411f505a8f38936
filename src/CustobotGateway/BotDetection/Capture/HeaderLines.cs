namespace CustobotGateway.BotDetection.Capture;

/// <summary>Walks the lines of a header section: the name as sent and the value without the spaces around it. The request line is passed over; so is what is no header line.</summary>
internal ref struct HeaderLines(ReadOnlySpan<byte> section)
{
    private ReadOnlySpan<byte> _left = section.IndexOf((byte)'\n') is var end and >= 0 ? section[(end + 1)..] : [];

    /// <summary>The line.</summary>
    public Line Current { get; private set; }

    public readonly HeaderLines GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_left.IndexOf((byte)'\n') is var end and >= 0)
        {
            var line = _left[..end].TrimEnd((byte)'\r');
            _left = _left[(end + 1)..];
            if (line.IndexOf((byte)':') is var colon and > 0)
            {
                Current = new Line(line[..colon], line[(colon + 1)..].Trim(" \t"u8));
                return true;
            }
        }
        return false;
    }

    /// <summary>One header line.</summary>
    internal readonly ref struct Line(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        public ReadOnlySpan<byte> Name { get; } = name;

        public ReadOnlySpan<byte> Value { get; } = value;
    }
}
