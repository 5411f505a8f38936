namespace CustobotGateway.Common.Http;

/// <summary>What every request passes through.</summary>
public static class HttpSetup
{
    /// <summary>Registers JSON, problems and the recognition of callers.</summary>
    public static IServiceCollection AddGatewayHttp(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        // A binding failure as an exception carries the JSON error; as a bare status code it would say nothing.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();
        services.AddSingleton<PublicUrl>();
        services.AddSingleton<IRecognizer, AdministratorRecognizer>();
        return services;
    }

    /// <summary>Adds the middleware in order: failures outermost, then the route, then who calls it.</summary>
    public static void UseGatewayHttp(this IApplicationBuilder app)
    {
        app.UseMiddleware<Failures>();
        app.UseRouting();
        app.UseMiddleware<Recognition>();
    }
}
