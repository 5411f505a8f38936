using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.ResourceServer;

/// <summary>Another gateway over the database of the first, published under the same address as it, as behind a load balancer.</summary>
public sealed class SecondGateway(GatewayFixture first) : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("gateway-second-").FullName;

    public WebApplication App { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public async Task StartAsync(Action<IServiceCollection>? services = null, Action<IEndpointRouteBuilder>? map = null)
    {
        App = GatewayApplication.Build(new GatewaySettings
        {
            Urls = ["http://127.0.0.1:0"],
            PublicUrl = first.App.Services.GetRequiredService<PublicUrl>().Base,
            DataDirectory = _data,
            ConnectionString = first.ConnectionString,
            AdminToken = GatewayFixture.AdminToken,
            Demo = false,
        }, services);
        map?.Invoke(App);
        await App.StartAsync();
        var address = App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var ready = await Client.GetAsync("/health/ready", patience.Token);
            if (ready.IsSuccessStatusCode)
            {
                return;
            }
            await Task.Delay(20, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}
