using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.MessageSignatures.Messages;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>The hosts that this gateway is: what a signature has to be over. Settings decide, never the request's Host header alone.</summary>
internal sealed class OwnAuthorities(GatewaySettings settings, PublicUrl url, AgentOptions options)
{
    private static readonly string[] LoopbackNames = ["localhost", "127.0.0.1", "[::1]"];

    private readonly Lock _lock = new();
    private string? _base;
    private IReadOnlyCollection<string> _hosts = [];

    /// <summary>What callers use to reach it: behind a proxy that ends TLS a request itself looks plain.</summary>
    public string SchemeOf(string requested) => settings.IsPublishedSecurely ? Uri.UriSchemeHttps : requested;

    /// <summary>The scheme of a request that was recorded: that of the gateway where it was sent to it, else the one that shops have.</summary>
    public string SchemeOfRecorded(string host) =>
        settings.PublicUrl is not null && !settings.IsPublishedSecurely && Hosts.Contains(Authorities.Normalize(Uri.UriSchemeHttp, host)) ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;

    /// <summary>The first of them, for what is not told to which host it was sent.</summary>
    public string Main => Hosts.First();

    /// <summary>In lower case, without the scheme's own port. The same object until the address that is listened on is known.</summary>
    public IReadOnlyCollection<string> Hosts
    {
        get
        {
            var current = url.Base;
            lock (_lock)
            {
                if (_base != current)
                {
                    (_hosts, _base) = (Find(new Uri(current)), current);
                }
                return _hosts;
            }
        }
    }

    private IReadOnlyCollection<string> Find(Uri published)
    {
        if (options.Authorities.Length > 0)
        {
            return [.. options.Authorities.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Plain)];
        }
        var main = Authorities.Normalize(published.Scheme, published.Authority);
        // Without a public URL this is a trial on one machine, which has several names.
        return settings.PublicUrl is null && published.IsLoopback
            ? [.. LoopbackNames.Select(name => Authorities.Normalize(published.Scheme, $"{name}:{published.Port}")).Prepend(main).Distinct()]
            : [main];
    }

    /// <summary>A host as somebody wrote it, perhaps as an address.</summary>
    public static string Plain(string authority) => Uri.TryCreate(authority, UriKind.Absolute, out var address) && address.Host.Length > 0
        ? Authorities.Normalize(address.Scheme, address.Authority)
        : Authorities.Normalize(Uri.UriSchemeHttps, authority);
}
