namespace CustobotGateway.Common.RateLimits;

/// <summary>So many requests in so long: a fixed window that begins with the first request.</summary>
/// <param name="Permits">Requests that are let through in a window, 1 to 1,000,000,000.</param>
/// <param name="WindowSeconds">How long a window is, 1 to 86,400.</param>
public sealed record RateLimit(int Permits, int WindowSeconds);

/// <summary>The limits of one group of endpoints; null is unlimited. A request has to be within each of them.</summary>
public sealed record RateGroupOptions
{
    /// <summary>For each address (of IPv6 the /64 that a subscriber has to itself).</summary>
    public RateLimit? Address { get; init; }

    /// <summary>For each client.</summary>
    public RateLimit? Client { get; init; }

    /// <summary>For each grant.</summary>
    public RateLimit? Grant { get; init; }

    /// <summary>For each person on whose behalf agents call.</summary>
    public RateLimit? Person { get; init; }

    /// <summary>For all callers of a class together: anonymous, agent, staff.</summary>
    public RateLimit? Class { get; init; }

    /// <summary>Whether the gateways of one database count together, in PostgreSQL. Otherwise each counts for itself, and n gateways let n times as many through.</summary>
    public bool Shared { get; init; }

    /// <summary>Whether only refused requests count: who is right may come as often as it likes, who guesses may not.</summary>
    public bool FailuresOnly { get; init; }

    internal bool IsUnlimited => (Address ?? Client ?? Grant ?? Person ?? Class) is null;

    internal IEnumerable<RateLimit> All => new[] { Address, Client, Grant, Person, Class }.OfType<RateLimit>();
}

/// <summary>
/// How often callers may come, by group of endpoints; section <c>RateLimits</c> of the configuration. Tries at passwords and at the codes of devices are counted
/// apart from these, always shared by all gateways.
/// </summary>
public sealed record RateLimitOptions
{
    /// <summary>Reading and searching the catalogue. Unlimited by default.</summary>
    public RateGroupOptions Reads { get; init; } = new();

    /// <summary>Changing the catalogue. Unlimited by default: the merchant's own systems do it.</summary>
    public RateGroupOptions Catalog { get; init; } = new();

    /// <summary>Bargaining. Default 12,000 a minute for each grant.</summary>
    public RateGroupOptions Negotiations { get; init; } = new() { Grant = new(12_000, 60) };

    /// <summary>Checkout and orders. Default 60,000 a minute for each grant.</summary>
    public RateGroupOptions Checkout { get; init; } = new() { Grant = new(60_000, 60) };

    /// <summary>The endpoints of the authorization server that clients call. Default 3,000 refused requests a minute for each address.</summary>
    public RateGroupOptions Token { get; init; } = new() { Address = new(3_000, 60), FailuresOnly = true };

    /// <summary>Registration of clients by themselves. Default 60 a minute for each address, counted by all gateways together.</summary>
    public RateGroupOptions Registration { get; init; } = new() { Address = new(60, 60), Shared = true };

    /// <summary>The start of the device flow. Default 120 a minute for each address, counted by all gateways together.</summary>
    public RateGroupOptions Device { get; init; } = new() { Address = new(120, 60), Shared = true };

    /// <summary>Everything else: discovery, health, pages, grants. Unlimited by default.</summary>
    public RateGroupOptions Other { get; init; } = new();

    internal RateGroupOptions Of(RateGroup group) => group switch
    {
        RateGroup.Reads => Reads,
        RateGroup.Catalog => Catalog,
        RateGroup.Negotiations => Negotiations,
        RateGroup.Checkout => Checkout,
        RateGroup.Token => Token,
        RateGroup.Registration => Registration,
        RateGroup.Device => Device,
        _ => Other,
    };

    /// <summary>Throws where a value is out of its range.</summary>
    public RateLimitOptions Check()
    {
        foreach (var group in Enum.GetValues<RateGroup>())
        {
            if (Of(group).All.Any(limit => limit.Permits is < 1 or > 1_000_000_000 || limit.WindowSeconds is < 1 or > 86_400))
            {
                throw new ArgumentOutOfRangeException(group.ToString(), $"RateLimits:{group}: Permits lies between 1 and 1,000,000,000, WindowSeconds between 1 and 86,400.");
            }
            if (Of(group) is { Shared: true, FailuresOnly: true })
            {
                throw new ArgumentException($"RateLimits:{group}: failures are counted by each gateway for itself.");
            }
        }
        return this;
    }
}
