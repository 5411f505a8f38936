using CustobotGateway.Catalog;
using CustobotGateway.Common;
using CustobotGateway.Search;
using Npgsql;

namespace CustobotGateway;

/// <summary>The service, put together: what Program starts, and what tests start on a port of their own.</summary>
public static class GatewayApplication
{
    /// <summary>Builds the service; the database is migrated and reached when it starts.</summary>
    public static WebApplication Build(GatewaySettings settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls([.. settings.Urls]);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(NpgsqlDataSource.Create(settings.ConnectionString));
        builder.Services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        builder.Services.AddProblemDetails();
        builder.Services.AddCatalog();
        builder.Services.AddSearch();

        var app = builder.Build();
        app.MapCatalog();
        app.MapSearch();
        return app;
    }
}
