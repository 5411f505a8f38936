using CustobotGateway.AttributeIndex.Columns;

namespace CustobotGateway.AttributeIndex;

/// <summary>
/// The documents at one instant. Immutable: a reader takes the current snapshot and keeps it for the whole query, however long that lasts;
/// writers make new ones (<see cref="IndexWriter"/>).
/// </summary>
public sealed class IndexSnapshot
{
    // Of more rows the cells lie closer together, and asking for each would cost more than waiting for some.
    private const int MostExpectedRows = 512;

    private readonly IdMap _ids;

    internal IndexSnapshot(IndexSchema schema, Dictionaries dictionaries, Chunk?[] chunks, IdMap ids)
    {
        (Schema, Dictionaries, Chunks, _ids) = (schema, dictionaries, chunks, ids);
        TextLanguages = [.. schema.Columns.Where(column => column is { FullText: true, Language: not null }).Select(column => column.Language![..2]).Distinct()];
        var (documents, length) = (0L, 0L);
        foreach (var chunk in chunks)
        {
            Count += chunk?.LiveCount ?? 0;
            documents += chunk?.Text is null ? 0 : chunk.Rows;
            length += chunk?.Text?.TotalLength ?? 0;
        }
        TextTotals = (documents, length);
    }

    /// <summary>The columns.</summary>
    public IndexSchema Schema { get; }

    /// <summary>How many documents there are.</summary>
    public int Count { get; }

    internal Dictionaries Dictionaries { get; }

    internal Chunk?[] Chunks { get; }

    internal IdMap Ids => _ids;

    internal IReadOnlyList<string> TextLanguages { get; }

    internal (long Documents, long Length) TextTotals { get; }

    /// <summary>Answers one search. Thread-safe; allocates nothing that grows with the number of documents.</summary>
    public void Search(SearchPlan plan, SearchResult result, CancellationToken cancellationToken = default)
    {
        var scratch = Scratch.Rent();
        try
        {
            Search(plan, result, scratch, cancellationToken);
        }
        finally
        {
            Scratch.Return(scratch);
        }
    }

