namespace CustobotGateway.Catalog;

/// <summary>The catalogue's limits; section <c>Catalog</c> of the configuration.</summary>
public sealed record CatalogOptions
{
    /// <summary>Bytes that must stay free on the disk of the data folder while a feed is received. Default 1 GiB, at least 0.</summary>
    public long SpoolMinFreeBytes { get; init; } = 1L << 30;

    /// <summary>Bytes that one row of a feed may have. Default 1 MiB, 1 KiB to 16 MiB.</summary>
    public int MaxRowBytes { get; init; } = 1 << 20;

    /// <summary>Bytes that a compressed feed may decompress to. Default 256 GiB, at least 1 MiB.</summary>
    public long MaxDecompressedBytes { get; init; } = 256L << 30;

    /// <summary>
    /// How many times its size a compressed feed may decompress to, once it is past 64 MiB. Default 200, 10 to 1,000: product feeds come to 10 or
    /// 30, a bomb of zeros to 1,030, which is the most that the format can do.
    /// </summary>
    public int MaxCompressionRatio { get; init; } = 200;

    /// <summary>Refused rows that a report lists; all are counted. Default 1,000, 0 to 100,000.</summary>
    public int MaxListedRefusals { get; init; } = 1_000;

    /// <summary>Parts of rows parsed at once. Default 2, 1 to 16.</summary>
    public int ImportParallelism { get; init; } = 2;

    /// <summary>Throws where a value is out of its range.</summary>
    public CatalogOptions Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(SpoolMinFreeBytes);
        ThrowIfOutside(MaxRowBytes, 1 << 10, 16 << 20, nameof(MaxRowBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDecompressedBytes, 1L << 20);
        ThrowIfOutside(MaxCompressionRatio, 10, 1_000, nameof(MaxCompressionRatio));
        ThrowIfOutside(MaxListedRefusals, 0, 100_000, nameof(MaxListedRefusals));
        ThrowIfOutside(ImportParallelism, 1, 16, nameof(ImportParallelism));
        return this;
    }

    private static void ThrowIfOutside(int value, int least, int most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(name, value, $"Catalog:{name} lies between {least} and {most}.");
        }
    }
}
