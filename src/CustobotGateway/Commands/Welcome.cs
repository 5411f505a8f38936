using CustobotGateway.Common.Http;

namespace CustobotGateway.Commands;

/// <summary>What serve prints.</summary>
internal static class Welcome
{
    public static string Addresses(GatewayHost host)
    {
        var publicUrl = host.App.Services.GetRequiredService<PublicUrl>().Base;
        var token = host.Settings.AdminToken == DataFolder.FindAdminToken(host.Settings.DataDirectory)
            ? "token in " + DataFolder.TokenFile(host.Settings.DataDirectory)
            : "token as given";
        return $"""
            Custobot Gateway
              listening on    {host.Url}
              public address  {publicUrl}
              for agents      {publicUrl}/llms.txt
              documentation   {publicUrl}/docs
              data folder     {host.Settings.DataDirectory}
              administrator   {token}
            """;
    }

    public static Task<string> TryItAsync(GatewayHost host, CancellationToken cancellationToken) =>
        Task.FromResult($"""

            Try:
              curl -s {host.Url}/health/ready
            """);
}
