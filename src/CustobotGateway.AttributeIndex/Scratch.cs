namespace CustobotGateway.AttributeIndex;

/// <summary>The working space of one search; kept by the thread and used again by its next one.</summary>
internal sealed class Scratch
{
    [ThreadStatic]
    private static Scratch? _kept;

    private readonly List<FacetCounter> _facets = [];

    private Scratch() => Evaluator = new FilterEvaluator(Filters);

    public CompiledFilter Filters { get; } = new();

    public FilterEvaluator Evaluator { get; }

    public Selection Selection { get; } = new();

    public Ranking Ranking { get; } = new();

    public Scorer Scorer { get; } = new();

    public ulong[] Bits { get; } = new ulong[Chunk.MaxWords];

    public ulong[] Bits2 { get; } = new ulong[Chunk.MaxWords];

    public ulong[] Bits3 { get; } = new ulong[Chunk.MaxWords];

    public int[] CodeCounts { get; } = new int[Chunk.MaxRows + 1];

    public int[] MoreCounts { get; } = new int[byte.MaxValue + 1];

    public double[] Scores { get; } = new double[Chunk.MaxRows];

    public FacetCounter Facet(int index)
    {
        while (_facets.Count <= index)
        {
            _facets.Add(new FacetCounter());
        }
        return _facets[index];
    }

    /// <summary>This thread's scratch, or a new one while it is in use (a visitor that searches).</summary>
    public static Scratch Rent()
    {
        var scratch = _kept ?? new Scratch();
        _kept = null;
        scratch.Filters.Clear();
        return scratch;
    }

    public static void Return(Scratch scratch) => _kept = scratch;
}
