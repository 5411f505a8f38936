using CustobotGateway.Common;
using CustobotGateway.Common.OpenApi;

namespace CustobotGateway.Commands;

/// <summary><c>gateway openapi</c>: writes the contract; starts nothing.</summary>
public static class OpenApi
{
    /// <summary>The verb.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "openapi",
        Summary = "Write the OpenAPI description (openapi/gateway.json) to standard output",
        RunAsync = async (_, _) =>
        {
            // Nothing is connected to; some endpoints are made with the pool that they will use.
            await using var app = GatewayApplication.Build(new GatewaySettings { DataDirectory = "", ConnectionString = "Host=none", AdminToken = "" });
            // The routes are published when the pipeline is built, which a gateway that does not start never does.
            app.UseEndpoints(_ => { });
            await System.Console.Out.WriteAsync(app.Services.GetRequiredService<Contract>().Json);
            return ExitCode.Done;
        },
    };
}
