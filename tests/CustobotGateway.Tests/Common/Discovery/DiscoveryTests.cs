using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;

namespace CustobotGateway.Tests.Common.Discovery;

/// <summary>A stranger who knows only the host name finds everything.</summary>
public sealed partial class DiscoveryTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task Api_catalogue_leads_to_every_description()
    {
        using var answer = await gateway.Client.GetAsync("/.well-known/api-catalog");
        using var head = await gateway.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/.well-known/api-catalog"));

        Assert.Equal("application/linkset+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("rel=\"api-catalog\"", string.Join(',', head.Headers.GetValues("Link")), StringComparison.Ordinal);
        var linkset = (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("linkset");
        var api = linkset[1];
        Assert.Equal(gateway.BaseUrl + "/", api.GetProperty("anchor").GetString());
        foreach (var relation in new[] { "service-desc", "service-doc", "status" })
        {
            foreach (var link in api.GetProperty(relation).EnumerateArray())
            {
                await ExistsAsync(link.GetProperty("href").GetString()!, link.GetProperty("type").GetString());
            }
        }
    }

    [Fact]
    public async Task Entry_is_json_for_machines_and_a_page_for_people()
    {
        var machine = await gateway.Client.GetAsync("/");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Accept", "text/html,application/xhtml+xml,*/*;q=0.8" } } };
        using var person = await gateway.Client.SendAsync(request);

        foreach (var link in (await GatewayFixture.ReadJsonAsync(machine)).GetProperty("links").EnumerateArray())
        {
            await ExistsAsync(link.GetProperty("href").GetString()!, link.GetProperty("type").GetString());
        }
        Assert.Equal("text/html", person.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Llms_text_names_every_operation_and_its_links_lead_somewhere()
    {
        var text = await gateway.Client.GetStringAsync("/llms.txt");

        Assert.StartsWith("# ", text, StringComparison.Ordinal);
        foreach (Match link in Links().Matches(text))
        {
            await ExistsAsync(link.Groups["url"].Value, null);
        }
        Assert.Contains($"- GET {gateway.BaseUrl}/v1/attributes", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_problem_has_a_page()
    {
        foreach (var problem in GatewayProblems.All)
        {
            using var answer = await gateway.Client.GetAsync("/problems/" + problem.Code);
            var page = await GatewayFixture.ReadJsonAsync(answer);
            Assert.Equal(problem.Status, page.GetProperty("status").GetInt32());
            Assert.Equal(problem.Help, page.GetProperty("help").GetString());
        }
        using var unknown = await gateway.Client.GetAsync("/problems/nothing");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Refusals_and_reads_carry_links()
    {
        using var refusal = await gateway.Client.GetAsync("/nowhere");
        using var read = await gateway.Client.GetAsync("/v1/attributes");

        Assert.All([refusal, read], answer => Assert.Contains("rel=\"service-desc\"", string.Join(',', answer.Headers.GetValues("Link")), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pages_of_any_origin_may_read_and_not_write()
    {
        using var read = new HttpRequestMessage(HttpMethod.Get, "/v1/attributes") { Headers = { { "Origin", "https://shop.example" } } };
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/v1/attributes") { Headers = { { "Origin", "https://shop.example" }, { "Access-Control-Request-Method", "DELETE" } } };

        using var readAnswer = await gateway.Client.SendAsync(read);
        using var preflightAnswer = await gateway.Client.SendAsync(preflight);

        Assert.Equal("*", readAnswer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.DoesNotContain("DELETE", string.Join(',', preflightAnswer.Headers.TryGetValues("Access-Control-Allow-Methods", out var methods) ? methods : []), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_are_compressed_only_when_asked()
    {
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/openapi/gateway.json") { Headers = { { "Accept-Encoding", "gzip" } } };

        using var small = await gateway.Client.SendAsync(asked);
        var plain = await gateway.Client.GetStringAsync("/openapi/gateway.json");

        Assert.Equal("gzip", small.Content.Headers.ContentEncoding.Single());
        await using var unzipped = new GZipStream(await small.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped);
        Assert.Equal(plain, await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Robots_are_welcome() => Assert.Contains("Allow: /", await gateway.Client.GetStringAsync("/robots.txt"), StringComparison.Ordinal);

    private async Task ExistsAsync(string url, string? type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        using var answer = await gateway.Client.SendAsync(request);
        var found = answer.StatusCode is HttpStatusCode.Moved or HttpStatusCode.Found ? await gateway.Client.GetAsync(new Uri(new Uri(url), answer.Headers.Location!)) : answer;
        Assert.True(found.IsSuccessStatusCode, $"{url} answers {(int)found.StatusCode}");
        if (type is not null && type.StartsWith("text/", StringComparison.Ordinal))
        {
            Assert.Equal(type, found.Content.Headers.ContentType?.MediaType);
        }
    }

    [GeneratedRegex(@"\]\((?<url>[^)]+)\)")]
    private static partial Regex Links();
}
