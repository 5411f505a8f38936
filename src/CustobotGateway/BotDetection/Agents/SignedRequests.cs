using CustobotGateway.MessageSignatures.Messages;
using Microsoft.AspNetCore.Http.Features;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>Requests in the form in which signatures are about them.</summary>
internal static class SignedRequests
{
    /// <summary>The request that is being answered.</summary>
    public static HttpMessage Of(HttpContext context, OwnAuthorities own)
    {
        var request = context.Request;
        // As it was sent: the path that routes see is decoded.
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } raw ? raw : request.PathBase + request.Path + request.QueryString;
        return HttpMessage.Request(request.Method, own.SchemeOf(request.Scheme), request.Host.Value ?? "", target, new Headers(request.Headers));
    }

    /// <summary>A request that was recorded. Its Host header says where it was sent; one that names two hosts was sent nowhere.</summary>
    public static HttpMessage Of(string method, string target, IReadOnlyList<(string Name, string Value)> headers, OwnAuthorities own)
    {
        string? host = null;
        foreach (var (name, value) in headers)
        {
            if (name.Equals("host", StringComparison.OrdinalIgnoreCase) || name == ":authority")
            {
                host = host is null || host == value ? value : "";
            }
        }
        host ??= own.Main;
        return HttpMessage.Request(method, own.SchemeOfRecorded(host), host, target, new MessageFields(headers));
    }

    /// <summary>The header fields of a request or an answer.</summary>
    internal sealed class Headers(IHeaderDictionary headers) : IMessageFields
    {
        public void Collect(string name, ICollection<string> lines)
        {
            foreach (var line in headers[name])
            {
                if (line is not null)
                {
                    lines.Add(line);
                }
            }
        }
    }
}
