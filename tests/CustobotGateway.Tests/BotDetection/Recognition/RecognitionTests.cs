using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CustobotGateway.BotDetection;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.BotDetection.Recognition;

/// <summary>Every request is recognised once, by its headers as they were sent, and the caller is told.</summary>
public sealed class RecognitionTests(RecognitionTests.Fixture gateway) : IClassFixture<RecognitionTests.Fixture>
{
    /// <summary>A gateway that believes an edge which no test here comes from.</summary>
    public class Fixture : GatewayFixture
    {
        protected override void ConfigureServices(IServiceCollection services) =>
            services.AddSingleton(new CallerOptions { Edge = new EdgeOptions { Addresses = "127.0.0.2/32" } });
    }

    private const string Chrome = """
        GET /v1/products?size=1 HTTP/1.1
        Host: {host}
        Connection: keep-alive
        sec-ch-ua: "Google Chrome";v="147", "Not.A/Brand";v="8", "Chromium";v="147"
        sec-ch-ua-mobile: ?0
        sec-ch-ua-platform: "Windows"
        Upgrade-Insecure-Requests: 1
        User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36
        Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7
        Sec-Fetch-Site: none
        Sec-Fetch-Mode: navigate
        Sec-Fetch-User: ?1
        Sec-Fetch-Dest: document
        Accept-Encoding: gzip, deflate, br, zstd
        Accept-Language: en-US,en;q=0.9


        """;

    [Fact]
    public async Task A_library_is_automation_and_is_told_so()
    {
        using var answer = await gateway.Client.GetAsync("/v1/products?size=1");

        Assert.Equal("automation", answer.Headers.GetValues("Agent-Class").Single());
        Assert.InRange(int.Parse(answer.Headers.GetValues("Agent-Score").Single(), System.Globalization.CultureInfo.InvariantCulture), 50, 100);
    }

    [Fact]
    public async Task A_person_s_browser_is_a_person_as_long_as_its_headers_are_as_it_sends_them()
    {
        Assert.Equal("human", ClassOf(await SendAsync(Chrome)));

        var reordered = Chrome.Replace("Host: {host}\n", "", StringComparison.Ordinal).Replace("Accept-Language: en-US,en;q=0.9\n", "Accept-Language: en-US,en;q=0.9\nHost: {host}\n", StringComparison.Ordinal)
            .Replace("v=\"8\"", "v=\"99\"", StringComparison.Ordinal);
        Assert.Equal("automation", ClassOf(await SendAsync(reordered)));
    }

    [Fact]
    public async Task Nobody_is_judged_by_the_headers_of_an_earlier_request_of_the_connection()
    {
        var upgrade = Chrome.Replace("Upgrade-Insecure-Requests: 1\n", "Upgrade-Insecure-Requests: 1\nUpgrade: anything\n", StringComparison.Ordinal);

        var answers = await SendAsync(upgrade + "GET /v1/attributes?size=1 HTTP/1.1\nHost: {host}\nUser-Agent: curl/8.5.0\nConnection: close\n\n", heads: 2);

        Assert.Equal("automation", ClassOf(answers[(answers.LastIndexOf("HTTP/1.1 ", StringComparison.Ordinal))..]));
    }

