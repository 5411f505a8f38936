using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CustobotGateway.Tests.Catalog.Products;
using Dapper;

namespace CustobotGateway.Tests.Catalog.Import;

/// <summary>Sends feeds and waits for their reports.</summary>
public class ImportFixture : CatalogFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Sends a feed and gives the report when the import has ended.</summary>
    public async Task<JsonElement> ImportAsync(string body, string type = "application/x-ndjson", string query = "") =>
        await EndOfAsync(await BeginAsync(new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type)), query));

    /// <summary>Sends a feed and gives the import's id.</summary>
    public async Task<string> BeginAsync(HttpContent content, string query = "")
    {
        using var answer = await Admin.PostAsync("/v1/products:import" + query, content);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var id = (await ReadJsonAsync(answer)).GetProperty("id").GetString()!;
        Assert.Equal("/v1/imports/" + id, answer.Headers.Location!.ToString());
        return id;
    }

    /// <summary>The report when the import has ended.</summary>
    public async Task<JsonElement> EndOfAsync(string id)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var report = await GetAsync("/v1/imports/" + id);
            if (report.GetProperty("status").GetString() is "completed" or "failed")
            {
                return report;
            }
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>All products that are not withdrawn, by external id.</summary>
    public async Task<List<string>> DumpAsync()
    {
        await using var connection = await OpenDatabaseAsync();
        return (await connection.QueryAsync<string>("""
            select external_id || ' ' || number || ' ' || attributes::text || ' ' || coalesce(given::text, '') || ' ' || encode(content_hash, 'hex')
            from catalog.products where withdrawn_at is null order by external_id
            """)).AsList();
    }

    /// <summary>Empties the catalogue.</summary>
    public async Task ClearAsync()
    {
        await using var connection = await OpenDatabaseAsync();
        await connection.ExecuteAsync("truncate catalog.products restart identity cascade");
    }

    /// <summary>Compressed by gzip.</summary>
    public static ByteArrayContent Gzip(byte[] bytes, string type = "application/x-ndjson")
    {
        var compressed = new MemoryStream();
        using (var stream = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(bytes);
        }
        var content = new ByteArrayContent(compressed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}

/// <summary>Reads reports.</summary>
internal static class Reports
{
    /// <summary>A number of a report.</summary>
    public static long Count(this JsonElement report, string member) => report.GetProperty(member).GetInt64();

    /// <summary>Line and code of each refused row.</summary>
    public static IEnumerable<(long Line, string Code)> Refusals(this JsonElement report) =>
        report.GetProperty("refusals").EnumerateArray().Select(refusal => (refusal.GetProperty("line").GetInt64(), refusal.GetProperty("code").GetString()!));

    /// <summary>Asserts that every row is accounted for once.</summary>
    public static void AssertAddsUp(this JsonElement report)
    {
        Assert.Equal("completed", report.GetProperty("status").GetString());
        Assert.Equal(report.Count("rows"), report.Count("accepted") + report.Count("refused"));
        Assert.Equal(report.Count("accepted"), report.Count("created") + report.Count("changed") + report.Count("unchanged"));
        Assert.Equal(report.Count("refused"), report.GetProperty("refused_by_reason").EnumerateArray().Sum(reason => reason.GetProperty("count").GetInt64()));
        Assert.Equal(report.Count("accepted"), report.GetProperty("coverage").EnumerateArray().Sum(category => category.GetProperty("products").GetInt64()));
    }
}
