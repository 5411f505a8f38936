using System.Diagnostics.CodeAnalysis;
using Microsoft.Net.Http.Headers;

namespace CustobotGateway.Catalog.Import;

/// <summary>How a feed is written.</summary>
public enum FeedFormat
{
    /// <summary>One JSON object a line (application/x-ndjson, application/jsonl).</summary>
    Ndjson,

    /// <summary>Comma-separated values by RFC 4180 with a header line (text/csv).</summary>
    Csv,

    /// <summary>Tab-separated values with a header line (text/tab-separated-values).</summary>
    Tsv,

    /// <summary>RSS 2.0 or Atom with Google's product elements, or rows as the children of the root (application/xml, text/xml).</summary>
    Xml,
}

/// <summary>Recognises formats.</summary>
internal static class FeedFormats
{
    /// <summary>What is read here, for a refusal.</summary>
    public const string Offered = "application/x-ndjson, application/jsonl, text/csv, text/tab-separated-values, application/xml, text/xml, application/rss+xml, application/atom+xml or multipart/form-data";

    /// <summary>The format by its name, else by the media type.</summary>
    public static bool TryRead(string? name, string? contentType, [NotNullWhen(true)] out FeedFormat? format)
    {
        format = name is not null ? ByName(name) : MediaTypeHeaderValue.TryParse(contentType, out var media) ? ByMediaType(media.MediaType.Value!) : null;
        return format is not null;
    }

    /// <summary>The media type that says the format of a file by its name; <c>.gz</c> is taken off before.</summary>
    public static string? MediaTypeOf(string file) => Path.GetExtension(file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file).ToLowerInvariant() switch
    {
        ".jsonl" or ".ndjson" => "application/x-ndjson",
        ".csv" => "text/csv",
        ".tsv" or ".txt" => "text/tab-separated-values",
        ".xml" or ".rss" or ".atom" => "application/xml",
        _ => null,
    };

    private static FeedFormat? ByName(string name) => name.ToLowerInvariant() switch
    {
        "ndjson" or "jsonl" => FeedFormat.Ndjson,
        "csv" => FeedFormat.Csv,
        "tsv" => FeedFormat.Tsv,
        "xml" or "rss" or "atom" => FeedFormat.Xml,
        _ => null,
    };

    private static FeedFormat? ByMediaType(string type) => type.ToLowerInvariant() switch
    {
        "application/x-ndjson" or "application/ndjson" or "application/jsonl" or "application/x-jsonlines" or "application/json-lines" => FeedFormat.Ndjson,
        "text/csv" or "application/csv" => FeedFormat.Csv,
        "text/tab-separated-values" or "text/tsv" => FeedFormat.Tsv,
        "application/xml" or "text/xml" or "application/rss+xml" or "application/atom+xml" => FeedFormat.Xml,
        _ => null,
    };
}