    [Fact]
    public async Task A_crawler_that_says_so_is_named()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/products?size=1") { Headers = { { "User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" } } };
        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal("declared_bot", answer.Headers.GetValues("Agent-Class").Single());
        Assert.Equal("Googlebot", (await DecisionOfAsync(answer)).GetProperty("declared_as").GetString());
    }

    [Fact]
    public async Task A_decision_is_explained_to_staff_without_the_credentials_that_it_saw()
    {
        const string script = "<script>alert('x')</script>";
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/orders/ord_1") { Headers = { { "Authorization", "Bearer not-a-token-of-anybody" }, { "X-Api-Key", "hunter2" } } };
        request.Headers.TryAddWithoutValidation("User-Agent", script);
        using var answer = await gateway.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);

        var decision = await DecisionOfAsync(answer);

        Assert.Equal("automation", decision.GetProperty("class").GetString());
        Assert.Equal(401, decision.GetProperty("status").GetInt32());
        Assert.Equal("invalid_token", decision.GetProperty("code").GetString());
        Assert.Equal(script, decision.GetProperty("user_agent").GetString());
        Assert.Equal("127.0.0.0/24", decision.GetProperty("address").GetString());
        Assert.True(decision.GetProperty("headers_known").GetBoolean());
        Assert.NotEmpty(decision.GetProperty("reasons").EnumerateArray());
        var text = decision.GetRawText();
        Assert.DoesNotContain("not-a-token", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_is_searched_and_paged_and_decisions_are_labelled()
    {
        for (var i = 0; i < 3; i++)
        {
            using var refused = new HttpRequestMessage(HttpMethod.Get, "/v1/orders/ord_1") { Headers = { { "User-Agent", "Paging-Test/1.0" } } };
            using var _ = await gateway.Client.SendAsync(refused);
        }
        await gateway.App.Services.GetRequiredService<CustobotGateway.BotDetection.Decisions.DecisionLog>().WhenWrittenAsync(TimeSpan.FromSeconds(10));

        var first = await GetAsync("/v1/bot-detection/decisions?refused=true&q=paging-test&size=2");
        var next = first.GetProperty("page").GetProperty("next").GetString();
        var second = await GetAsync("/v1/bot-detection/decisions?refused=true&q=paging-test&size=2&after=" + Uri.EscapeDataString(next!));

        Assert.Equal(2, first.GetProperty("decisions").GetArrayLength());
        var last = Assert.Single(second.GetProperty("decisions").EnumerateArray());
        Assert.False(second.GetProperty("page").TryGetProperty("next", out _));
        using var labelled = await gateway.Admin.PutAsJsonAsync($"/v1/bot-detection/decisions/{last.GetProperty("trace_id").GetString()}/label", new { label = "human" });
        Assert.Equal("human", (await GatewayFixture.ReadJsonAsync(labelled)).GetProperty("label").GetString());
    }

    [Theory]
    [InlineData("class=robot", "?class")]
    [InlineData("size=0", "?size")]
    [InlineData("after=x", "?after")]
    [InlineData("after=99999999999999999999.x", "?after")]
    public async Task A_bad_search_of_the_log_is_refused(string query, string pointer)
    {
        using var answer = await gateway.Admin.GetAsync("/v1/bot-detection/decisions?" + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(pointer, (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task An_edge_that_is_not_trusted_is_not_believed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/orders/ord_1") { Headers = { { "X-Forwarded-For", "203.0.113.7" }, { "X-Header-Order", "Host" } } };
        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal("127.0.0.0/24", (await DecisionOfAsync(answer)).GetProperty("address").GetString());
    }

    [Fact]
    public async Task Header_floods_and_huge_values_are_answered()
    {
        var flood = string.Concat(Enumerable.Range(0, 90).Select(i => $"X-{i}: {i}\n"));
        Assert.Contains("200", await SendAsync("GET /v1/products?size=1 HTTP/1.1\nHost: {host}\n" + flood + "\n"), StringComparison.Ordinal);
        Assert.Contains("200", await SendAsync("GET /v1/products?size=1 HTTP/1.1\nHost: {host}\nUser-Agent: " + new string('M', 30_000) + "\n\n"), StringComparison.Ordinal);
        Assert.Contains("431", await SendAsync("GET /v1/products?size=1 HTTP/1.1\nHost: {host}\nUser-Agent: " + new string('M', 65_536) + "\n\n"), StringComparison.Ordinal);
    }

    /// <summary>Behind an edge, the order, the address and the version of HTTP come from it.</summary>
    public sealed class BehindAnEdge(BehindAnEdge.Edge gateway) : IClassFixture<BehindAnEdge.Edge>
    {
        /// <summary>A gateway behind an edge on the same machine.</summary>
        public sealed class Edge : GatewayFixture
        {
            protected override void ConfigureServices(IServiceCollection services) =>
                services.AddSingleton(new CallerOptions { Edge = new EdgeOptions { Addresses = "127.0.0.0/8" } });
        }

        [Fact]
        public async Task What_the_edge_saw_is_judged()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/orders/ord_1");
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", "10.1.2.3, 203.0.113.7");
            request.Headers.TryAddWithoutValidation("X-Header-Order", "host, accept, user-AGENT");
            request.Headers.TryAddWithoutValidation("User-Agent", "curl/8.5.0");
            request.Headers.TryAddWithoutValidation("Accept", "*/*");
            using var answer = await gateway.Client.SendAsync(request);

            using var asked = await gateway.Admin.GetAsync("/v1/bot-detection/decisions/" + answer.Headers.GetValues("Agent-Decision").Single());
            var decision = await GatewayFixture.ReadJsonAsync(asked);
            Assert.Equal("203.0.113.0/24", decision.GetProperty("address").GetString());
            Assert.Equal(["host", "accept", "user-AGENT"], decision.GetProperty("headers").EnumerateArray().Select(pair => pair[0].GetString()!));
        }
    }

    private static string ClassOf(string answer) => answer.Split('\n').Single(line => line.StartsWith("Agent-Class:", StringComparison.Ordinal))["Agent-Class:".Length..].Trim();

    private async Task<JsonElement> DecisionOfAsync(HttpResponseMessage answer) => await GetAsync("/v1/bot-detection/decisions/" + answer.Headers.GetValues("Agent-Decision").Single());

    private async Task<JsonElement> GetAsync(string address)
    {
        using var answer = await gateway.Admin.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await GatewayFixture.ReadJsonAsync(answer);
    }

    // Byte for byte, from an address of its own, so that the visits of other tests are not its own.
    private async Task<string> SendAsync(string request, int heads = 1)
    {
        var url = new Uri(gateway.BaseUrl);
        using var client = new TcpClient(new IPEndPoint(IPAddress.Parse($"127.0.{Random.Shared.Next(1, 250)}.{Random.Shared.Next(3, 250)}"), 0));
        await client.ConnectAsync(IPAddress.Loopback, url.Port);
        var bytes = Encoding.ASCII.GetBytes(request.Replace("{host}", url.Authority, StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));
        await using var stream = client.GetStream();
        await stream.WriteAsync(bytes);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var head = new StringBuilder();
        for (var isHead = false; heads > 0 && await reader.ReadLineAsync() is { } line;)
        {
            isHead |= line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal);
            if (isHead)
            {
                head.Append(line).Append('\n');
            }
            (isHead, heads) = line.Length == 0 && isHead ? (false, heads - 1) : (isHead, heads);
        }
        return head.ToString();
    }
}
