using CustobotGateway.Common;
using CustobotGateway.Common.Database.Embedded;
using CustobotGateway.Common.Http;

namespace CustobotGateway.Commands;

/// <summary>A gateway that a verb started: its data folder, its private database when it has one, and the service.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    private readonly DataFolder _folder;
    private readonly EmbeddedPostgres? _database;

    private GatewayHost(DataFolder folder, EmbeddedPostgres? database, WebApplication app, GatewaySettings settings) =>
        (_folder, _database, App, Settings) = (folder, database, app, settings);

    /// <summary>The service.</summary>
    public WebApplication App { get; }

    /// <summary>The settings with everything decided.</summary>
    public GatewaySettings Settings { get; }

    /// <summary>Where it listens: the first address, with the port it got and a host that can be called, without trailing slash.</summary>
    public string Url => App.Services.GetRequiredService<PublicUrl>().Listening;

    /// <summary>Starts one and waits until it listens.</summary>
    public static async Task<GatewayHost> StartAsync(GatewaySettings settings, CancellationToken cancellationToken)
    {
        var folder = DataFolder.Take(settings.DataDirectory);
        EmbeddedPostgres? database = null;
        WebApplication? app = null;
        try
        {
            var token = new[] { settings.AdminToken, Environment.GetEnvironmentVariable("GATEWAY_ADMIN_TOKEN") }.FirstOrDefault(one => !string.IsNullOrEmpty(one)) ?? folder.AdminToken();
            if (settings.ConnectionString.Length == 0)
            {
                database = await EmbeddedPostgres.StartAsync(folder.Path, durable: true, Tell, cancellationToken);
            }
            settings = settings with { AdminToken = token, ConnectionString = database?.ConnectionString ?? settings.ConnectionString };
            app = GatewayApplication.Build(settings);
            await app.StartAsync(cancellationToken);
            var host = new GatewayHost(folder, database, app, settings);
            folder.Announce(host.Url);
            return host;
        }
        catch
        {
            await EndAsync(app, database, folder);
            throw;
        }
    }

    /// <summary>Waits until searches and writes can be served.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(Url) };
        while (true)
        {
            using var answer = await client.GetAsync("/health/ready", cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }
            await Task.Delay(100, cancellationToken);
        }
    }

    /// <summary>Stops everything in order: requests end, then the database stops, then the folder is free.</summary>
    public async ValueTask DisposeAsync() => await EndAsync(App, _database, _folder);

    private static async Task EndAsync(WebApplication? app, EmbeddedPostgres? database, DataFolder folder)
    {
        if (app is not null)
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }
        if (database is not null)
        {
            await database.DisposeAsync();
        }
        folder.Dispose();
    }

    private static void Tell(string text) => System.Console.Error.WriteLine("gateway: " + text);
}
