using CustobotGateway.Common.Callers;
using CustobotGateway.Common.RateLimits;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>What a condition can ask of a request: one that is being answered, or one that was.</summary>
internal readonly struct CallerFacts
{
    private readonly HttpRequest? _request;
    private readonly string? _userAgent;
    private readonly string? _path;

    /// <summary>A request that is being answered.</summary>
    public CallerFacts(CallerDecision caller, RateGroup group, HttpRequest request) => (Caller, Group, _request) = (caller, group, request);

    /// <summary>A request of the past.</summary>
    public CallerFacts(CallerDecision caller, RateGroup group, string? userAgent, string? path) => (Caller, Group, _userAgent, _path) = (caller, group, userAgent, path);

    public CallerDecision Caller { get; }

    public RateGroup Group { get; }

    /// <summary>Read when a condition asks: most policies ask for nothing but the class.</summary>
    public string UserAgent => _request is null ? _userAgent ?? "" : _request.Headers.UserAgent.ToString();

    public string Path => (_request is null ? _path : _request.Path.Value) ?? "";
}
