using CustobotGateway.AttributeIndex.Columns;

namespace CustobotGateway.AttributeIndex;

/// <summary>
/// Takes documents one after the other. Begin, then a call for each value, then End; a column that gets no call has no value.
/// Not thread-safe.
/// </summary>
public sealed class DocumentWriter
{
    private readonly IndexWriter _index;
    private byte[] _literal = new byte[1024];
    private long _id;
    private int _cluster;

    internal DocumentWriter(IndexWriter index) => _index = index;

    /// <summary>Starts a document. Ids are 0 to 2^34.</summary>
    public void Begin(long id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, IdMap.Limit);
        (_id, _cluster) = (id, -1);
        _index.Pending.Begin();
    }

    /// <summary>The value of a Number column.</summary>
    public void Number(int column, double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), "A number must be finite.");
        }
        _index.Pending.Number(column, value == 0 ? 0 : value); // -0 is 0
    }

    /// <summary>The term of a Keyword column, or one more term of a KeywordSet column; UTF-8.</summary>
    public void Keyword(int column, ReadOnlySpan<byte> term)
    {
        var number = _index.Dictionaries[column].Intern(Literal(term));
        if (column == _index.Schema.ClusterBy)
        {
            _cluster = number;
        }
        _index.Pending.Term(column, number);
    }

    /// <summary>The value of a Geo column, in degrees.</summary>
    public void Geo(int column, double latitude, double longitude) => _index.Pending.Geo(column, latitude, longitude);

    /// <summary>The value of a Text column; UTF-8.</summary>
    public void Text(int column, ReadOnlySpan<byte> text) => _index.Pending.Literal(column, Literal(text));

    /// <summary>Ends the document.</summary>
    public void End() => _index.Add(_index.Pending.End(_id, _cluster));

    private ReadOnlySpan<byte> Literal(ReadOnlySpan<byte> text)
    {
        if (_literal.Length < JsonLiteral.MaxSize(text.Length))
        {
            _literal = new byte[JsonLiteral.MaxSize(text.Length)];
        }
        return _literal.AsSpan(0, JsonLiteral.Write(text, _literal));
    }
}

/// <summary>
/// Owns the current snapshot and makes the next ones. One thread writes at a time; readers are never stopped.
/// </summary>
/// <remarks>
/// Documents lie in chunks ordered by cluster and id. A document whose single values change is changed in its place: the touched
/// columns of its chunk are copied. New documents, and those whose texts, sets or cluster change, go to small chunks at the end,
/// which are merged as they grow in number; when those hold much, all is laid out anew in the background.
/// </remarks>
public sealed class IndexWriter
{
    // From so many changed documents on, laying out everything again is cheaper than changing in place.
    private const int MaxIncremental = 32_768;
    private const int MinTailForLayout = 16_384;
    private const double MaxTailShare = 0.15;
    private const double MaxDeadShare = 0.3;

    private readonly Dictionary<long, StoredRow?> _changes = [];
    private readonly List<Dictionary<long, StoredRow?>> _sinceLayout = [];
    private IndexSnapshot _current;
    private ChunkBuilder _builder;
    private Task<IndexSnapshot>? _layout;
    private int _clustered;

    /// <summary>A writer of an empty index.</summary>
    public IndexWriter(IndexSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        Schema = schema;
        Dictionaries.Extend(schema.Columns.Count);
        Documents = new DocumentWriter(this);
        _builder = new ChunkBuilder(schema, Dictionaries);
        _current = new IndexSnapshot(schema, Dictionaries, [], IdMap.Empty);
    }

    /// <summary>The columns as they are now.</summary>
    public IndexSchema Schema { get; private set; }

    /// <summary>What readers see.</summary>
    public IndexSnapshot Current => Volatile.Read(ref _current);

    /// <summary>A writer for documents that come next: added, or put in place of the one of the same id. They are seen from <see cref="Commit"/> on.</summary>
    public DocumentWriter Documents { get; }

    internal Dictionaries Dictionaries { get; } = new();

    internal RowStore Pending { get; private set; } = new();

