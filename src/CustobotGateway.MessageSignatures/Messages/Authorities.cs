namespace CustobotGateway.MessageSignatures.Messages;

/// <summary>Hosts with their ports, in the one spelling that is signed.</summary>
public static class Authorities
{
    /// <summary>In lower case, without user information and without the scheme's own port (RFC 9421 §2.2.3).</summary>
    public static string Normalize(string scheme, string authority)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        ArgumentNullException.ThrowIfNull(authority);
        var at = authority.LastIndexOf('@');
        var host = at < 0 ? authority : authority[(at + 1)..];
        var port = scheme.Equals("https", StringComparison.OrdinalIgnoreCase) ? ":443" : scheme.Equals("http", StringComparison.OrdinalIgnoreCase) ? ":80" : null;
        if (port is not null && host.EndsWith(port, StringComparison.Ordinal))
        {
            host = host[..^port.Length];
        }
        return IsLower(host) ? host : Lower(host);
    }

    private static bool IsLower(string host) => !host.AsSpan().ContainsAnyInRange('A', 'Z');

#pragma warning disable CA1308 // Host names are compared in lower case, as the standard says.
    private static string Lower(string host) => host.ToLowerInvariant();
#pragma warning restore CA1308
}
