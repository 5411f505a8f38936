using System.Net;

namespace CustobotGateway.BotDetection;

/// <summary>How callers are recognised; section <c>BotDetection:Callers</c> of the configuration.</summary>
public sealed record CallerOptions
{
    /// <summary>Whether callers are recognised at all. Default true; without it nobody has a class, a score or a lane.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The proxies before the gateway that are believed.</summary>
    public EdgeOptions Edge { get; init; } = new();

    /// <summary>How many visits are remembered, 1,024 to 4,194,304, a power of two. Default 65,536, some 20 MB when full.</summary>
    public int Visits { get; init; } = 65_536;

    /// <summary>After how many seconds without a request a visit is over, 60 to 86,400. Default 1,800.</summary>
    public int VisitIdleSeconds { get; init; } = 1_800;

    /// <summary>Which decisions are kept.</summary>
    public DecisionLogOptions Log { get; init; } = new();

    /// <summary>Throws where a value is out of its range.</summary>
    public CallerOptions Check()
    {
        if (Visits is < 1_024 or > 4_194_304 || !int.IsPow2(Visits))
        {
            throw new ArgumentOutOfRangeException(nameof(Visits), "BotDetection:Callers:Visits is a power of two from 1,024 to 4,194,304.");
        }
        if (VisitIdleSeconds is < 60 or > 86_400)
        {
            throw new ArgumentOutOfRangeException(nameof(VisitIdleSeconds), "BotDetection:Callers:VisitIdleSeconds lies between 60 and 86,400.");
        }
        Edge.Networks();
        Log.Check();
        return this;
    }
}

/// <summary>Proxies that end connections before the gateway and tell what they saw. Only of the addresses named here are their headers believed.</summary>
public sealed record EdgeOptions
{
    /// <summary>Their addresses, networks in CIDR notation, separated by spaces, such as <c>10.0.0.0/8 127.0.0.1/32</c>. Default none.</summary>
    public string Addresses { get; init; } = "";

    /// <summary>The header that carries the caller's address, its last entry the one that the edge saw. Default <c>X-Forwarded-For</c>.</summary>
    public string AddressHeader { get; init; } = "X-Forwarded-For";

    /// <summary>The header that carries the names of the caller's headers in order and case as sent, separated by commas. Default <c>X-Header-Order</c>.</summary>
    public string OrderHeader { get; init; } = "X-Header-Order";

    /// <summary>The header that carries the order of HTTP/2's pseudo headers by their first letters, such as <c>masp</c>. Default <c>X-Http2-Order</c>.</summary>
    public string Http2OrderHeader { get; init; } = "X-Http2-Order";

    /// <summary>The header that carries the version of HTTP that the caller spoke, <c>1.1</c>, <c>2</c> or <c>3</c>. Default <c>X-Http-Version</c>.</summary>
    public string VersionHeader { get; init; } = "X-Http-Version";

    /// <summary>The addresses, read.</summary>
    public IReadOnlyList<IPNetwork> Networks() => [.. Addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => IPNetwork.TryParse(text, out var network)
        ? network
        : throw new FormatException($"BotDetection:Callers:Edge:Addresses: '{text}' is no network such as 10.0.0.0/8."))];
}

/// <summary>Which decisions are kept for staff.</summary>
public sealed record DecisionLogOptions
{
    /// <summary>How many decisions a second are kept of requests that were served, 0 to 100,000. Default 200; what is over is served and not kept.</summary>
    public int PerSecond { get; init; } = 200;

    /// <summary>How many a second are kept of requests that were refused (401, 403, 429), 0 to 100,000. Default 500.</summary>
    public int RefusedPerSecond { get; init; } = 500;

    /// <summary>After how many days they are forgotten, 1 to 365. Default 14.</summary>
    public int RetentionDays { get; init; } = 14;

    internal void Check()
    {
        if (PerSecond is < 0 or > 100_000 || RefusedPerSecond is < 0 or > 100_000 || RetentionDays is < 1 or > 365)
        {
            throw new ArgumentOutOfRangeException(nameof(PerSecond), "BotDetection:Callers:Log: PerSecond and RefusedPerSecond lie between 0 and 100,000, RetentionDays between 1 and 365.");
        }
    }
}
