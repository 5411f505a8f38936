using System.Net;
using System.Text.Json.Nodes;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Search;

/// <summary>Pages follow one another without a gap and without a repetition, whatever happens to the catalogue meanwhile.</summary>
public sealed class CursorTests(CursorTests.Gateway gateway) : IClassFixture<CursorTests.Gateway>
{
    public sealed class Gateway : SearchGateway
    {
        protected override int ProductCount => 400;
    }

    private static readonly string[] AllOrders =
    [
        """{"sort":[]}""",
        """{"sort":[{"by":"id","order":"desc"}]}""",
        """{"sort":[{"by":"price","order":"asc"}]}""",
        """{"sort":[{"by":"cores","order":"desc"},{"by":"rating"}]}""",
        """{"sort":[{"by":"brand"},{"by":"name","order":"desc"}]}""",
        """{"sort":[{"by":"external_id","order":"desc"}]}""",
        """{"sort":[{"by":"tested_at","order":"desc"}],"must":[{"attribute":"in_stock","op":"exists","value":true}]}""",
        """{"should":[{"attribute":"cores","op":"gte","value":8,"weight":0.3},{"attribute":"brand","op":"eq","value":"Dell","weight":1.1}]}""",
    ];

    public static TheoryData<string> Orders => [.. AllOrders];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Pages_together_are_the_whole_answer_in_order(string search)
    {
        var request = JsonNode.Parse(search)!.AsObject();
        var scan = new PlainScan(await gateway.ReadProductsAsync());
        await gateway.WaitForAsync(index => index.Snapshot.Count == scan.Products.Count);

        var walked = await WalkAsync(request, 37, _ => Task.CompletedTask);

        Assert.Equal(scan.Order(request).Select(product => product.Id), walked);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Walk_over_a_changing_catalogue_neither_repeats_nor_loses_an_unchanged_product(int seed)
    {
        var random = new Random(seed);
        var before = await gateway.ReadProductsAsync();
        await gateway.WaitForAsync(index => index.Snapshot.Count == before.Count);
        var changed = new HashSet<string>();
        var request = JsonNode.Parse(AllOrders[1 + (seed * 2)])!.AsObject();

        var walked = await WalkAsync(request, 23, async page =>
        {
            // Some go, some change their place in every order, some come: at places before and behind the page.
            var touched = before.OrderBy(_ => random.Next()).Take(6).ToList();
            changed.UnionWith(touched.Select(product => product.Id));
            await gateway.ExecuteAsync($$$"""
                update catalog.products set withdrawn_at = now(), change_xid = pg_current_xact_id() where number in ({{{string.Join(',', touched.Take(3).Select(product => product.Number))}}});
                update catalog.products set attributes = attributes || '{"cores":{{{random.Next(64)}}},"brand":"Dell","price":{"amount":{{{random.Next(300_000)}}},"currency":"USD"},"name":"moved {{{page}}}"}', change_xid = pg_current_xact_id()
                where number in ({{{string.Join(',', touched.Skip(3).Select(product => product.Number))}}});
                """);
            await gateway.InsertAsync(SeededCatalog.Products(4, seed * 1000 + page), $"N{seed}-{page}-");
            var now = await gateway.ReadProductsAsync();
            await gateway.WaitForAsync(index => index.Snapshot.Count == now.Count);
        });

        var scan = new PlainScan(before);
        var unchanged = scan.Order(request).Select(product => product.Id).Where(id => !changed.Contains(id)).ToList();
        Assert.True(changed.Count > 20 && unchanged.Count > 100);
        var known = unchanged.ToHashSet();
        // One that moved behind the page may come again; those that stayed come once, in order.
        Assert.Equal(unchanged, walked.Where(known.Contains));
    }

    [Fact]
    public async Task Cursor_of_another_search_is_refused_and_one_of_another_projection_is_not()
    {
        var first = await gateway.SearchAsync(JsonNode.Parse("""{"must":[{"attribute":"cores","op":"gte","value":2}],"page":{"size":5}}""")!);
        var cursor = first.GetProperty("page").GetProperty("next").GetString();

        using var other = await gateway.PostAsync($$$"""{"must":[{"attribute":"cores","op":"gte","value":3}],"page":{"size":5,"after":"{{{cursor}}}"}}""");
        using var sorted = await gateway.PostAsync($$$"""{"must":[{"attribute":"cores","op":"gte","value":2}],"sort":[{"by":"price"}],"page":{"size":5,"after":"{{{cursor}}}"}}""");
        using var same = await gateway.PostAsync($$$"""{"page":{"size":7,"after":"{{{cursor}}}"},"select":["cores"],"must":[{"value":2.0,"op":"gte","attribute":"cores"}]}""");

        Assert.Equal("cursor_of_another_query", (await GatewayFixture.ReadJsonAsync(other)).GetProperty("code").GetString());
        Assert.Equal("cursor_of_another_query", (await GatewayFixture.ReadJsonAsync(sorted)).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
    }

    [Fact]
    public async Task Tampered_cursor_is_refused_whatever_letter_changes()
    {
        var first = await gateway.SearchAsync(JsonNode.Parse("""{"sort":[{"by":"name"}],"page":{"size":5}}""")!);
        var cursor = first.GetProperty("page").GetProperty("next").GetString()!;

        for (var i = 0; i < cursor.Length; i++)
        {
            var letters = cursor.ToCharArray();
            letters[i] = letters[i] == 'A' ? 'B' : 'A';
            using var answer = await gateway.PostAsync($$$"""{"sort":[{"by":"name"}],"page":{"size":5,"after":"{{{new string(letters)}}}"}}""");
            // The last letter may carry bits that stand for nothing.
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest || i == cursor.Length - 1, $"letter {i}");
        }
    }

    private async Task<List<string>> WalkAsync(JsonObject search, int size, Func<int, Task> between)
    {
        var ids = new List<string>();
        string? after = null;
        for (var page = 0; page < 100; page++)
        {
            var request = (JsonObject)search.DeepClone();
            request["page"] = new JsonObject { ["size"] = size, ["after"] = after };
            var answer = await gateway.SearchAsync(request);
            ids.AddRange(answer.GetProperty("products").EnumerateArray().Select(hit => hit.GetProperty("id").GetString()!));
            after = answer.GetProperty("page").GetProperty("next").GetString();
            if (after is null)
            {
                return ids;
            }
            await between(page);
        }
        throw new InvalidOperationException("The walk does not end.");
    }
}
