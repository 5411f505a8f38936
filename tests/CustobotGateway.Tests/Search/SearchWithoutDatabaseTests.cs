using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Search;

/// <summary>PostgreSQL goes away under load and comes back.</summary>
public sealed class SearchWithoutDatabaseTests(SearchWithoutDatabaseTests.Gateway gateway) : IClassFixture<SearchWithoutDatabaseTests.Gateway>
{
    public sealed class Gateway : GatewayFixture, IAsyncLifetime
    {
        public CutWire Wire { get; private set; } = null!;

        protected override GatewaySettings Configure(GatewaySettings settings) => settings with { ConnectionString = (Wire ??= new CutWire(settings.ConnectionString)).ConnectionString };

        async Task IAsyncLifetime.DisposeAsync()
        {
            await DisposeAsync();
            Wire.Dispose();
        }
    }

    [Fact]
    public async Task Searches_go_on_and_say_how_old_they_are_writes_are_refused_and_recovery_is_by_itself()
    {
        await PutAsync("before", HttpStatusCode.Created);
        await UntilAsync(async () => (await SearchAsync()).Total == 1);
        using var end = new CancellationTokenSource();
        var ages = new ConcurrentQueue<double>();
        // Four who search without pause, before, during and after.
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                ages.Enqueue((await SearchAsync()).Age);
                await Task.Delay(1);
            }
        })).ToList();

        gateway.Wire.Cut();
        await UntilAsync(async () => (await SearchAsync()).Age > 1.5);

        await RefusedAsync(await SendAsync(HttpMethod.Put, "/v1/products/external_id:during"));
        await RefusedAsync(await SendAsync(HttpMethod.Get, "/v1/products/external_id:before"));
        await RefusedAsync(await gateway.Admin.PostAsJsonAsync("/v1/inventory:batch", new { stock = new[] { new { product_id = "external_id:before", location = "main", on_hand = 1 } } }));
        await RefusedAsync(await gateway.Admin.PostAsync("/v1/products:import", new StringContent("""{"id":"a","name":"A"}""", Encoding.UTF8, "application/x-ndjson")));
        using var ready = await gateway.Client.GetAsync("/health/ready");
        using var reads = await gateway.Client.GetAsync("/health/reads");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (ready.StatusCode, reads.StatusCode));
        var checks = (await GatewayFixture.ReadJsonAsync(ready)).GetProperty("checks");
        Assert.False(checks.GetProperty("database").GetProperty("ready").GetBoolean());
        Assert.True(checks.GetProperty("index").GetProperty("lag_seconds").GetDouble() > 1);

        gateway.Wire.Mend();
        await UntilAsync(async () =>
        {
            using var answer = await SendAsync(HttpMethod.Put, "/v1/products/external_id:after");
            return answer.IsSuccessStatusCode;
        });
        await UntilAsync(async () => await SearchAsync() is { Total: 2, Age: < 1 });
        await gateway.WaitUntilReadyAsync();
        await end.CancelAsync();
        await Task.WhenAll(load);
        Assert.True(ages.Count > 100, $"{ages.Count} searches");
    }

    private static async Task RefusedAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("database_unavailable", (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("code").GetString());
            Assert.NotNull(answer.Headers.RetryAfter);
        }
    }

    private async Task PutAsync(string key, HttpStatusCode status)
    {
        using var answer = await SendAsync(HttpMethod.Put, "/v1/products/external_id:" + key);
        Assert.Equal(status, answer.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Put)
        {
            request.Content = new StringContent("""{"attributes":{"name":"Lamp"}}""", Encoding.UTF8, "application/json");
        }
        return await gateway.Admin.SendAsync(request);
    }

    /// <summary>Every search must succeed.</summary>
    private async Task<(int Total, double Age)> SearchAsync()
    {
        using var answer = await gateway.Client.PostAsync("/v1/products/search", new StringContent("""{"query":"lamp"}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return ((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("total").GetInt32(),
            double.Parse(Assert.Single(answer.Headers.GetValues("Catalog-Age")), CultureInfo.InvariantCulture));
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