    private void Search(SearchPlan plan, SearchResult result, Scratch scratch, CancellationToken cancellationToken)
    {
        result.Clear(plan.Facets.Count);
        var root = plan.Filter is null ? -1 : scratch.Filters.Add(plan.Filter, this);
        scratch.Ranking.Begin(plan, this);
        scratch.Scorer.Begin(plan, this, scratch.Filters);
        for (var i = 0; i < plan.Facets.Count; i++)
        {
            scratch.Facet(i).Begin(plan.Facets[i], this);
            for (var range = 0; range < plan.Facets[i].Ranges.Count; range++)
            {
                result.Facets[i].Ranges.Add(0);
            }
        }
        var scored = scratch.Scorer.IsNeeded && SortsByScore(plan);
        for (var index = 0; index < Chunks.Length; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Chunks[index] is not { } chunk || !Select(root, chunk, scratch, out var from, out var to))
            {
                continue;
            }
            scratch.Selection.Set(scratch.Bits, from, to);
            ExpectFacets(plan, chunk, from);
            result.Total += scratch.Selection.Count;
            if (scored)
            {
                scratch.Scorer.Score(chunk, scratch.Bits, from, to, scratch.Scores, scratch.Evaluator, scratch.Bits2);
            }
            scratch.Ranking.Add(index, chunk, scratch.Selection, scored ? scratch.Scores : null, scratch);
            for (var i = 0; i < plan.Facets.Count; i++)
            {
                if (i + 1 < plan.Facets.Count && scratch.Selection.Count <= MostExpectedRows && chunk[plan.Facets[i + 1].Column] is { } next)
                {
                    next.ExpectRows(scratch.Selection.RowsOf(next));
                }
                if (plan.Facets[i].Over is null && !scratch.Facet(i).IsHeavy)
                {
                    scratch.Facet(i).Add(chunk, scratch.Selection, result.Facets[i], scratch);
                }
            }
        }
        scratch.Ranking.Finish(result);
        for (var i = 0; i < plan.Facets.Count; i++)
        {
            if (plan.Facets[i].Over is null && !scratch.Facet(i).IsHeavy)
            {
                scratch.Facet(i).Finish(result.Total, result.Facets[i]);
            }
        }
        SearchOthers(plan, result, scratch, cancellationToken);
        if (!scored && scratch.Scorer.IsNeeded)
        {
            ScoreHits(result, scratch);
        }
    }

    // A facet costs little more than the waits for its column, which lies in no cache; so they are all asked for first.
    private static void ExpectFacets(SearchPlan plan, Chunk chunk, int fromWord)
    {
        for (var i = 0; i < plan.Facets.Count; i++)
        {
            chunk.Expect(plan.Facets[i].Column);
        }
        for (var i = 0; i < plan.Facets.Count; i++)
        {
            chunk[plan.Facets[i].Column]?.Expect(fromWord << 6);
        }
    }

    // Facets that leave out the constraints of their own column, one more pass for each condition that is left; and those of very
    // many values, a pass for each.
    private void SearchOthers(SearchPlan plan, SearchResult result, Scratch scratch, CancellationToken cancellationToken)
    {
        for (var i = 0; i < plan.Facets.Count; i++)
        {
            var heavy = scratch.Facet(i).IsHeavy;
            var filter = plan.Facets[i].Over ?? plan.Filter;
            if ((plan.Facets[i].Over is null && !heavy) || (!heavy && IsCounted(i)))
            {
                continue;
            }
            var root = filter is null ? -1 : scratch.Filters.Add(filter, this);
            var total = 0L;
            for (var index = 0; index < Chunks.Length; index++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Chunks[index] is not { } chunk || !Select(root, chunk, scratch, out var from, out var to))
                {
                    continue;
                }
                scratch.Selection.Set(scratch.Bits, from, to);
                total += scratch.Selection.Count;
                for (var same = i; same < plan.Facets.Count; same++)
                {
                    if (IsTogether(i, same))
                    {
                        scratch.Facet(same).Add(chunk, scratch.Selection, result.Facets[same], scratch);
                    }
                }
            }
            for (var same = i; same < plan.Facets.Count; same++)
            {
                if (IsTogether(i, same))
                {
                    scratch.Facet(same).Finish(total, result.Facets[same]);
                }
            }
        }

        bool IsTogether(int first, int other) =>
            first == other || (!scratch.Facet(first).IsHeavy && !scratch.Facet(other).IsHeavy && ReferenceEquals(plan.Facets[first].Over, plan.Facets[other].Over));

        bool IsCounted(int facet)
        {
            for (var i = 0; i < facet; i++)
            {
                if (IsTogether(i, facet))
                {
                    return true;
                }
            }
            return false;
        }
    }

    private void ScoreHits(SearchResult result, Scratch scratch)
    {
        for (var i = 0; i < result.Hits.Count; i++)
        {
            var (chunk, row) = result.Hits[i].Document;
            var word = row >> 6;
            scratch.Bits[word] = 1UL << (row & 63);
            scratch.Scorer.Score(Chunks[chunk]!, scratch.Bits, word, word + 1, scratch.Scores, scratch.Evaluator, scratch.Bits2);
            result.Hits[i] = result.Hits[i] with { Score = scratch.Scores[row] };
        }
    }

    private static bool SortsByScore(SearchPlan plan)
    {
        for (var i = 0; i < plan.Sort.Count; i++)
        {
            if (plan.Sort[i].Source == SortSource.Score)
            {
                return true;
            }
        }
        return false;
    }

    // The matching rows of a chunk in scratch.Bits; false when there are none.
    private static bool Select(int root, Chunk chunk, Scratch scratch, out int from, out int to)
    {
        chunk.Live.CopyTo(scratch.Bits, 0);
        (from, to) = (0, chunk.Words);
        return root < 0 ? BitKernels.Shrink(scratch.Bits, ref from, ref to) : scratch.Evaluator.Keep(root, chunk, scratch.Bits, ref from, ref to);
    }

    /// <summary>How many documents match.</summary>
    public long CountMatches(Filter? filter)
    {
        var scratch = Scratch.Rent();
        try
        {
            var root = filter is null ? -1 : scratch.Filters.Add(filter, this);
            var count = 0L;
            foreach (var chunk in Chunks)
            {
                if (chunk is not null && Select(root, chunk, scratch, out var from, out var to))
                {
                    count += BitKernels.Count(scratch.Bits.AsSpan(from, to - from));
                }
            }
            return count;
        }
        finally
        {
            Scratch.Return(scratch);
        }
    }

    /// <summary>Calls back for each document that matches, in the order of the layout.</summary>
    public void ForEachMatch(Filter? filter, Action<DocumentRef> visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        var scratch = Scratch.Rent();
        try
        {
            var root = filter is null ? -1 : scratch.Filters.Add(filter, this);
            for (var index = 0; index < Chunks.Length; index++)
            {
                if (Chunks[index] is not { } chunk || !Select(root, chunk, scratch, out var from, out var to))
                {
                    continue;
                }
                for (var word = from; word < to; word++)
                {
                    for (var rest = scratch.Bits[word]; rest != 0; rest &= rest - 1)
                    {
                        visit(new DocumentRef(index, (word << 6) + System.Numerics.BitOperations.TrailingZeroCount(rest)));
                    }
                }
            }
        }
        finally
        {
            Scratch.Return(scratch);
        }
    }

    /// <summary>Whether one document matches.</summary>
    public bool Matches(Filter filter, DocumentRef document)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var scratch = Scratch.Rent();
        try
        {
            var root = scratch.Filters.Add(filter, this);
            var from = document.Row >> 6;
            var to = from + 1;
            scratch.Bits[from] = 1UL << (document.Row & 63);
            return scratch.Evaluator.Keep(root, Chunks[document.Chunk]!, scratch.Bits, ref from, ref to);
        }
        finally
        {
            Scratch.Return(scratch);
        }
    }

    /// <summary>How many documents have a value in the column.</summary>
    public int FilledCount(int column)
    {
        var filled = 0;
        foreach (var chunk in Chunks)
        {
            if (chunk?[column] is not { } values)
            {
                continue;
            }
            if (chunk.LiveCount == chunk.Rows)
            {
                filled += values.Filled;
                continue;
            }
            for (var word = values.StartWord; word < Math.Min(values.EndWord, chunk.Words); word++)
            {
                filled += System.Numerics.BitOperations.PopCount(values.Present(word) & chunk.Live[word]);
            }
        }
        return filled;
    }

    /// <summary>
    /// Asks the processor for the cells of documents that will be read next, so that the waits for them overlap: they lie far apart, and a page of hits is
    /// read cell by cell. Changes nothing.
    /// </summary>
    public void Expect(IReadOnlyList<Hit> hits, ReadOnlySpan<int> columns)
    {
        ArgumentNullException.ThrowIfNull(hits);
        Span<int> term = stackalloc int[1];
        // What a cell leads to is asked for when the cell has come: in rounds over the page.
        for (var round = 0; round < 4; round++)
        {
            foreach (var column in columns)
            {
                var ofTerms = (uint)column < (uint)Schema.Columns.Count && Schema.Columns[column].Kind == ColumnKind.Keyword;
                if (round > 1 && !ofTerms)
                {
                    continue;
                }
                for (var i = 0; i < hits.Count; i++)
                {
                    var (chunk, row) = hits[i].Document;
                    if (Chunks[chunk]![column] is not { } cells)
                    {
                        continue;
                    }
                    switch (round)
                    {
                        case 0:
                            cells.Expect(row);
                            break;
                        case 1:
                            cells.ExpectValue(row);
                            break;
                        case 2 when GetTerms(hits[i].Document, column, term) > 0:
                            Dictionaries[column].Expect(term[0]);
                            break;
                        case 3 when GetTerms(hits[i].Document, column, term) > 0:
                            Dictionaries[column].ExpectLiteral(term[0]);
                            break;
                    }
                }
            }
        }
    }

    /// <summary>The document of that id.</summary>
    public bool TryFind(long id, out DocumentRef document) => _ids.TryGet(id, out document);

    /// <summary>The id of a document.</summary>
    public long GetId(DocumentRef document) => Chunks[document.Chunk]!.Id(document.Row);

    /// <summary>Asks for the id of a document (<see cref="Ahead"/>).</summary>
    internal void ExpectId(DocumentRef document) => Chunks[document.Chunk]!.ExpectId(document.Row);

    /// <summary>Whether a document has a value in the column.</summary>
    public bool HasValue(DocumentRef document, int column) => Chunks[document.Chunk]![column]?.Has(document.Row) ?? false;

    /// <summary>The value of a Number column.</summary>
    public bool TryGetNumber(DocumentRef document, int column, out double value)
    {
        value = 0;
        if (Chunks[document.Chunk]![column] is not CodeColumn { Numbers: { } numbers } codes || codes.CodeAt(document.Row) is not (> 0 and var code))
        {
            return false;
        }
        value = numbers[code - 1];
        return true;
    }

    /// <summary>Writes the value of a Number column as JSON number in its shortest form; false when there is none. 32 bytes are enough.</summary>
    public bool TryFormatNumber(DocumentRef document, int column, Span<byte> destination, out int written)
    {
        written = 0;
        return Chunks[document.Chunk]![column] is CodeColumn { Numbers: { } numbers } codes
            && codes.CodeAt(document.Row) is > 0 and var code && numbers.TryFormat(code - 1, destination, out written);
    }

    /// <summary>Writes any number as TryFormatNumber writes those of documents.</summary>
    public static bool TryFormatNumber(double value, Span<byte> destination, out int written) => NumberValues.FormatDouble(value, destination, out written);

    /// <summary>The dictionary ids of the terms of a Keyword (at most one) or KeywordSet column, in dictionary order; returns how many were written.</summary>
    public int GetTerms(DocumentRef document, int column, Span<int> terms)
    {
        switch (Chunks[document.Chunk]![column])
        {
            case CodeColumn { Terms: { } dictionary } codes when codes.CodeAt(document.Row) is > 0 and var code:
                terms[0] = dictionary[code - 1];
                return 1;
            case SetColumn set:
                return set.CopyTerms(document.Row, terms);
            default:
                return 0;
        }
    }

    /// <summary>The value of a Geo column, in degrees.</summary>
    public bool TryGetGeo(DocumentRef document, int column, out double latitude, out double longitude)
    {
        (latitude, longitude) = (0, 0);
        if (Chunks[document.Chunk]![column] is not GeoColumn geo || !geo.Has(document.Row))
        {
            return false;
        }
        (latitude, longitude) = geo[document.Row];
        return true;
    }

    /// <summary>Metres between two places along the great circle, as <see cref="Within"/> measures them.</summary>
    public static double Metres(double latitude, double longitude, double otherLatitude, double otherLongitude) =>
        GeoColumn.Metres(latitude, longitude, otherLatitude, otherLongitude);

    /// <summary>The value of a Text column as a JSON string literal with its quotes; empty when there is none.</summary>
    public ReadOnlySpan<byte> GetTextJson(DocumentRef document, int column) =>
        Chunks[document.Chunk]![column] is TextColumn text ? text[document.Row] : default;

    /// <summary>How many terms the dictionary of a Keyword or KeywordSet column has; some may have no document any more.</summary>
    public int TermCount(int column) => Dictionaries[column].Count;

    /// <summary>A term's text.</summary>
    public string Term(int column, int term) => JsonLiteral.Read(Dictionaries[column].Literal(term));

    /// <summary>Whether a document has, or once had, this term in a keyword column.</summary>
    public bool HasTerm(int column, string term)
    {
        ArgumentNullException.ThrowIfNull(term);
        var text = System.Text.Encoding.UTF8.GetBytes(term);
        var literal = new byte[JsonLiteral.MaxSize(text.Length)];
        return Dictionaries[column].Find(literal.AsSpan(0, JsonLiteral.Write(text, literal))) >= 0;
    }

    /// <summary>A term as a JSON string literal with its quotes.</summary>
    public ReadOnlySpan<byte> TermJson(int column, int term) => Dictionaries[column].Literal(term);

    /// <summary>The dictionary id of a term; -1 when no document ever had it.</summary>
    public int FindTerm(int column, string term) => Dictionaries[column].Find(term);

    /// <summary>Bytes of memory that the snapshot holds, dictionaries included.</summary>
    public long MemoryBytes => Dictionaries.MemoryBytes + _ids.MemoryBytes + Chunks.Sum(chunk => chunk?.MemoryBytes ?? 0);
}
