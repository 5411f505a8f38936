namespace CustobotGateway.Bargaining;

/// <summary>Chance without a state: a number that follows from a seed and a place, so that a negotiation can be decided again from its acts.</summary>
public static class Chance
{
    /// <summary>SplitMix64's output function (Steele, Lea and Flood 2014).</summary>
    public static ulong Of(int seed, int place)
    {
        var x = ((ulong)(uint)seed << 32 | (uint)place) + 0x9E3779B97F4A7C15UL;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }

    /// <summary>From 0 to below 1.</summary>
    public static double Share(int seed, int place) => (Of(seed, place) >> 11) * (1.0 / (1UL << 53));
}
