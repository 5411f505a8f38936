using System.Net;
using System.Text;
using CustobotGateway.Common.Http;
using Microsoft.Net.Http.Headers;

namespace CustobotGateway.Common.Discovery;

/// <summary>The first page, for whoever knows only the host name.</summary>
internal static class Entry
{
    /// <summary>What answers here, and where to go on.</summary>
    /// <param name="Name">The service.</param>
    /// <param name="Summary">What it does.</param>
    /// <param name="Links">Every description.</param>
    public sealed record Page(string Name, string Summary, IReadOnlyList<Link> Links);

    /// <summary>A description.</summary>
    /// <param name="Rel">The link relation.</param>
    /// <param name="Href">Absolute URL.</param>
    /// <param name="Type">Media type.</param>
    /// <param name="Title">A few words.</param>
    /// <param name="Text">What it is for.</param>
    public sealed record Link(string Rel, string Href, string Type, string Title, string Text);

    public const string Name = "Custobot Gateway";
    public const string Summary = "Sells to machine customers: agents search the catalogue by constraints, compare, negotiate and buy over HTTP.";

    public static void Map(RouteGroupBuilder discovery)
    {
        discovery.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], Handle).WithName("getEntry").Produces<Page>()
            .WithSummary("Where to begin").WithDescription("Links to every description, as JSON, or as a page where Accept prefers HTML.");
        discovery.MapGet("/robots.txt", () => "User-agent: *\nAllow: /\nDisallow: /staff\n# Agents are customers here: /llms.txt tells what you can do, /.well-known/api-catalog where.\n")
            .WithName("getRobots").WithSummary("Robots are welcome").WithDescription("Robots Exclusion Protocol (RFC 9309).").Produces<string>(StatusCodes.Status200OK, "text/plain");
    }

    private static IResult Handle(HttpRequest request, PublicUrl url, IEnumerable<Description> descriptions)
    {
        var page = new Page(Name, Summary, [.. new[] { new Description(ApiCatalog.Path, "api-catalog", ApiCatalog.MediaType, "API catalogue", "RFC 9727: where every description is.") }
            .Concat(descriptions).Select(one => new Link(one.Relation, url.Base + one.Path, one.MediaType, one.Title, one.Text))]);
        return PrefersHtml(request) ? TypedResults.Content(Html(page.Name, page.Summary, page.Links), "text/html; charset=utf-8") : TypedResults.Json(page, Json.Options);
    }

    /// <summary>Browsers name text/html first; agents that name nothing, or anything, get JSON.</summary>
    public static bool PrefersHtml(HttpRequest request)
    {
        var accept = request.GetTypedHeaders().Accept;
        return Quality(accept, "text/html") > Quality(accept, "application/json");
    }

    private static double Quality(IList<MediaTypeHeaderValue> accept, string type) =>
        accept.Where(one => one.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(one => one.Quality ?? 1).DefaultIfEmpty(0).Max();

    /// <summary>A plain page of links.</summary>
    public static string Html(string title, string text, IEnumerable<Link> links)
    {
        var html = new StringBuilder($$"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{WebUtility.HtmlEncode(title)}}</title>
            <style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}dt{margin-top:1rem;font-weight:600}dd{margin:0}</style></head>
            <body><main><h1>{{WebUtility.HtmlEncode(title)}}</h1><p>{{WebUtility.HtmlEncode(text)}}</p><dl>

            """);
        foreach (var link in links)
        {
            html.Append("<dt><a href=\"").Append(WebUtility.HtmlEncode(link.Href)).Append("\">").Append(WebUtility.HtmlEncode(link.Title)).Append("</a></dt><dd>")
                .Append(WebUtility.HtmlEncode(link.Text)).Append("</dd>\n");
        }
        return html.Append("</dl></main></body></html>\n").ToString();
    }
}
