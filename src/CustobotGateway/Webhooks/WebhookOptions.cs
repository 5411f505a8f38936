namespace CustobotGateway.Webhooks;

/// <summary>How webhooks are delivered: section <c>Webhooks</c> of the configuration.</summary>
public sealed record WebhookOptions
{
    /// <summary>
    /// Hosts, or host:port, separated by spaces, that may be told although they are inside the network or speak plain http: a system next door, a test. None by default.
    /// </summary>
    public string AllowedHosts { get; init; } = "";

    /// <summary>Seconds that one attempt may take, name resolution included. Default 15, 1 to 30.</summary>
    public int TimeoutSeconds { get; init; } = 15;

    /// <summary>Streams that one gateway delivers at once. Default 128, 1 to 256.</summary>
    public int MaxConcurrent { get; init; } = 128;

    /// <summary>Streams of one endpoint that one gateway delivers at once; an endpoint that fails gets a few of them. Default 16, 1 to 256.</summary>
    public int MaxPerEndpoint { get; init; } = 16;

    /// <summary>Days without any success after which an endpoint is disabled. Default 5, 1 to 365.</summary>
    public int DisableAfterDays { get; init; } = 5;

    /// <summary>Days that the log keeps what was delivered and what is among the dead letters. Default 30, 1 to 3650.</summary>
    public int RetentionDays { get; init; } = 30;

    /// <summary>Throws where a value is out of its range.</summary>
    public WebhookOptions Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(TimeoutSeconds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TimeoutSeconds, 30);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConcurrent, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxConcurrent, 256);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPerEndpoint, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxPerEndpoint, 256);
        ArgumentOutOfRangeException.ThrowIfLessThan(DisableAfterDays, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(DisableAfterDays, 365);
        ArgumentOutOfRangeException.ThrowIfLessThan(RetentionDays, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RetentionDays, 3650);
        return this;
    }
}