    /// <summary>Takes a document out, from the next <see cref="Commit"/> on.</summary>
    public void Remove(long id) => _changes[id] = null;

    internal void Add(in StoredRow row) => _changes[row.Id] = row;

    /// <summary>Appends columns, from the next <see cref="Commit"/> on.</summary>
    public void Extend(IndexSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (!schema.Columns.Take(Schema.Columns.Count).SequenceEqual(Schema.Columns))
        {
            throw new ArgumentException("A schema may only append columns.", nameof(schema));
        }
        FinishLayout(wait: true);
        Schema = schema;
        Dictionaries.Extend(schema.Columns.Count);
        _builder = new ChunkBuilder(schema, Dictionaries);
        Volatile.Write(ref _current, new IndexSnapshot(Schema, Dictionaries, _current.Chunks, _current.Ids));
    }

    /// <summary>Makes and publishes a snapshot with all that came since the last one.</summary>
    public IndexSnapshot Commit()
    {
        FinishLayout(wait: false);
        if (_changes.Count == 0)
        {
            return _current;
        }
        if (_changes.Count > MaxIncremental || _changes.Count * 2 > _current.Count)
        {
            FinishLayout(wait: true);
            var snapshot = LayOut(_current, _changes);
            _clustered = snapshot.Chunks.Length;
            Volatile.Write(ref _current, snapshot);
        }
        else
        {
            Volatile.Write(ref _current, Apply(_current, _changes));
            if (_layout is not null)
            {
                _sinceLayout.Add(new Dictionary<long, StoredRow?>(_changes));
            }
            StartLayoutWhereDue();
        }
        _changes.Clear();
        Pending = new RowStore();
        return _current;
    }

    /// <summary>All documents in the order of clusters, then ids, in full chunks.</summary>
    private IndexSnapshot LayOut(IndexSnapshot from, Dictionary<long, StoredRow?> changes)
    {
        var rows = new List<StoredRow>(from.Count + changes.Count);
        var store = new RowStore();
        foreach (var chunk in from.Chunks)
        {
            for (var row = 0; row < (chunk?.Rows ?? 0); row++)
            {
                if (chunk!.IsLive(row) && !changes.ContainsKey(chunk.Id(row)))
                {
                    rows.Add(Exported(chunk, row, store));
                }
            }
        }
        foreach (var row in changes.Values)
        {
            if (row is { } added)
            {
                rows.Add(added);
            }
        }
        var order = Clustering.Order(rows, Schema, Dictionaries);
        rows.Sort((left, right) => left.Cluster != right.Cluster ? order(left.Cluster).CompareTo(order(right.Cluster)) : left.Id.CompareTo(right.Id));
        var builder = new ChunkBuilder(Schema, Dictionaries);
        var chunks = new List<Chunk>();
        var ids = IdMap.Empty.Edit();
        var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(rows);
        for (var start = 0; start < all.Length; start += Chunk.MaxRows)
        {
            Add(builder.Build(all[start..Math.Min(all.Length, start + Chunk.MaxRows)]), chunks.Count, ids);
        }
        return new IndexSnapshot(Schema, Dictionaries, [.. chunks], ids.ToMap());

        void Add(Chunk chunk, int index, IdMap.Editor into)
        {
            chunks.Add(chunk);
            Place(chunk, index, into);
        }
    }

    private StoredRow Exported(Chunk chunk, int row, RowStore store)
    {
        store.Begin();
        chunk.Export(row, store);
        var cluster = Schema.ClusterBy >= 0 && chunk[Schema.ClusterBy] is CodeColumn { Terms: { } terms } codes && codes.CodeAt(row) is > 0 and var code ? terms[code - 1] : -1;
        return store.End(chunk.Id(row), cluster);
    }

    private static void Place(Chunk chunk, int index, IdMap.Editor ids)
    {
        for (var row = 0; row < chunk.Rows; row++)
        {
            ids.Set(chunk.Id(row), index, row);
        }
    }

