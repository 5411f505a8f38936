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
        RunAsync = (_, _) => WriteAsync(contract => contract.Json),
    };

    /// <summary>Writes something that is made from the contract.</summary>
    internal static async Task<int> WriteAsync(Func<Contract, string> write)
    {
        // Nothing is connected to; some endpoints are made with the pool that they will use.
        await using var app = GatewayApplication.Build(new GatewaySettings { DataDirectory = "", ConnectionString = "Host=none", AdminToken = "" });
        // The routes are published when the pipeline is built, which a gateway that does not start never does.
        app.UseEndpoints(_ => { });
        await System.Console.Out.WriteAsync(write(app.Services.GetRequiredService<Contract>()));
        return ExitCode.Done;
    }
}
