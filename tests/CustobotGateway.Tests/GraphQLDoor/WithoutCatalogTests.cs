using System.Net;
using CustobotGateway.Tests.Common;
using CustobotGateway.Tests.Search;

namespace CustobotGateway.Tests.GraphQLDoor;

/// <summary>Before the first load there is nothing to answer from, and no schema to hold a request against.</summary>
public sealed class WithoutCatalogTests(SearchWithoutCatalogTests.Gateway gateway) : IClassFixture<SearchWithoutCatalogTests.Gateway>
{
    [Theory]
    [InlineData("{ products { nodes { name } } }")]
    [InlineData("{ catalog { version } }")]
    public async Task Request_before_the_first_load_is_asked_to_come_again(string query)
    {
        using var answer = await gateway.PostAsync(GraphQLCalls.Body(query), GraphQLCalls.ResponseMedia);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("catalog_loading", GraphQLCalls.CodeOf((await GatewayFixture.ReadJsonAsync(answer)).GetProperty("errors")[0]));
        Assert.NotNull(answer.Headers.RetryAfter);
    }
}
