namespace CustobotGateway.AttributeIndex;

/// <summary>
/// Where each id is. Ids are row numbers of a database, so they are dense: a page of places for each 4,096 ids, shared between
/// snapshots until one of its ids moves.
/// </summary>
internal sealed class IdMap
{
    /// <summary>Ids are below this.</summary>
    public const long Limit = 1L << 34;

    private const int PageBits = 12;
    private readonly int[]?[] _pages;

    private IdMap(int[]?[] pages) => _pages = pages;

    public static IdMap Empty { get; } = new([]);

    public long MemoryBytes => (8L * _pages.Length) + _pages.Sum(page => page is null ? 0L : 24 + (4L * page.Length));

    public bool TryGet(long id, out DocumentRef document)
    {
        document = default;
        var page = id >> PageBits;
        if (id < 0 || page >= _pages.Length || _pages[page] is not { } places || places[id & ((1 << PageBits) - 1)] is 0)
        {
            return false;
        }
        var place = places[id & ((1 << PageBits) - 1)] - 1;
        document = new DocumentRef(place >> Chunk.RowBits, place & (Chunk.MaxRows - 1));
        return true;
    }

    public Editor Edit() => new(this);

    /// <summary>Changes that become a new map; pages are copied when first written.</summary>
    public sealed class Editor(IdMap map)
    {
        private readonly HashSet<long> _own = [];
        private int[]?[] _pages = [.. map._pages];

        public void Set(long id, int chunk, int row) => Page(id)[id & ((1 << PageBits) - 1)] = ((chunk << Chunk.RowBits) | row) + 1;

        public void Remove(long id) => Page(id)[id & ((1 << PageBits) - 1)] = 0;

        public bool TryGet(long id, out DocumentRef document) => new IdMap(_pages).TryGet(id, out document);

        public IdMap ToMap() => new(_pages);

        private int[] Page(long id)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(id);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, Limit);
            var page = id >> PageBits;
            if (page >= _pages.Length)
            {
                Array.Resize(ref _pages, (int)Math.Max(page + 1, _pages.Length + (_pages.Length / 4)));
            }
            if (_own.Add(page))
            {
                _pages[page] = _pages[page] is { } shared ? [.. shared] : new int[1 << PageBits];
            }
            return _pages[page]!;
        }
    }
}
