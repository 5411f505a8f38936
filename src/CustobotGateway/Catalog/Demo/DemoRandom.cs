namespace CustobotGateway.Catalog.Demo;

/// <summary>Numbers that are the same on every machine and in every version (SplitMix64), so that the demo shop is too.</summary>
internal sealed class DemoRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>One number for choices that belong together.</summary>
    public int Shared { get; } = (int)(seed % 1009);

    /// <summary>From 0 to below the bound.</summary>
    public int Next(int bound) => (int)(NextBits() % (ulong)bound);

    /// <summary>True for so many of a hundred.</summary>
    public bool Chance(int percent) => Next(100) < percent;

    /// <summary>One of the items.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    /// <summary>From 0 to below 1, in steps of a millionth.</summary>
    public decimal Fraction() => Next(1_000_000) / 1_000_000m;

    private ulong NextBits()
    {
        var bits = _state += 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