    private IndexSnapshot Apply(IndexSnapshot from, Dictionary<long, StoredRow?> changes)
    {
        var chunks = from.Chunks.ToList();
        var ids = from.Ids.Edit();
        var edits = new Dictionary<int, ChunkEdit>();
        var added = new List<StoredRow>();
        foreach (var (id, change) in changes)
        {
            var known = ids.TryGet(id, out var document);
            if (known)
            {
                if (!edits.TryGetValue(document.Chunk, out var edit))
                {
                    edits[document.Chunk] = edit = new ChunkEdit(chunks[document.Chunk]!, Schema);
                }
                if (change is { } inPlace && edit.TryChange(document.Row, inPlace))
                {
                    continue;
                }
                edit.Remove(document.Row);
                ids.Remove(id);
            }
            if (change is { } row)
            {
                added.Add(row);
            }
        }
        foreach (var (index, edit) in edits)
        {
            chunks[index] = edit.Finish();
            if (chunks[index]!.LiveCount == 0)
            {
                chunks[index] = null;
            }
            else if (chunks[index]!.LiveCount < chunks[index]!.Rows * (1 - MaxDeadShare))
            {
                Rebuild(index, chunks, ids);
            }
        }
        added.Sort((left, right) => left.Id.CompareTo(right.Id));
        for (var start = 0; start < added.Count; start += Chunk.MaxRows)
        {
            chunks.Add(_builder.Build(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(added)[start..Math.Min(added.Count, start + Chunk.MaxRows)]));
            Place(chunks[^1]!, chunks.Count - 1, ids);
            MergeTail(chunks, ids);
        }
        while (chunks.Count > _clustered && chunks[^1] is null)
        {
            chunks.RemoveAt(chunks.Count - 1);
        }
        return new IndexSnapshot(Schema, Dictionaries, [.. chunks], ids.ToMap());
    }

    private void Rebuild(int index, List<Chunk?> chunks, IdMap.Editor ids)
    {
        var rows = LiveRows(chunks[index]!);
        chunks[index] = _builder.Build(rows.ToArray());
        Place(chunks[index]!, index, ids);
    }

    private List<StoredRow> LiveRows(Chunk chunk)
    {
        var store = new RowStore();
        var rows = new List<StoredRow>(chunk.LiveCount);
        for (var row = 0; row < chunk.Rows; row++)
        {
            if (chunk.IsLive(row))
            {
                rows.Add(Exported(chunk, row, store));
            }
        }
        return rows;
    }

    // The last two chunks become one while they are of like size, so that a document is moved a logarithmic number of times.
    private void MergeTail(List<Chunk?> chunks, IdMap.Editor ids)
    {
        while (chunks.Count - _clustered >= 2)
        {
            var (before, last) = (chunks[^2], chunks[^1]!);
            if (before is not null && (before.LiveCount > 2 * last.LiveCount || before.LiveCount + last.LiveCount > Chunk.MaxRows))
            {
                return;
            }
            var rows = before is null ? [] : LiveRows(before);
            rows.AddRange(LiveRows(last));
            chunks.RemoveAt(chunks.Count - 1);
            chunks[^1] = _builder.Build(rows.ToArray());
            Place(chunks[^1]!, chunks.Count - 1, ids);
        }
    }

    private void StartLayoutWhereDue()
    {
        var tail = 0;
        for (var index = _clustered; index < _current.Chunks.Length; index++)
        {
            tail += _current.Chunks[index]?.LiveCount ?? 0;
        }
        if (_layout is not null || tail < Math.Max(MinTailForLayout, _current.Count * MaxTailShare))
        {
            return;
        }
        var snapshot = _current;
        _sinceLayout.Clear();
        _layout = Task.Factory.StartNew(() => LayOut(snapshot, []), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void FinishLayout(bool wait)
    {
        if (_layout is null || (!wait && !_layout.IsCompleted))
        {
            return;
        }
        var snapshot = _layout.GetAwaiter().GetResult();
        _layout = null;
        _clustered = snapshot.Chunks.Length;
        foreach (var changes in _sinceLayout)
        {
            snapshot = Apply(snapshot, changes);
        }
        Volatile.Write(ref _current, snapshot);
        _sinceLayout.Clear();
    }
}
