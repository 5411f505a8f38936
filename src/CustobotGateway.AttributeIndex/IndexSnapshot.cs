namespace CustobotGateway.AttributeIndex;

/// <summary>
/// The documents at one instant. Immutable: a reader takes the current snapshot and keeps it for the whole query, however long that lasts;
/// writers make new ones (<see cref="IndexWriter"/>).
/// </summary>
public sealed partial class IndexSnapshot
{
    /// <summary>The columns.</summary>
    public IndexSchema Schema => throw new NotSupportedException();

    /// <summary>How many documents there are.</summary>
    public int Count => throw new NotSupportedException();

    /// <summary>Answers one search. Thread-safe; allocates nothing that grows with the number of documents.</summary>
    public void Search(SearchPlan plan, SearchResult result, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>How many documents match.</summary>
    public long CountMatches(Filter? filter) => throw new NotSupportedException();

    /// <summary>Calls back for each document that matches, in the order of the layout.</summary>
    public void ForEachMatch(Filter? filter, Action<DocumentRef> visit) => throw new NotSupportedException();

    /// <summary>Whether one document matches.</summary>
    public bool Matches(Filter filter, DocumentRef document) => throw new NotSupportedException();

    /// <summary>How many documents have a value in the column.</summary>
    public int FilledCount(int column) => throw new NotSupportedException();

    /// <summary>The document of that id.</summary>
    public bool TryFind(long id, out DocumentRef document) => throw new NotSupportedException();

    /// <summary>The id of a document.</summary>
    public long GetId(DocumentRef document) => throw new NotSupportedException();

    /// <summary>Whether a document has a value in the column.</summary>
    public bool HasValue(DocumentRef document, int column) => throw new NotSupportedException();

    /// <summary>The value of a Number column.</summary>
    public bool TryGetNumber(DocumentRef document, int column, out double value) => throw new NotSupportedException();

    /// <summary>Writes the value of a Number column as JSON number in its shortest form; false when there is none. 24 bytes are enough.</summary>
    public bool TryFormatNumber(DocumentRef document, int column, Span<byte> destination, out int written) => throw new NotSupportedException();

    /// <summary>The dictionary ids of the terms of a Keyword (at most one) or KeywordSet column, in dictionary order; returns how many were written.</summary>
    public int GetTerms(DocumentRef document, int column, Span<int> terms) => throw new NotSupportedException();

    /// <summary>The value of a Geo column, in degrees.</summary>
    public bool TryGetGeo(DocumentRef document, int column, out double latitude, out double longitude) => throw new NotSupportedException();

    /// <summary>The value of a Text column as a JSON string literal with its quotes; empty when there is none.</summary>
    public ReadOnlySpan<byte> GetTextJson(DocumentRef document, int column) => throw new NotSupportedException();

    /// <summary>How many terms the dictionary of a Keyword or KeywordSet column has; some may have no document any more.</summary>
    public int TermCount(int column) => throw new NotSupportedException();

    /// <summary>A term's text.</summary>
    public string Term(int column, int term) => throw new NotSupportedException();

    /// <summary>A term as a JSON string literal with its quotes.</summary>
    public ReadOnlySpan<byte> TermJson(int column, int term) => throw new NotSupportedException();

    /// <summary>The dictionary id of a term; -1 when no document ever had it.</summary>
    public int FindTerm(int column, string term) => throw new NotSupportedException();

    /// <summary>Bytes of memory that the snapshot holds.</summary>
    public long MemoryBytes => throw new NotSupportedException();
}
