using System.Net;
using System.Text;
using CustobotGateway.BotDetection.Capture;
using CustobotGateway.BotDetection.Scoring;
using Microsoft.AspNetCore.Http.Features;

namespace CustobotGateway.BotDetection.Recognition;

/// <summary>A request as its caller sent it.</summary>
/// <param name="Caller">What is judged.</param>
/// <param name="VisitKey">Whose visit it belongs to: the address and the user agent.</param>
/// <param name="Referer">The header, or null.</param>
internal readonly record struct SeenRequest(CallerRequest Caller, ulong VisitKey, string? Referer);

/// <summary>Sees requests as their callers sent them, through a trusted edge too.</summary>
internal sealed class CallerSight(CallerOptions options)
{
    private readonly EdgeOptions _edge = options.Edge;
    private readonly IPNetwork[] _edges = [.. options.Edge.Networks()];

    /// <summary>Reads the request. Behind a trusted edge, the connection's address becomes the caller's, for rate limits too.</summary>
    public SeenRequest Read(HttpContext context)
    {
        var request = context.Request;
        var version = request.Protocol is ['H', 'T', 'T', 'P', '/', .. var number] ? number : request.Protocol;
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        var path = string.IsNullOrEmpty(raw) ? request.Path + request.QueryString : raw;
        var caller = IsFromEdge(context.Connection.RemoteIpAddress)
            ? ReadThroughEdge(context, path, version)
            : new CallerRequest(request.Method, path, version, HeadersOf(context, path), null, request.IsHttps);
        var agent = request.Headers.UserAgent;
        var key = ((ulong)(uint)(context.Connection.RemoteIpAddress?.GetHashCode() ?? 0) << 32) | (agent.Count == 0 ? 0 : (uint)string.GetHashCode(agent[0]));
        // A multiplication spreads what addresses of one network have in common (Fibonacci hashing).
        return new SeenRequest(caller, key * 11400714819323198485UL, request.Headers.Referer);
    }

    private static ReceivedHeaders HeadersOf(HttpContext context, string target)
    {
        // The capture is the connection's, and so is what was read of its last section.
        if (context.Features.Get<HeaderCapture>() is { Section: { IsEmpty: false } section } capture && IsOf(section, context.Request.Method, target))
        {
            return (capture.Reader ??= new RequestHeaders()).Read(section);
        }
        var headers = context.Request.Headers;
        return headers.Count > RequestHeaders.MostLines ? ReceivedHeaders.Empty : ReceivedHeaders.WithoutOrder(headers);
    }

    // The server and the capture find the ends of bodies apart; should they ever differ, nobody is judged by another request's headers.
    private static bool IsOf(ReadOnlySpan<byte> section, string method, string target) =>
        section.Length > method.Length + target.Length + 1 && section[method.Length] == ' '
        && Ascii.Equals(section[..method.Length], method) && Ascii.Equals(section.Slice(method.Length + 1, target.Length), target);

    private bool IsFromEdge(IPAddress? address)
    {
        foreach (var edge in _edges)
        {
            if (address is not null && edge.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address))
            {
                return true;
            }
        }
        return false;
    }

    // An edge's own headers say nothing of the caller and are left out; without the order header, order and case are not known.
    private CallerRequest ReadThroughEdge(HttpContext context, string path, string version)
    {
        var headers = context.Request.Headers;
        if (headers[_edge.AddressHeader] is [.., { } last] && IPAddress.TryParse(last.AsSpan(last.LastIndexOf(',') + 1).Trim(), out var address))
        {
            context.Connection.RemoteIpAddress = address;
        }
        string? http2 = headers[_edge.Http2OrderHeader];
        var said = (string?)headers[_edge.VersionHeader];
        var pairs = new List<KeyValuePair<string, string>>(headers.Count);
        string? order = headers[_edge.OrderHeader];
        if (order is not null)
        {
            foreach (var name in order.Split(',', RequestHeaders.MostLines + 1, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(RequestHeaders.MostLines))
            {
                if (headers.TryGetValue(name, out var values) && !IsEdgeHeader(name))
                {
                    pairs.AddRange(values.Select(value => new KeyValuePair<string, string>(name, value ?? "")));
                }
            }
        }
        else
        {
            pairs.AddRange(headers.Where(header => !IsEdgeHeader(header.Key)).Take(RequestHeaders.MostLines)
                .SelectMany(header => header.Value.Select(value => new KeyValuePair<string, string>(header.Key, value ?? ""))));
        }
        var isSecure = context.Request.IsHttps || string.Equals(headers["X-Forwarded-Proto"], "https", StringComparison.OrdinalIgnoreCase);
        return new CallerRequest(context.Request.Method, path, said ?? version, new ReceivedHeaders(pairs.ToArray(), order is not null), http2, isSecure);
    }

    private bool IsEdgeHeader(string name) =>
        name.Equals(_edge.AddressHeader, StringComparison.OrdinalIgnoreCase) || name.Equals(_edge.OrderHeader, StringComparison.OrdinalIgnoreCase)
        || name.Equals(_edge.Http2OrderHeader, StringComparison.OrdinalIgnoreCase) || name.Equals(_edge.VersionHeader, StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase);
}
