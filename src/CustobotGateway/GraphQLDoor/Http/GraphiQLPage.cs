using System.Collections.Frozen;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.GraphQLDoor.Http;

/// <summary>GraphiQL for people with a browser, from the gateway's own assets: nothing is loaded from elsewhere.</summary>
internal static class GraphiQLPage
{
    private const string ResourcePrefix = "GraphiQL/";

    // Styles are set by the editor on its elements; scripts come from files alone.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly FrozenDictionary<string, byte[]> Files = Load();

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/graphql/assets/{file}", Results<FileContentHttpResult, NotFound> (string file, HttpContext context) => Files.TryGetValue(file, out var bytes) ? Send(context, file, bytes) : TypedResults.NotFound())
            .AllowPublic().ExcludeFromDescription();

    public static Task ShowAsync(HttpContext context) => Send(context, "index.html", Files["index.html"]).ExecuteAsync(context);

    private static FileContentHttpResult Send(HttpContext context, string file, byte[] bytes)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "public, max-age=300";
        // The same address answers requests to programs.
        headers.Vary = "Accept";
        return TypedResults.Bytes(bytes, Path.GetExtension(file) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "text/plain; charset=utf-8",
        });
    }

    private static FrozenDictionary<string, byte[]> Load()
    {
        var assembly = typeof(GraphiQLPage).Assembly;
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            files[resource[ResourcePrefix.Length..]] = bytes;
        }
        return files.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
