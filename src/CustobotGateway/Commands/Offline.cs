using CustobotGateway.Common;
using CustobotGateway.Common.Database;
using CustobotGateway.Common.Database.Embedded;
using Npgsql;

namespace CustobotGateway.Commands;

/// <summary>
/// The service's parts for a verb that works on the database itself: of the gateway that runs on the data folder, of a private one started for as long as
/// it takes, or of the server that <c>--connection</c> names. Nothing listens, and the schema is this program's.
/// </summary>
public sealed class Offline : IAsyncDisposable
{
    private readonly DataFolder? _folder;
    private readonly EmbeddedPostgres? _database;
    private readonly WebApplication _app;

    private Offline(DataFolder? folder, EmbeddedPostgres? database, WebApplication app) => (_folder, _database, _app) = (folder, database, app);

    /// <summary>The options of such verbs.</summary>
    public static IReadOnlyList<Option> Options { get; } = [GatewayOptions.Data, GatewayOptions.ConnectionString, GatewayOptions.Production];

    /// <summary>The services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Finds or starts the database and brings it up to date.</summary>
    public static async Task<Offline> OpenAsync(GatewaySettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        DataFolder? folder = null;
        EmbeddedPostgres? database = null;
        WebApplication? app = null;
        try
        {
            if (settings.ConnectionString.Length == 0)
            {
                if (DataFolder.FindRunning(settings.DataDirectory) is not null && await EmbeddedPostgres.FindRunningAsync(settings.DataDirectory, cancellationToken) is { } running)
                {
                    settings = settings with { ConnectionString = running };
                }
                else
                {
                    folder = DataFolder.Take(settings.DataDirectory);
                    database = await EmbeddedPostgres.StartAsync(folder.Path, durable: true, text => System.Console.Error.WriteLine("gateway: " + text), cancellationToken);
                    settings = settings with { ConnectionString = database.ConnectionString };
                }
            }
            app = GatewayApplication.Build(settings);
            await Migrations.ApplyAsync(app.Services.GetRequiredService<NpgsqlDataSource>(), cancellationToken);
            return new Offline(folder, database, app);
        }
        catch
        {
            await EndAsync(app, database, folder);
            throw;
        }
    }

    /// <summary>Ends what was started.</summary>
    public async ValueTask DisposeAsync() => await EndAsync(_app, _database, _folder);

    private static async Task EndAsync(WebApplication? app, EmbeddedPostgres? database, DataFolder? folder)
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }
        if (database is not null)
        {
            await database.DisposeAsync();
        }
        folder?.Dispose();
    }
}
