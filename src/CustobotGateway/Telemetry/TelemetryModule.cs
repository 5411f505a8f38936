namespace CustobotGateway.Telemetry;

/// <summary>What is wanted, told from the events of the other modules.</summary>
public static class TelemetryModule
{
    /// <summary>Registers the module.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services) => services
        .AddSingleton<DemandFollower>()
        .AddHostedService(provider => provider.GetRequiredService<DemandFollower>());

    /// <summary>Maps the module's routes.</summary>
    public static void MapTelemetry(this IEndpointRouteBuilder routes) =>
        ListDemandEvents.Map(routes.MapGroup("/v1/demand").WithTags("Demand"));
}
