namespace CustobotGateway.Common.Pages;

/// <summary>No script at all but where a page has one of the gateway's own, no other site may frame a page or receive its form, nothing is stored, and no address leaks to where a link leads.</summary>
public sealed class SecureHeaders(GatewaySettings settings) : IEndpointFilter
{
    private const string Nothing = "default-src 'none'";
    private const string OwnScript = Nothing + "; script-src 'self'; connect-src 'self'";
    private const string WithoutForms = Nothing + "; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    /// <inheritdoc/>
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (settings.IsPublishedSecurely)
        {
            // A proxy ends TLS in front of the gateway: what the browser speaks is what is published, and form tokens are made for that alone.
            context.HttpContext.Request.Scheme = Uri.UriSchemeHttps;
        }
        var headers = context.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = WithoutForms;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // None for other sites; on this one a person's browser goes from page to page as browsers do, which is what tells it from a program.
        headers["Referrer-Policy"] = "same-origin";
        // As form tokens set it, which otherwise warn on every page that they had to.
        headers.CacheControl = "no-cache, no-store";
        return next(context);
    }

    /// <summary>
    /// Lets a form's answer send the browser on to an address of elsewhere: browsers hold <c>form-action</c> also against redirects, so the address that
    /// a person's decision is sent to has to be named.
    /// </summary>
    public static void AllowFormTo(HttpContext context, string address)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (SourceOf(address) is { } source)
        {
            context.Response.Headers.ContentSecurityPolicy = $"{WithoutForms} {source}";
        }
    }

    /// <summary>Lets the page run and answer to script of the gateway's own, and no other. To be called last, by what writes the script into the page.</summary>
    public static void AllowOwnScript(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var policy = context.Response.Headers.ContentSecurityPolicy.ToString();
        if (!policy.StartsWith(OwnScript, StringComparison.Ordinal))
        {
            context.Response.Headers.ContentSecurityPolicy = OwnScript + policy[Nothing.Length..];
        }
    }

    // An origin where there is a host, else the scheme of an app. Anything that could end the directive is no such source.
    private static string? SourceOf(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            return null;
        }
        var source = uri.Scheme is "http" or "https" ? uri.GetLeftPart(UriPartial.Authority) : uri.Scheme + ":";
        return source.Any(letter => letter is ';' or ',' or '\'' or '"' or '*' || char.IsWhiteSpace(letter) || letter > '~') ? null : source;
    }
}
