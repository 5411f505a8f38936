using System.Net.Http.Json;
using System.Text.Json;
using CustobotGateway.Common.Http;
using CustobotGateway.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CustobotGateway.Tests.Guards;

/// <summary>Problems that no module's own tests provoke.</summary>
public sealed class ProvokedProblemTests(ProvokedProblemTests.Gateway gateway) : IClassFixture<ProvokedProblemTests.Gateway>
{
    public sealed class Gateway : GatewayFixture
    {
        protected override void MapTestRoutes(IEndpointRouteBuilder routes)
        {
            routes.MapGet("/test/not-acceptable", () => Results.StatusCode(406)).AllowPublic();
            // As Kestrel does where a body trickles in more slowly than its minimum rate.
            routes.MapGet("/test/slow", string () => throw new BadHttpRequestException("slow", 408)).AllowPublic();
        }
    }

    [Theory]
    [InlineData("/test/not-acceptable", 406, "not_acceptable")]
    [InlineData("/test/slow", 408, "request_timeout")]
    [InlineData("/v1/attributes/no_such_key", 404, "attribute_not_found")]
    [InlineData("/v1/products/prd_00000000zzzzz", 404, "product_not_found")]
    public async Task Read_is_refused(string path, int status, string code)
    {
        using var answer = await gateway.Client.GetAsync(path);

        Assert.Equal((status, code), ((int)answer.StatusCode, (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Write_to_another_version_than_the_current_one_is_refused()
    {
        await PutAsync("changed");
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/v1/products/external_id:changed") { Headers = { { "If-Match", "\"999\"" } } };

        using var answer = await gateway.Admin.SendAsync(request);

        Assert.Equal("precondition_failed", (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Cursor_of_one_search_is_refused_by_another()
    {
        await PutAsync("first");
        await PutAsync("second");
        string? next = null;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (next is null)
        {
            next = (await SearchAsync(new { page = new { size = 1 } }, patience.Token)).GetProperty("page").GetProperty("next").GetString();
        }

        var refusal = await SearchAsync(new { query = "lamp", page = new { size = 1, after = next } }, patience.Token);

        Assert.Equal("cursor_of_another_query", refusal.GetProperty("code").GetString());
    }

    private async Task PutAsync(string externalId)
    {
        using var answer = await gateway.Admin.PutAsJsonAsync("/v1/products/external_id:" + externalId, new { attributes = new { name = "A lamp" } });
        Assert.True(answer.IsSuccessStatusCode);
    }

    private async Task<JsonElement> SearchAsync(object request, CancellationToken cancellationToken)
    {
        using var answer = await gateway.Client.PostAsJsonAsync("/v1/products/search", request, cancellationToken);
        return await GatewayFixture.ReadJsonAsync(answer);
    }
}
