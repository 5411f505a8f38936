using CustobotGateway.BotDetection;
using CustobotGateway.BotDetection.Agents;
using CustobotGateway.BotDetection.Capture;
using CustobotGateway.Catalog;
using CustobotGateway.Checkout;
using CustobotGateway.Common;
using CustobotGateway.Common.Database;
using CustobotGateway.Common.Discovery;
using CustobotGateway.Common.Health;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Common.Observability;
using CustobotGateway.Common.OpenApi;
using CustobotGateway.Common.Pages;
using CustobotGateway.Console;
using CustobotGateway.GraphQLDoor;
using CustobotGateway.Identity;
using CustobotGateway.Negotiation;
using CustobotGateway.Search;
using CustobotGateway.Telemetry;
using CustobotGateway.Webhooks;

namespace CustobotGateway;

/// <summary>The service, put together: what the serve verb starts, and what tests start on a port of their own.</summary>
public static class GatewayApplication
{
    /// <summary>Builds the service; the database is migrated and reached when it starts.</summary>
    /// <param name="settings">What the command line and the environment decided.</param>
    /// <param name="services">Adds or replaces services last; tests give a clock of their own.</param>
    public static WebApplication Build(GatewaySettings settings, Action<IServiceCollection>? services = null)
    {
        // The program's own folder, not the caller's: appsettings.json of whatever folder one stands in is none of ours.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelHttpsConfiguration().UseUrls([.. settings.Urls]).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimits.DefaultBytes;
            kestrel.CaptureHeaders(settings.Urls);
        });
        builder.Logging.AddGatewayLogging();
        builder.Services.AddSingleton<IHostLifetime, StopsWhenTold>();
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(TimeProvider.System);
        // First, since hosted services start in this order and the others read the tables.
        builder.Services.AddGatewayDatabase(settings.ConnectionString);
        builder.Services.AddGatewayHttp();
        builder.Services.AddSingleton<Writes>();
        builder.Services.AddHealth();
        builder.Services.AddDiscovery(GatewayProblems.All);
        builder.Services.AddContract();
        builder.Services.AddHostedService<OpenTelemetrySetup>();
        builder.Services.AddCatalog();
        builder.Services.AddSearch();
        builder.Services.AddIdentity();
        builder.Services.AddBotDetection();
        builder.Services.AddNegotiation();
        builder.Services.AddCheckout();
        builder.Services.AddTelemetry();
        builder.Services.AddWebhooks();
        builder.Services.AddGraphQLDoor();
        builder.Services.AddPages();
        builder.Services.AddConsole();
        builder.Services.AddSingleton(DemoReadiness.Create);
        services?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseSignedAnswers();
        app.UseGatewayHttp(recognize: BotDetectionModule.UseCallerRecognition, admit: BotDetectionModule.UseCallerAdmission);
        app.UseContract();
        app.MapHealth();
        app.MapDiscovery();
        app.MapCatalog();
        app.MapSearch();
        app.MapIdentity();
        app.MapBotDetection();
        app.MapNegotiation();
        app.MapCheckout();
        app.MapTelemetry();
        app.MapWebhooks();
        app.MapGraphQLDoor();
        app.MapPages();
        app.MapConsole();
        return app;
    }

    /// <summary>Leaves signals to the command line, which stops the service in order; the host's own handler would race it.</summary>
    private sealed class StopsWhenTold : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
