using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CustobotGateway.Common.Http;

/// <summary>The base of every published URL. Never taken from a request's Host header, which the caller chooses.</summary>
public sealed class PublicUrl(GatewaySettings settings, IServer server)
{
    private string? _listening;

    /// <summary>The issuer and base, without trailing slash: <c>--public-url</c>, else <see cref="Listening"/>.</summary>
    public string Base => settings.PublicUrl ?? Listening;

    /// <summary>The first address the server listens on, with the port it got and a host that can be called; without trailing slash.</summary>
    public string Listening => _listening ?? Find();

    private string Find()
    {
        if (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is not { } bound)
        {
            // Not listening yet, or never (the contract is written without a server).
            return Callable(settings.Urls[0]);
        }
        return _listening = Callable(bound);
    }

    private static string Callable(string url) => url.TrimEnd('/')
        .Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal)
        .Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal).Replace("://[::]", "://localhost", StringComparison.Ordinal);
}
