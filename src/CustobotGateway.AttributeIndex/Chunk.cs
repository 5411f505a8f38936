using System.Numerics;
using CustobotGateway.AttributeIndex.Columns;

namespace CustobotGateway.AttributeIndex;

/// <summary>
/// Up to 16,384 documents, column by column: small enough that a bitmap (2 KB) and a column of codes (16 or 32 KB) stay in the
/// first two caches, and that replacing a column for one changed value is cheap. Immutable.
/// </summary>
internal sealed class Chunk
{
    public const int RowBits = 14;
    public const int MaxRows = 1 << RowBits;
    public const int MaxWords = MaxRows / 64;

    private Chunk(long firstId, int[]? offsets, long[]? ids, ulong[] live, int liveCount, Column?[] columns, TextIndex? text) =>
        (_firstId, _offsets, _ids, Live, LiveCount, _columns, Text) = (firstId, offsets, ids, live, liveCount, columns, text);

    private readonly long _firstId;
    private readonly int[]? _offsets;
    private readonly long[]? _ids;
    private readonly Column?[] _columns;

    /// <summary>Rows, dead ones included.</summary>
    public int Rows => _offsets?.Length ?? _ids!.Length;

    /// <summary>Rows that are not removed.</summary>
    public ulong[] Live { get; }

    public int LiveCount { get; }

    public int Words => Live.Length;

    public TextIndex? Text { get; }

    public int ColumnCount => _columns.Length;

    public long MemoryBytes
    {
        get
        {
            var bytes = 100 + (4L * (_offsets?.Length ?? 0)) + (8L * (_ids?.Length ?? 0)) + (8L * Live.Length) + (8L * _columns.Length) + (Text?.MemoryBytes ?? 0);
            foreach (var column in _columns)
            {
                bytes += column?.MemoryBytes ?? 0;
            }
            return bytes;
        }
    }

    public Column? this[int column] => (uint)column < (uint)_columns.Length ? _columns[column] : null;

    /// <summary>Asks for a column (<see cref="Ahead"/>).</summary>
    public void Expect(int column) => Ahead.Object(this[column]);

    /// <summary>Asks for the id of a row.</summary>
    public void ExpectId(int row)
    {
        if (_offsets is not null)
        {
            Ahead.Line(ref _offsets[row]);
        }
        else
        {
            Ahead.Line(ref _ids![row]);
        }
    }

    public long Id(int row) => _offsets is not null ? _firstId + _offsets[row] : _ids![row];

    public bool IsLive(int row) => (Live[row >> 6] >> (row & 63) & 1) != 0;

    public static Chunk Create(ReadOnlySpan<long> ids, Column?[] columns, TextIndex? text)
    {
        var live = new ulong[(ids.Length + 63) / 64];
        live.AsSpan().Fill(ulong.MaxValue);
        if ((ids.Length & 63) != 0)
        {
            live[^1] = (1UL << (ids.Length & 63)) - 1;
        }
        long lowest = long.MaxValue, highest = long.MinValue;
        foreach (var id in ids)
        {
            lowest = Math.Min(lowest, id);
            highest = Math.Max(highest, id);
        }
        if (highest - lowest > int.MaxValue)
        {
            return new Chunk(0, null, ids.ToArray(), live, ids.Length, columns, text);
        }
        var offsets = new int[ids.Length];
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = (int)(ids[i] - lowest);
        }
        return new Chunk(lowest, offsets, null, live, ids.Length, columns, text);
    }

    /// <summary>This chunk with some rows removed and some columns replaced.</summary>
    public Chunk With(IReadOnlyCollection<int> removed, IReadOnlyDictionary<int, Column> replaced)
    {
        var live = Live;
        var liveCount = LiveCount;
        if (removed.Count > 0)
        {
            live = [.. Live];
            foreach (var row in removed)
            {
                live[row >> 6] &= ~(1UL << (row & 63));
            }
            liveCount = live.Sum(BitOperations.PopCount);
        }
        var columns = _columns;
        if (replaced.Count > 0)
        {
            columns = new Column?[Math.Max(_columns.Length, replaced.Keys.Max() + 1)];
            _columns.CopyTo(columns, 0);
            foreach (var (ordinal, column) in replaced)
            {
                columns[ordinal] = column;
            }
        }
        return new Chunk(_firstId, _offsets, _ids, live, liveCount, columns, Text);
    }

    /// <summary>Writes a row's cells, for a chunk that is built from it.</summary>
    public void Export(int row, RowStore into)
    {
        Span<int> terms = stackalloc int[256];
        for (var ordinal = 0; ordinal < _columns.Length; ordinal++)
        {
            switch (_columns[ordinal])
            {
                case CodeColumn { Numbers: { } numbers } codes when codes.CodeAt(row) is > 0 and var code:
                    into.Number(ordinal, numbers[code - 1]);
                    break;
                case CodeColumn { Terms: { } dictionary } codes when codes.CodeAt(row) is > 0 and var code:
                    into.Term(ordinal, dictionary[code - 1]);
                    break;
                case SetColumn set:
                    var space = set.Terms.Length <= terms.Length ? terms : new int[set.Terms.Length];
                    foreach (var term in space[..set.CopyTerms(row, space)])
                    {
                        into.Term(ordinal, term);
                    }
                    break;
                case GeoColumn geo when geo.Has(row):
                    into.Geo(ordinal, geo[row].Latitude, geo[row].Longitude);
                    break;
                case TextColumn text when text[row] is { IsEmpty: false } literal:
                    into.Literal(ordinal, literal);
                    break;
            }
        }
    }
}
