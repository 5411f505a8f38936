using System.Net;
using CustobotGateway.Common;
using Npgsql;

namespace CustobotGateway.Tests.Common;

/// <summary>Liveness asks nobody; readiness names what is missing.</summary>
public sealed class HealthTests(HealthTests.Gateway gateway) : IClassFixture<HealthTests.Gateway>
{
    public sealed class Gateway : GatewayFixture
    {
        protected override bool StartsReady => false;

        // Nothing listens on port 1: the gateway starts while its database is away.
        protected override GatewaySettings Configure(GatewaySettings settings) => settings with
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Host = "127.0.0.1", Port = 1 }.ConnectionString,
        };
    }

    [Fact]
    public async Task Gateway_lives_while_its_database_is_away_and_says_that_it_is_not_ready()
    {
        using var live = await gateway.Client.GetAsync("/health/live");
        using var ready = await gateway.Client.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        var problem = await GatewayFixture.ReadJsonAsync(ready);
        Assert.Equal("not_ready", problem.GetProperty("code").GetString());
        Assert.False(problem.GetProperty("checks").GetProperty("database").GetProperty("ready").GetBoolean());
        Assert.NotNull(ready.Headers.RetryAfter);
    }

    [Fact]
    public async Task Searches_wait_for_the_catalogue()
    {
        using var body = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");

        using var answer = await gateway.Client.PostAsync("/v1/products/search", body);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("catalog_loading", (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("code").GetString());
        Assert.NotNull(answer.Headers.RetryAfter);
    }
}
