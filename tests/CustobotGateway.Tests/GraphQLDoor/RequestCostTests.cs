using System.Text;
using CustobotGateway.GraphQL;
using CustobotGateway.GraphQLDoor;
using CustobotGateway.GraphQLDoor.Schemas;
using CustobotGateway.Tests.Search;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace CustobotGateway.Tests.GraphQLDoor;

/// <summary>A request costs little more than the search in it.</summary>
public sealed class RequestCostTests(SearchGateway gateway, ITestOutputHelper output) : IClassFixture<SearchGateway>
{
    private const string Query = """
        { products(must: { category: { in: ["cat0", "cat1", "cat2"] } }, sort: { by: price }, first: 24) { totalCount nodes {
            id externalId name brand category panel_type serial in_stock cores rating weight { value unit } screen_size { value unit } refresh_rate { value unit } price { amount currency } released
        } pageInfo { endCursor } } }
        """;

    [Fact]
    public void Fifteen_fields_of_24_hits_allocate_less_than_64_kilobytes()
    {
        var services = gateway.App.Services;
        var (engine, schema, door) = (services.GetRequiredService<GraphQLEngine>(), services.GetRequiredService<SchemaSource>().Current, services.GetRequiredService<DoorServices>());
        var (text, scratch) = (Encoding.UTF8.GetBytes(Query), new DoorScratch());
        var (response, http) = (scratch.Response, new DefaultHttpContext());

        var bytes = AllocatedPerRun(() =>
        {
            Assert.True(scratch.TryClear());
            var state = new DoorRequest(door, schema.Names, http, scratch);
            var run = engine.ExecuteAsync(schema.Schema, new GraphQLRequest { Query = text }, new ExecutionOptions { State = state, Values = state.Values }, response);
            Assert.True(run.IsCompletedSuccessfully && run.Result.ErrorCount == 0);
        });

        output.WriteLine($"{bytes:N0} bytes allocated, {response.WrittenCount:N0} bytes answered");
        Assert.Equal(24, Encoding.UTF8.GetString(response.WrittenSpan).Split("\"externalId\"").Length - 1);
        // The rest of 64 KB is for the transport: reading the body, headers, options.
        Assert.InRange(bytes, 1, 56 * 1024);
    }

    private static long AllocatedPerRun(Action run)
    {
        const int warm = 100, runs = 200;
        for (var i = 0; i < warm; i++)
        {
            run();
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < runs; i++)
        {
            run();
        }
        return (GC.GetAllocatedBytesForCurrentThread() - before) / runs;
    }
}
