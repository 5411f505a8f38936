using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CustobotGateway.Tests.Catalog.Import;

/// <summary>A feed is tried without being taken, and taken once for each key.</summary>
public sealed class RepeatedImportTests(ImportFixture gateway) : IClassFixture<ImportFixture>, IAsyncLifetime
{
    private const string Feed = """
        {"id":"a","name":"One","stock":[{"location":"main","on_hand":3}]}
        {"id":"b","slots":1.5}
        {"id":"c","name":"Three"}
        """;

    [Theory]
    [InlineData("")]
    [InlineData("?mode=replace")]
    public async Task A_dry_run_counts_what_would_change_and_changes_nothing(string query)
    {
        await gateway.ImportAsync("""
            {"id":"a","name":"Zero"}
            {"id":"old","name":"Old"}
            """);
        var before = await gateway.DumpAsync();

        var tried = await gateway.EndOfAsync((await SendAsync(Feed, query: query, dryRun: true)).Id!);
        var untouched = await gateway.DumpAsync();
        var done = await gateway.ImportAsync(Feed, query: query);

        Assert.Equal(before, untouched);
        Assert.True(tried.GetProperty("dry_run").GetBoolean());
        Assert.False(done.TryGetProperty("dry_run", out _));
        foreach (var count in new[] { "rows", "accepted", "created", "changed", "unchanged", "withdrawn", "stock_changed", "refused" })
        {
            Assert.Equal(done.Count(count), tried.Count(count));
        }
        Assert.Equal((1, 1, query.Length == 0 ? 0 : 1), (tried.Count("created"), tried.Count("changed"), tried.Count("withdrawn")));
        Assert.Equal(done.Refusals(), tried.Refusals());
    }

    [Fact]
    public async Task The_same_feed_under_a_key_is_answered_with_the_import_that_it_began()
    {
        var first = await SendAsync(Feed, key: "feed");
        await gateway.EndOfAsync(first.Id!);
        await gateway.ImportAsync("""{"id":"a","name":"Later"}""");

        var again = await SendAsync(Feed, key: "feed");
        var later = await gateway.DumpAsync();
        var other = await SendAsync(Feed + "\n", key: "feed");
        var otherMode = await SendAsync(Feed, query: "?mode=replace", key: "feed");
        var parts = (await SendAsync(Feed, key: "parts", multipart: true), await SendAsync(Feed, key: "parts", multipart: true));

        Assert.Equal((HttpStatusCode.Accepted, first.Id), (again.Status, again.Id));
        Assert.Contains(later, product => product.StartsWith("a ", StringComparison.Ordinal) && product.Contains("Later", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency_key_reused"), (other.Status, other.Code));
        Assert.Equal("idempotency_key_reused", otherMode.Code);
        Assert.Equal(parts.Item1.Id, parts.Item2.Id);
        await gateway.EndOfAsync(parts.Item1.Id!);
        Assert.Equal("idempotency_key_invalid", (await SendAsync(Feed, key: new string('k', 256))).Code);
    }

    public Task InitializeAsync() => gateway.ClearAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    private async Task<(HttpStatusCode Status, string? Id, string? Code)> SendAsync(string feed, string query = "", string? key = null, bool dryRun = false, bool multipart = false)
    {
        var file = new StringContent(feed, Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/products:import" + query) { Content = multipart ? new MultipartFormDataContent("edge") { { file, "file", "feed.ndjson" } } : file };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        if (dryRun)
        {
            request.Headers.Add("Prefer", "dry-run");
        }
        using var answer = await gateway.Admin.SendAsync(request);
        var body = await ImportFixture.ReadJsonAsync(answer);
        return (answer.StatusCode, Member("id"), Member("code"));

        string? Member(string name) => body.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
    }
}
