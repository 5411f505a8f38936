using System.Text;
using CustobotGateway.AttributeIndex;
using CustobotGateway.Search;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Search;

/// <summary>A search costs little enough to be asked a thousand times a second.</summary>
public sealed class SearchCostTests(SearchCostTests.Gateway gateway) : IClassFixture<SearchCostTests.Gateway>
{
    public sealed class Gateway : SearchGateway
    {
        protected override int ProductCount => 1000;
    }

    // About 600 bytes, as a purchasing agent asks: the shape of the contract's own example.
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""
        {"query":"monitor","must":[{"attribute":"refresh_rate","op":"gte","value":60,"unit":"Hz"},{"any":[{"attribute":"panel_type","op":"in","values":["IPS","OLED"]},
        {"attribute":"brand","op":"eq","value":"Dell"}]},{"attribute":"price","op":"between","from":{"amount":10000,"currency":"USD"},"to":{"amount":290000,"currency":"USD"}}],
        "should":[{"attribute":"warranty","op":"gte","value":36,"weight":2}],"must_not":[{"attribute":"category","op":"eq","value":"cat11"}],
        "sort":[{"by":"price","order":"asc"}],"select":["name","price","refresh_rate"],"facets":[{"attribute":"brand","limit":10},{"attribute":"screen_size","stats":true}],"page":{"size":24}}
        """);

    [Fact]
    public void Reading_a_request_of_600_bytes_allocates_at_most_3_kilobytes()
    {
        var catalog = gateway.App.Services.GetRequiredService<CatalogIndex>().Current!;

        var bytes = AllocatedPerRun(() => Assert.True(SearchRequestReader.Read(Body, catalog.Registry).Succeeded));

        Assert.InRange(bytes, 1, 3 * 1024);
    }

    [Fact]
    public void A_search_allocates_at_most_8_kilobytes_from_body_to_answer()
    {
        var services = gateway.App.Services;
        var catalog = services.GetRequiredService<CatalogIndex>().Current!;
        var (cursors, output, result) = (services.GetRequiredService<CursorKey>(), new SearchOutput(), new SearchResult());
        var validator = new SearchRequestValidator();

        var bytes = AllocatedPerRun(() =>
        {
            output.Clear();
            var request = SearchRequestReader.Read(Body, catalog.Registry).Value;
            Assert.Null(SearchRequestValidator.Refusal(validator, request));
            var search = SearchBinder.Bind(catalog, request, sight: false, cursors).Value;
            catalog.Snapshot.Search(search.Plan, result);
            SearchWriter.Write(output, search, result, cursors, null);
        });

        Assert.True(result.Total > 20);
        Assert.InRange(bytes, 1, 8 * 1024);
    }

    private static long AllocatedPerRun(Action run)
    {
        const int warm = 200, runs = 500;
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
