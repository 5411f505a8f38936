namespace CustobotGateway.AttributeIndex;

/// <summary>
/// Takes documents one after the other. Begin, then a call for each value, then End; a column that gets no call has no value.
/// Not thread-safe.
/// </summary>
public sealed class DocumentWriter
{
    /// <summary>Starts a document.</summary>
    public void Begin(long id) => throw new NotSupportedException();

    /// <summary>The value of a Number column.</summary>
    public void Number(int column, double value) => throw new NotSupportedException();

    /// <summary>The term of a Keyword column, or one more term of a KeywordSet column; UTF-8.</summary>
    public void Keyword(int column, ReadOnlySpan<byte> term) => throw new NotSupportedException();

    /// <summary>The value of a Geo column, in degrees.</summary>
    public void Geo(int column, double latitude, double longitude) => throw new NotSupportedException();

    /// <summary>The value of a Text column; UTF-8.</summary>
    public void Text(int column, ReadOnlySpan<byte> text) => throw new NotSupportedException();

    /// <summary>Ends the document.</summary>
    public void End() => throw new NotSupportedException();
}

/// <summary>
/// Owns the current snapshot and makes the next ones. One writer at a time; readers are never stopped.
/// </summary>
public sealed class IndexWriter(IndexSchema schema)
{
    /// <summary>The columns as they are now.</summary>
    public IndexSchema Schema { get; } = schema;

    /// <summary>What readers see.</summary>
    public IndexSnapshot Current => throw new NotSupportedException();

    /// <summary>A writer for documents that come next: added, or put in place of the one of the same id. They are seen from <see cref="Commit"/> on.</summary>
    public DocumentWriter Documents => throw new NotSupportedException();

    /// <summary>Takes a document out, from the next <see cref="Commit"/> on.</summary>
    public void Remove(long id) => throw new NotSupportedException();

    /// <summary>Appends columns, from the next <see cref="Commit"/> on.</summary>
    public void Extend(IndexSchema schema) => throw new NotSupportedException();

    /// <summary>Makes and publishes a snapshot with all that came since the last one.</summary>
    public IndexSnapshot Commit() => throw new NotSupportedException();
}
