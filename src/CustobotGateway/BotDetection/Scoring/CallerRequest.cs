namespace CustobotGateway.BotDetection.Scoring;

/// <summary>What a single request tells about its caller.</summary>
/// <param name="Method">The method, as sent.</param>
/// <param name="Path">The path with its query.</param>
/// <param name="HttpVersion"><c>1.1</c>, <c>2</c> or <c>3</c>; <c>1.0</c> is judged like 1.1.</param>
/// <param name="Headers">The headers. On HTTP/2 the authority is a pair named <c>host</c>.</param>
/// <param name="Http2PseudoOrder">The order of HTTP/2's pseudo headers by their first letters (<c>masp</c>), or null where nobody saw it.</param>
/// <param name="IsSecure">Whether it came over TLS: browsers send some headers only then.</param>
public readonly record struct CallerRequest(
    string Method, string Path, string HttpVersion, ReceivedHeaders Headers, string? Http2PseudoOrder = null, bool IsSecure = true);
