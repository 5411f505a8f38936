using System.Net;
using System.Text;
using CustobotGateway.Common;
using CustobotGateway.Tests.Common;
using Npgsql;

namespace CustobotGateway.Tests.Search;

/// <summary>Before the first load there is nothing to answer from.</summary>
public sealed class SearchWithoutCatalogTests(SearchWithoutCatalogTests.Gateway gateway) : IClassFixture<SearchWithoutCatalogTests.Gateway>
{
    public sealed class Gateway : GatewayFixture
    {
        protected override bool StartsReady => false;

        // Nothing listens on port 1: the catalogue cannot be loaded.
        protected override GatewaySettings Configure(GatewaySettings settings) => settings with
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Host = "127.0.0.1", Port = 1 }.ConnectionString,
        };
    }

    [Fact]
    public async Task Search_before_the_first_load_is_asked_to_come_again()
    {
        using var search = await gateway.Client.PostAsync("/v1/products/search", new StringContent("{}", Encoding.UTF8, "application/json"));
        using var filters = await gateway.Client.GetAsync("/v1/search/filters");

        foreach (var answer in new[] { search, filters })
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("catalog_loading", (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("code").GetString());
            Assert.NotNull(answer.Headers.RetryAfter);
        }
    }
}
