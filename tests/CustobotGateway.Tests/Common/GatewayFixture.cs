using System.Net.Http.Headers;
using System.Text.Json;
using CustobotGateway.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CustobotGateway.Tests.Common;

/// <summary>
/// The real gateway behind real HTTP on a free port of 127.0.0.1, with a database of its own. Use it as <c>IClassFixture&lt;GatewayFixture&gt;</c>;
/// derive to change what it starts with.
/// </summary>
public class GatewayFixture : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private TestDatabase? _database;

    /// <summary>The administrator's token.</summary>
    public const string AdminToken = "test-administrator-token";

    /// <summary>Folder of another attribute registry than the built-in one.</summary>
    protected virtual string? RegistryDirectory => null;

    /// <summary>Whether the demo catalogue is loaded.</summary>
    protected virtual bool Demo => false;

    /// <summary>Whether a test may search at once; false where the gateway starts without what it needs.</summary>
    protected virtual bool StartsReady => true;

    /// <summary>Changes the settings last.</summary>
    protected virtual GatewaySettings Configure(GatewaySettings settings) => settings;

    /// <summary>Adds or replaces services, a clock for example.</summary>
    protected virtual void ConfigureServices(IServiceCollection services)
    {
    }

    /// <summary>Adds routes that only a test needs.</summary>
    protected virtual void MapTestRoutes(IEndpointRouteBuilder routes)
    {
    }

    /// <summary>The running application, for its services.</summary>
    public WebApplication App { get; private set; } = null!;

    /// <summary>Anonymous; its BaseAddress is <see cref="BaseUrl"/>.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Sends the administrator's token.</summary>
    public HttpClient Admin { get; private set; } = null!;

    /// <summary>Where the gateway listens, without trailing slash.</summary>
    public string BaseUrl { get; private set; } = null!;

    /// <summary>The database of this fixture alone.</summary>
    public string ConnectionString => _database!.ConnectionString;

    /// <summary>A folder of this fixture alone, removed afterwards.</summary>
    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("gateway-test-").FullName;

    /// <inheritdoc />
    public virtual async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await StartAsync();
    }

    /// <summary>Starts the gateway, again after <see cref="StopAsync"/>, on the same database.</summary>
    public async Task StartAsync()
    {
        App = GatewayApplication.Build(Configure(new GatewaySettings
        {
            Urls = ["http://127.0.0.1:0"],
            DataDirectory = DataDirectory,
            ConnectionString = ConnectionString,
            AdminToken = AdminToken,
            RegistryDirectory = RegistryDirectory,
            Demo = Demo,
        }), ConfigureServices);
        MapTestRoutes(App);
        await App.StartAsync();
        BaseUrl = App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Client = NewClient();
        Admin = NewClient();
        Admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
        if (StartsReady)
        {
            await WaitUntilReadyAsync();
        }
    }

    /// <summary>Stops the gateway; its database stays.</summary>
    public async Task StopAsync()
    {
        Client.Dispose();
        Admin.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }

    /// <summary>Waits until <c>/health/ready</c> says so.</summary>
    public async Task WaitUntilReadyAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            using var answer = await Client.GetAsync("/health/ready", patience.Token);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>A connection to the gateway's database.</summary>
    public async Task<NpgsqlConnection> OpenDatabaseAsync()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>The answer's body as JSON.</summary>
    public static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage answer)
    {
        using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone();
    }

    /// <inheritdoc />
    public virtual async Task DisposeAsync()
    {
        await StopAsync();
        await _database!.DisposeAsync();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        BaseAddress = new Uri(BaseUrl),
        Timeout = TimeSpan.FromSeconds(60),
    };
}
