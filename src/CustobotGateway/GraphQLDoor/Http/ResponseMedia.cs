using Microsoft.Net.Http.Headers;

namespace CustobotGateway.GraphQLDoor.Http;

/// <summary>In which form a request is answered.</summary>
internal enum ResponseMedia
{
    /// <summary>None that Accept takes.</summary>
    None,

    /// <summary><c>application/graphql-response+json</c>: the status tells what became of the request (GraphQL over HTTP §6.4.2).</summary>
    GraphQL,

    /// <summary><c>application/json</c>: 200 for every well-formed request (§6.4.1).</summary>
    Json,

    /// <summary><c>text/event-stream</c>: GraphQL over SSE, distinct connections.</summary>
    EventStream,
}

/// <summary>Reads Accept.</summary>
internal static class MediaNegotiation
{
    public const string GraphQL = "application/graphql-response+json; charset=utf-8";
    public const string Json = "application/json; charset=utf-8";
    public const string EventStream = "text/event-stream; charset=utf-8";

    public static string TypeOf(ResponseMedia media) => media switch
    {
        ResponseMedia.GraphQL => GraphQL,
        ResponseMedia.EventStream => EventStream,
        _ => Json,
    };

    /// <summary>The best form; without Accept, and for anything, <c>application/json</c>, as clients of old expect.</summary>
    public static ResponseMedia Choose(HttpRequest request)
    {
        var header = request.Headers.Accept;
        switch (header.Count)
        {
            case 0:
                return ResponseMedia.Json;
            case 1 when header[0] is "*/*" or "application/json":
                return ResponseMedia.Json;
            case 1 when header[0] is "application/graphql-response+json":
                return ResponseMedia.GraphQL;
        }
        if (!MediaTypeHeaderValue.TryParseList(header, out var accepted))
        {
            return ResponseMedia.None;
        }
        var (best, quality, precise) = (ResponseMedia.None, 0.0, -1);
        foreach (var range in accepted)
        {
            var (media, precision) = MediaOf(range);
            var wanted = range.Quality ?? 1;
            if (media != ResponseMedia.None && wanted > 0 && (range.Charset.Value is null || range.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
                && (wanted > quality || (wanted == quality && precision > precise)))
            {
                (best, quality, precise) = (media, wanted, precision);
            }
        }
        return best;
    }

    // Of forms that are wanted as much, the one whose status tells most.
    private static (ResponseMedia Media, int Precision) MediaOf(MediaTypeHeaderValue range) => range.MediaType.Value?.ToLowerInvariant() switch
    {
        "application/graphql-response+json" => (ResponseMedia.GraphQL, 3),
        "text/event-stream" => (ResponseMedia.EventStream, 2),
        "application/json" => (ResponseMedia.Json, 2),
        "application/*" => (ResponseMedia.Json, 1),
        "*/*" => (ResponseMedia.Json, 0),
        _ => (ResponseMedia.None, -1),
    };
}
