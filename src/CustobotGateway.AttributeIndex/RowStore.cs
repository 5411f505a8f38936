using System.Buffers.Binary;

namespace CustobotGateway.AttributeIndex;

/// <summary>Where a document's cells are kept until a chunk is built from them.</summary>
internal readonly record struct StoredRow(long Id, int Cluster, RowStore Store, int Page, int Offset, int Length)
{
    public ReadOnlySpan<byte> Cells => Store.Cells(this);
}

/// <summary>
/// Documents as they come, one after the other in large pages: for each cell its column and its value. Cheaper than an object for
/// each of a million documents, and dropped as a whole.
/// </summary>
internal sealed class RowStore
{
    private const int PageBytes = 1 << 20;
    private readonly List<byte[]> _pages = [];
    private byte[] _page = [];
    private int _start;
    private int _end;

    /// <summary>Starts a document.</summary>
    public void Begin()
    {
        if (_pages.Count == 0)
        {
            _pages.Add(_page = new byte[1 << 12]);
        }
        _start = _end;
    }

    public void Number(int column, double value)
    {
        var cell = Cell(column, 8);
        BinaryPrimitives.WriteDoubleLittleEndian(cell, value);
    }

    public void Term(int column, int term) => BinaryPrimitives.WriteInt32LittleEndian(Cell(column, 4), term);

    public void Geo(int column, double latitude, double longitude)
    {
        var cell = Cell(column, 16);
        BinaryPrimitives.WriteDoubleLittleEndian(cell, latitude);
        BinaryPrimitives.WriteDoubleLittleEndian(cell[8..], longitude);
    }

    public void Literal(int column, ReadOnlySpan<byte> literal)
    {
        var cell = Cell(column, 4 + literal.Length);
        BinaryPrimitives.WriteInt32LittleEndian(cell, literal.Length);
        literal.CopyTo(cell[4..]);
    }

    /// <summary>Ends the document.</summary>
    public StoredRow End(long id, int cluster) => new(id, cluster, this, _pages.Count - 1, _start, _end - _start);

    public ReadOnlySpan<byte> Cells(StoredRow row) => _pages[row.Page].AsSpan(row.Offset, row.Length);

    private Span<byte> Cell(int column, int bytes)
    {
        var needed = 2 + bytes;
        if (_end + needed > _page.Length)
        {
            // A document never spans two pages: its beginning moves along.
            var length = _end - _start;
            var page = new byte[Math.Max(PageBytes, 2 * (length + needed))];
            _page.AsSpan(_start, length).CopyTo(page);
            _pages.Add(_page = page);
            (_start, _end) = (0, length);
        }
        BinaryPrimitives.WriteUInt16LittleEndian(_page.AsSpan(_end), (ushort)column);
        var cell = _page.AsSpan(_end + 2, bytes);
        _end += needed;
        return cell;
    }
}

/// <summary>Reads the cells of a stored document.</summary>
internal ref struct CellReader(ReadOnlySpan<byte> cells, IReadOnlyList<ColumnDefinition> columns)
{
    private ReadOnlySpan<byte> _rest = cells;
    private ReadOnlySpan<byte> _value;

    public int Column { get; private set; }

    public readonly ColumnKind Kind => columns[Column].Kind;

    public readonly double Number => BinaryPrimitives.ReadDoubleLittleEndian(_value);

    public readonly int Term => BinaryPrimitives.ReadInt32LittleEndian(_value);

    public readonly (double Latitude, double Longitude) Geo => (BinaryPrimitives.ReadDoubleLittleEndian(_value), BinaryPrimitives.ReadDoubleLittleEndian(_value[8..]));

    public readonly ReadOnlySpan<byte> Literal => _value[4..];

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }
        Column = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        var length = Kind switch
        {
            ColumnKind.Number => 8,
            ColumnKind.Geo => 16,
            ColumnKind.Text => 4 + BinaryPrimitives.ReadInt32LittleEndian(_rest[2..]),
            _ => 4,
        };
        _value = _rest.Slice(2, length);
        _rest = _rest[(2 + length)..];
        return true;
    }
}
