namespace CustobotGateway.Common;

/// <summary>What the command line and the environment decide before anything starts.</summary>
public sealed record GatewaySettings
{
    /// <summary>Addresses to listen on.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>The issuer and base of every published URL, without trailing slash; null for the first of <see cref="Urls"/>.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Where embedded PostgreSQL, the administrator's token and the keys live.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>PostgreSQL connection string.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The administrator's bearer token.</summary>
    public required string AdminToken { get; init; }

    /// <summary>Folder of attribute files instead of the built-in registry, or null.</summary>
    public string? RegistryDirectory { get; init; }

    /// <summary>File of the shop's settings, or null.</summary>
    public string? ShopFile { get; init; }

    /// <summary>Whether the demo catalogue is loaded into an empty database.</summary>
    public bool Demo { get; init; } = true;

    /// <summary>Whether this is no trial: seeding is refused, and the administrator's token opens nothing; staff sign in instead.</summary>
    public bool Production { get; init; }

    /// <summary>Whether the world reaches the gateway by TLS. Behind a proxy that ends TLS the request itself looks plain; the public URL tells.</summary>
    public bool IsPublishedSecurely => PublicUrl?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Where traces and metrics go by OTLP; null for nowhere.</summary>
    public Uri? OtlpEndpoint { get; init; }
}
