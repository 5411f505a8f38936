using CustobotGateway.Common;
using Npgsql;

namespace CustobotGateway.Commands;

/// <summary>The options of every verb that starts a gateway, and the settings that they come to.</summary>
public static class GatewayOptions
{
    /// <summary>Listen addresses.</summary>
    public static readonly Option Urls = new("--urls", "URLS", "Addresses to listen on, separated by ';' (default http://127.0.0.1:8080)");

    /// <summary>Data folder.</summary>
    public static readonly Option Data = new("--data", "DIR", $"Folder of the private PostgreSQL, the administrator's token and the keys (default {DataFolder.Default})");

    /// <summary>Administrator's token.</summary>
    public static readonly Option AdminToken = new("--admin-token", "T", "The administrator's token (default: GATEWAY_ADMIN_TOKEN, else the file admin-token in the data folder, made on first start)");

    /// <summary>A PostgreSQL server.</summary>
    public static readonly Option ConnectionString = new("--connection", "STRING", "A PostgreSQL server to use instead of a private one (also Database__ConnectionString in the environment)");

    /// <summary>Production mode.</summary>
    public static readonly Option Production = new("--production", null, "Refuse seeding and the administrator's token: staff sign in, clients authenticate (also GATEWAY_PRODUCTION=true)");

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Option> All =
    [
        Urls,
        new("--public-url", "URL", "Issuer and base of every published URL (default: the first of --urls)"),
        Data,
        ConnectionString,
        AdminToken,
        new("--registry", "DIR", "Folder of attribute files instead of the built-in registry"),
        new("--shop", "FILE", "The shop's settings until staff set others: taxes, shipping, discounts (also Checkout__Shop__File in the environment)"),
        new("--no-demo", null, "Do not load the demo catalogue into an empty database"),
        Production,
    ];

    /// <summary>The settings but for the token and the private database, which <see cref="GatewayHost"/> adds.</summary>
    public static GatewaySettings Read(Words words)
    {
        var urls = (words["--urls"] ?? "http://127.0.0.1:8080").Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (urls.Length == 0 || !urls.All(IsListenAddress))
        {
            throw CommandException.Usage($"--urls takes http or https addresses such as http://127.0.0.1:8080, not '{words["--urls"]}'.");
        }
        var registry = words["--registry"] is { } folder ? Path.GetFullPath(folder) : null;
        if (registry is not null && !Directory.Exists(registry))
        {
            throw CommandException.Usage($"--registry: there is no folder {registry}.");
        }
        var shop = words["--shop"] is { } file ? Path.GetFullPath(file) : null;
        if (shop is not null && !File.Exists(shop))
        {
            throw CommandException.Usage($"--shop: there is no file {shop}.");
        }
        return new GatewaySettings
        {
            Urls = urls,
            PublicUrl = PublicUrl(words["--public-url"]),
            DataDirectory = DataFolder.PathOf(words["--data"]),
            ConnectionString = Connection(words["--connection"] ?? Environment.GetEnvironmentVariable("Database__ConnectionString")),
            AdminToken = words["--admin-token"] ?? "",
            RegistryDirectory = registry,
            ShopFile = shop,
            Demo = !words.Has("--no-demo"),
            Production = words.Has("--production") || IsProduction(Environment.GetEnvironmentVariable("GATEWAY_PRODUCTION")),
            OtlpEndpoint = Uri.TryCreate(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"), UriKind.Absolute, out var endpoint) ? endpoint : null,
        };
    }

    private static bool IsProduction(string? text) => text switch
    {
        null or "" or "false" or "0" => false,
        "true" or "1" => true,
        // Whoever misspells it means to be protected by it.
        _ => throw CommandException.Usage($"GATEWAY_PRODUCTION is true or false, not '{text}'."),
    };

    private static bool IsListenAddress(string url)
    {
        // Kestrel's wildcards are no hosts to System.Uri.
        var address = url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.PathAndQuery is "/";
    }

    private static string? PublicUrl(string? url) =>
        url is null ? null
        : Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0 && uri.Fragment.Length == 0 ? url.TrimEnd('/')
        : throw CommandException.Usage($"--public-url takes an http or https URL without query, not '{url}'.");

    private static string Connection(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }
        try
        {
            return new NpgsqlConnectionStringBuilder(text) is { Host.Length: > 0 } settings ? settings.ConnectionString
                : throw CommandException.Usage("--connection names no Host.");
        }
        catch (ArgumentException)
        {
            // The text may hold a password, so it is not repeated.
            throw CommandException.Usage("--connection takes a connection string such as 'Host=db.example.com;Username=gateway;Password=…;Database=gateway'.");
        }
    }
}
