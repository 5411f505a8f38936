namespace CustobotGateway.MessageSignatures.Messages;

/// <summary>A request or an answer, as far as signatures are about it (RFC 9421 §2). Made by <see cref="Request"/> and <see cref="Response"/>.</summary>
public sealed class HttpMessage
{
    private HttpMessage(IMessageFields fields) => Fields = fields;

    /// <summary>The header fields.</summary>
    public IMessageFields Fields { get; }

    /// <summary>The trailer fields; null where there are none, or they did not come yet.</summary>
    public IMessageFields? Trailers { get; init; }

    /// <summary>The method, in its own case; null for an answer.</summary>
    public string? Method { get; private init; }

    /// <summary><c>https</c> or <c>http</c>; null for an answer.</summary>
    public string? Scheme { get; private init; }

    /// <summary>The host, and the port unless it is the scheme's own, in lower case; null for an answer.</summary>
    public string? Authority { get; private init; }

    /// <summary>The request's target as sent: path and query, or absolute, or <c>*</c>; null for an answer.</summary>
    public string? Target { get; private init; }

    /// <summary>The path as sent, percent-encoded, never empty; null for an answer.</summary>
    public string? Path { get; private init; }

    /// <summary>The query with its question mark, which stands alone where there is none; null for an answer.</summary>
    public string? Query { get; private init; }

    /// <summary>The answer's status; null for a request.</summary>
    public int? Status { get; private init; }

    /// <summary>What is answered, for components with <c>req</c>; null for a request.</summary>
    public HttpMessage? Answered { get; private init; }

    /// <summary>A request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="scheme"><c>https</c> or <c>http</c>.</param>
    /// <param name="authority">Host and port as they were sent, in any case.</param>
    /// <param name="target">The target as it was sent.</param>
    /// <param name="fields">The header fields.</param>
    public static HttpMessage Request(string method, string scheme, string authority, string target, IMessageFields fields)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(scheme);
        ArgumentNullException.ThrowIfNull(authority);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(fields);
        var (path, query) = Split(target);
        return new HttpMessage(fields) { Method = method, Scheme = scheme, Authority = Authorities.Normalize(scheme, authority), Target = target, Path = path, Query = query };
    }

    /// <summary>An answer.</summary>
    /// <param name="status">The status.</param>
    /// <param name="fields">The header fields.</param>
    /// <param name="answered">The request; null where nothing of it is to be covered.</param>
    public static HttpMessage Response(int status, IMessageFields fields, HttpMessage? answered = null)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return new HttpMessage(fields) { Status = status, Answered = answered };
    }

    /// <summary>Scheme, authority, path and query in one (RFC 9421 §2.2.2).</summary>
    public string? TargetUri => Scheme is null ? null : $"{Scheme}://{Authority}{Path}{(Query == "?" && !Target!.Contains('?', StringComparison.Ordinal) ? "" : Query)}";

    private static (string Path, string Query) Split(string target)
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = question < 0 ? (target, "?") : (target[..question], target[question..]);
        if (path is not ['/', ..] && path.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme)
        {
            // The absolute form, as sent to proxies (RFC 9112 §3.2.2).
            var slash = path.IndexOf('/', scheme + 3);
            path = slash < 0 ? "" : path[slash..];
        }
        return (path is ['/', ..] ? path : path.Length == 0 || path == "*" ? "/" : "/" + path, query);
    }
}
