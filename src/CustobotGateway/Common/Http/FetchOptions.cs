namespace CustobotGateway.Common.Http;

/// <summary>How documents that others name are fetched: section <c>Fetch</c> of the configuration.</summary>
public sealed record FetchOptions
{
    /// <summary>
    /// Hosts, or host:port, separated by spaces, that may be fetched from although they are inside the network or speak plain http: an issuer next door, a
    /// test. None by default.
    /// </summary>
    public string AllowedHosts { get; init; } = "";

    /// <summary>Milliseconds that a fetch may take, name resolution included. Default 2,500, 100 to 30,000.</summary>
    public int TimeoutMilliseconds { get; init; } = 2_500;

    /// <summary>Fetches that run at once; more are refused until one has ended. Default 16, 1 to 256.</summary>
    public int MaxConcurrent { get; init; } = 16;

    /// <summary>Throws where a value is out of its range.</summary>
    public FetchOptions Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(TimeoutMilliseconds, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TimeoutMilliseconds, 30_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConcurrent, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxConcurrent, 256);
        return this;
    }
}
