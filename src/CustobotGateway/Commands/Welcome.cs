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

    /// <summary>Three requests that have an answer on the catalogue that is there.</summary>
    public static async Task<string> TryItAsync(GatewayHost host, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(host.Url) };
        using var demo = await client.GetAsync("/v1/products/" + DemoProduct, cancellationToken);
        var search = demo.IsSuccessStatusCode ? DemoSearch : """{"page":{"size":5}}""";
        return $"""

            Try:
              curl -s {host.Url}/v1/products/search -H 'Content-Type: application/json' -d '{search}'
              curl -s '{host.Url}/v1/products{(demo.IsSuccessStatusCode ? "/" + DemoProduct : "?size=3")}'
              curl -s '{host.Url}/v1/search/filters{(demo.IsSuccessStatusCode ? "?category=monitor" : "")}'
            """;
    }

    private const string DemoProduct = "external_id:demo-monitor-001";

    private const string DemoSearch = """
        {"must":[{"attribute":"category","op":"eq","value":"monitor"},{"attribute":"refresh_rate","op":"gte","value":144,"unit":"Hz"},{"attribute":"panel_type","op":"in","values":["IPS","OLED"]},{"attribute":"price","op":"lte","value":{"amount":50000,"currency":"USD"}}],"sort":[{"by":"price","order":"asc"}],"facets":[{"attribute":"panel_type"}],"page":{"size":3}}
        """;
}
