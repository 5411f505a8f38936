namespace CustobotGateway.BotDetection.Scoring;

/// <summary>
/// The brands that a Chromium tells in <c>sec-ch-ua</c>. One of them is made up, differently for each major version and by a published rule,
/// so that servers do not rely on the list: a list written by hand, or carried over from another version, does not follow it.
/// </summary>
internal readonly ref struct BrandList
{
    /// <summary>From this version on the rule has been the same.</summary>
    public const int RuleSince = 110;

    private const int MostBrands = 6;

    /// <summary>Chromium's version as the list tells it; 0 where it tells none.</summary>
    public int ChromiumVersion { get; private init; }

    /// <summary>Whether the made-up brand, its version and its place are those of <see cref="ChromiumVersion"/>; true where no rule is known.</summary>
    public bool FollowsRule { get; private init; }

    public bool NamesEdge { get; private init; }

    public bool NamesChrome { get; private init; }

    public bool NamesHeadless { get; private init; }

    public static BrandList Read(ReadOnlySpan<char> header)
    {
        var (brands, chromiumAt, madeUpAt, version) = (0, -1, -1, 0);
        bool edge = false, chrome = false, headless = false;
        ReadOnlySpan<char> madeUp = [], madeUpVersion = [];
        while (brands < MostBrands && Next(ref header, out var brand, out var brandVersion))
        {
            if (brand.SequenceEqual("Chromium"))
            {
                (chromiumAt, version) = (brands, BrowserClaim.Number(brandVersion, out _));
            }
            else if (brand.Contains("Not", StringComparison.Ordinal) && brand.Contains("Brand", StringComparison.Ordinal))
            {
                madeUpAt = brands;
                madeUp = brand;
                madeUpVersion = brandVersion;
            }
            edge |= brand.StartsWith("Microsoft Edge", StringComparison.Ordinal);
            chrome |= brand.SequenceEqual("Google Chrome");
            headless |= brand.Contains("Headless", StringComparison.Ordinal);
            brands++;
        }
        var follows = version < RuleSince
            ? brands > 0
            : chromiumAt >= 0 && madeUpAt >= 0 && IsMadeUpOf(version, madeUp, madeUpVersion) && IsPlaceOf(version, brands, madeUpAt, chromiumAt);
        return new() { ChromiumVersion = version, FollowsRule = follows, NamesEdge = edge, NamesChrome = chrome, NamesHeadless = headless };
    }

    // "Not" ? "A" ? "Brand", with characters and a version that follow from the major version.
    private static bool IsMadeUpOf(int version, ReadOnlySpan<char> brand, ReadOnlySpan<char> brandVersion)
    {
        const string characters = " (:-./);=?_";
        return brand.Length == 11 && brand.StartsWith("Not", StringComparison.Ordinal) && brand[3] == characters[version % 11] && brand[4] == 'A'
            && brand[5] == characters[(version + 1) % 11] && brand.EndsWith("Brand", StringComparison.Ordinal)
            && brandVersion.SequenceEqual((version % 3) switch { 0 => "8", 1 => "99", _ => "24" });
    }

    private static bool IsPlaceOf(int version, int brands, int madeUpAt, int chromiumAt) => brands switch
    {
        2 => madeUpAt == version % 2,
        3 => (madeUpAt, chromiumAt) == (version % 6) switch { 0 => (0, 1), 1 => (0, 2), 2 => (1, 0), 3 => (1, 2), 4 => (2, 0), _ => (2, 1) },
        // Browsers with a fourth brand of their own have an order that nobody published.
        _ => brands > 3,
    };

    private static bool Next(scoped ref ReadOnlySpan<char> list, out ReadOnlySpan<char> brand, out ReadOnlySpan<char> version)
    {
        brand = version = [];
        if (list.IndexOf('"') is not (var open and >= 0) || list[(open + 1)..].IndexOf('"') is not (var length and >= 0))
        {
            return false;
        }
        brand = list.Slice(open + 1, length);
        list = list[(open + length + 2)..];
        if (list.StartsWith(";v=\"", StringComparison.Ordinal) && list[4..].IndexOf('"') is var end and >= 0)
        {
            version = list.Slice(4, end);
            list = list[(end + 5)..];
        }
        return true;
    }
}
