using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Common.Http;

/// <summary>How large a request body each route takes. The server holds the default, a route may name another.</summary>
public static class BodyLimits
{
    /// <summary>Bytes that a body may have where the route names nothing else.</summary>
    public const int DefaultBytes = 1 << 20;

    /// <summary>Sets how many bytes the route's body may have.</summary>
    public static TBuilder LimitBody<TBuilder>(this TBuilder route, long bytes)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RequestSizeLimitAttribute(bytes));

    /// <summary>Lets the route read a body of any size: it must stream.</summary>
    public static TBuilder UnlimitedBody<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new DisableRequestSizeLimitAttribute());

    /// <summary>
    /// Whether the announced length is over the limit. Asked before anything reads, since the server then still drains what the client
    /// is sending; refused in the middle of the upload, many clients see a broken connection instead of the answer.
    /// </summary>
    internal static bool Exceeds(HttpContext context)
    {
        if (context.Request.ContentLength is not { } length
            || context.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { MaxRequestBodySize: { } limit } feature || length <= limit)
        {
            return false;
        }
        if (!feature.IsReadOnly && length <= 64 * DefaultBytes)
        {
            context.Features.Set(new Refused(limit));
            feature.MaxRequestBodySize = null;
        }
        return true;
    }

    internal static string Describe(HttpContext context) =>
        (context.Features.Get<Refused>()?.Limit ?? context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize) is { } limit
            ? $"The request body may have at most {limit} bytes here."
            : "The request body is larger than the operation takes.";

    private sealed record Refused(long Limit);
}
