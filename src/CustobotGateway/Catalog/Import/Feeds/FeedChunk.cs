namespace CustobotGateway.Catalog.Import.Feeds;

/// <summary>A run of rows of one file, parsed in one go; its buffer is used again.</summary>
internal sealed class FeedChunk(int capacity)
{
    /// <summary>The rows' bytes.</summary>
    public byte[] Bytes { get; } = new byte[capacity];

    /// <summary>The rows in order.</summary>
    public List<FeedRow> Rows { get; } = [];

    /// <summary>The file.</summary>
    public FeedPart Part { get; set; } = null!;

    /// <summary>The column names of a table; null for other formats.</summary>
    public IReadOnlyList<string>? Header { get; set; }

    /// <summary>The place of the first row in the whole feed, from 1.</summary>
    public long FirstRow { get; set; }

    /// <summary>How many bytes of the whole spool were read to get here.</summary>
    public long BytesDone { get; set; }
}

/// <summary>A row in a chunk.</summary>
/// <param name="Start">Where its bytes begin.</param>
/// <param name="Length">How many there are.</param>
/// <param name="Line">The line on which it begins, from 1.</param>
/// <param name="Fault">Why it cannot be read at all; null where it can.</param>
internal readonly record struct FeedRow(int Start, int Length, long Line, string? Fault = null);

/// <summary>Cuts a file into rows.</summary>
internal interface IFeedReader
{
    /// <summary>The column names of a table; null for other formats.</summary>
    IReadOnlyList<string>? Header { get; }

    /// <summary>Fills the chunk with the next rows; false when there are no more.</summary>
    bool Read(FeedChunk chunk);
}
