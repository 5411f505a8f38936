using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.GraphQLDoor;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.GraphQLDoor;

/// <summary>GraphQL over HTTP.</summary>
public sealed class TransportTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const string Ask = "{ catalog { products } }";

    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/*", "application/json")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/graphql-response+json", "application/graphql-response+json")]
    [InlineData("application/graphql-response+json, application/json;q=0.9", "application/graphql-response+json")]
    [InlineData("application/graphql-response+json;q=0.1, application/json", "application/json")]
    [InlineData("text/plain, application/json;charset=utf-8", "application/json")]
    public async Task Answer_has_the_form_that_accept_prefers(string? accept, string type)
    {
        using var answer = await gateway.PostAsync(GraphQLCalls.Body(Ask), accept);

        Assert.Equal((HttpStatusCode.OK, type, "utf-8"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentType?.CharSet));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json;charset=utf-16")]
    [InlineData("image/*")]
    public async Task Other_forms_are_not_acceptable(string accept)
    {
        using var answer = await gateway.PostAsync(GraphQLCalls.Body(Ask), accept);

        Assert.Equal(HttpStatusCode.NotAcceptable, answer.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/graphql")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Content_that_a_page_of_another_origin_can_send_unasked_is_refused(string type)
    {
        using var answer = await gateway.PostAsync(GraphQLCalls.Body(Ask), null, type);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Theory]
    [InlineData("""{"query":"{"}""", 400, 200, "GRAPHQL_SYNTAX_ERROR")]
    [InlineData("""{"query":"{ nothing }"}""", 400, 200, "GRAPHQL_VALIDATION_FAILED")]
    [InlineData("""{"query":"query($a: Int!) { products(first: $a) { totalCount } }"}""", 400, 200, "BAD_USER_INPUT")]
    [InlineData("""{"query":"query A { __typename } query B { __typename }"}""", 400, 200, "OPERATION_NOT_FOUND")]
    [InlineData("""{"query":"query A { __typename }","operationName":"C"}""", 400, 200, "OPERATION_NOT_FOUND")]
    [InlineData("""{"query":"subscription { catalogChanged { version } }"}""", 400, 200, "OPERATION_NOT_ALLOWED")]
    [InlineData("""{"variables":{}}""", 400, 400, "invalid_request")]
    [InlineData("""{"query":1}""", 400, 400, "invalid_request")]
    [InlineData("""{"query":"{__typename}","variables":[]}""", 400, 400, "invalid_request")]
    [InlineData("""{"query":"{__typename}","operationName":{}}""", 400, 400, "invalid_request")]
    [InlineData("""{"query":"{__typename}","extensions":"x"}""", 400, 400, "invalid_request")]
    [InlineData("""[{"query":"{__typename}"}]""", 400, 400, "invalid_request")]
    [InlineData("""{"query":"{__typename}" """, 400, 400, "malformed_body")]
    [InlineData("""{"query":"\ud800"}""", 400, 400, "malformed_body")]
    [InlineData("", 400, 400, "malformed_body")]
    public async Task Wrong_request_has_a_status_and_a_code(string body, int status, int statusOfJson, string code)
    {
        using var answer = await gateway.PostAsync(body, GraphQLCalls.ResponseMedia);
        using var json = await gateway.PostAsync(body, "application/json");

        Assert.Equal((status, statusOfJson), ((int)answer.StatusCode, (int)json.StatusCode));
        foreach (var one in new[] { answer, json })
        {
            var content = await GatewayFixture.ReadJsonAsync(one);
            Assert.Equal(code, GraphQLCalls.CodeOf(content.GetProperty("errors")[0]));
            Assert.False(content.TryGetProperty("data", out _));
        }
    }

    [Fact]
    public async Task Syntax_error_names_line_and_column()
    {
        var error = await gateway.AskWronglyAsync("{\n  products(first: ) { totalCount }\n}");

        Assert.Equal((2, 19), (error.GetProperty("locations")[0].GetProperty("line").GetInt32(), error.GetProperty("locations")[0].GetProperty("column").GetInt32()));
    }

    [Fact]
    public async Task Query_by_get_is_answered()
    {
        var query = Uri.EscapeDataString("query($first: Int!) { products(first: $first) { totalCount } }");

        using var answer = await gateway.Client.GetAsync($"/graphql?query={query}&variables={Uri.EscapeDataString("""{"first":1}""")}&operationName=");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("data").GetProperty("products").GetProperty("totalCount").GetInt32());
    }

    [Theory]
    [InlineData("variables={}", 400)]
    [InlineData("query={__typename}&query={__typename}", 400)]
    [InlineData("query={__typename}&variables=[]", 400)]
    [InlineData("query={__typename}&variables=x", 400)]
    public async Task Get_that_is_no_query_is_refused(string parameters, int status)
    {
        using var answer = await gateway.Client.GetAsync("/graphql?" + parameters);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("mutation { change }")]
    [InlineData("subscription { catalogChanged { version } }")]
    public async Task Nothing_but_queries_is_executed_by_get(string document)
    {
        using var answer = await gateway.Client.GetAsync("/graphql?query=" + Uri.EscapeDataString(document));

        Assert.False((await GatewayFixture.ReadJsonAsync(answer)).TryGetProperty("data", out _));
    }

    [Fact]
    public async Task Get_that_asks_nothing_leads_to_the_schema()
    {
        using var answer = await gateway.Client.GetAsync("/graphql");

        Assert.Equal((HttpStatusCode.Found, "/schemas/gateway.graphql"), (answer.StatusCode, answer.Headers.Location?.ToString()));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task Other_methods_are_not_offered(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/graphql") { Content = new StringContent(GraphQLCalls.Body(Ask), Encoding.UTF8, "application/json") };
        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Fact]
    public async Task Cost_is_told_in_headers_and_extensions()
    {
        using var answer = await gateway.PostAsync(GraphQLCalls.Body("{ products(first: 10) { nodes { id } } }"), GraphQLCalls.ResponseMedia);

        var cost = (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("extensions").GetProperty("cost");
        // One query, one connection, ten products; the search weighs 20 and the list 1.
        Assert.Equal((21, 12, 10_000, 9_979), (cost.GetProperty("fields").GetInt32(), cost.GetProperty("objects").GetInt32(), cost.GetProperty("limit").GetInt32(), cost.GetProperty("left").GetInt32()));
        Assert.Equal("fields=21, objects=12, limit=10000, left=9979", answer.Headers.GetValues("GraphQL-Cost").Single());
        Assert.NotEmpty(answer.Headers.GetValues("Catalog-Version"));
    }

    [Fact]
    public async Task Document_is_named_by_its_hash_once_it_was_sent_with_it()
    {
        const string query = "query Persisted { catalog { products } }";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(query)));
        JsonObject Request(string? text) => new() { ["query"] = text, ["extensions"] = new JsonObject { ["persistedQuery"] = new JsonObject { ["version"] = 1, ["sha256Hash"] = hash } } };

        var unknown = await SendAsync(Request(null));
        var wrong = await SendAsync(Request(query + " "), HttpStatusCode.BadRequest);
        var registered = await SendAsync(Request(query));
        var named = await SendAsync(Request(null));

        Assert.Equal(("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND"), (unknown.GetProperty("errors")[0].GetProperty("message").GetString(), GraphQLCalls.CodeOf(unknown.GetProperty("errors")[0])));
        Assert.Equal("PERSISTED_QUERY_MISMATCH", GraphQLCalls.CodeOf(wrong.GetProperty("errors")[0]));
        Assert.Equal(registered.GetRawText(), named.GetRawText());
        Assert.True(named.TryGetProperty("data", out _));
    }

    [Fact]
    public async Task Browser_gets_graphiql_from_the_gateway_alone()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/graphql") { Headers = { { "Accept", "text/html,application/xhtml+xml,*/*;q=0.8" } } };
        using var page = await gateway.Client.SendAsync(request);
        var html = await page.Content.ReadAsStringAsync();

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("script-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        foreach (var asset in html.Split('"').Where(part => part.StartsWith("/graphql/assets/", StringComparison.Ordinal)))
        {
            using var answer = await gateway.Client.GetAsync(asset);
            Assert.True(answer.IsSuccessStatusCode, asset);
        }
        Assert.Contains("MIT License", await gateway.Client.GetStringAsync("/graphql/assets/LICENSES.txt"), StringComparison.Ordinal);
        using var unknown = await gateway.Client.GetAsync("/graphql/assets/nothing.js");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Stranger_finds_the_door_and_its_schema()
    {
        var catalogue = await gateway.Client.GetStringAsync("/.well-known/api-catalog");
        var text = await gateway.Client.GetStringAsync("/llms.txt");
        using var read = await gateway.Client.GetAsync("/v1/attributes");

        foreach (var place in new[] { "/graphql", "/schemas/gateway.graphql" })
        {
            Assert.Contains($"\"{gateway.BaseUrl}{place}\"", catalogue, StringComparison.Ordinal);
            Assert.Contains($"({gateway.BaseUrl}{place})", text, StringComparison.Ordinal);
            Assert.Contains($"<{place}>", string.Join(',', read.Headers.GetValues("Link")), StringComparison.Ordinal);
        }
    }

    private async Task<JsonElement> SendAsync(JsonObject request, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var answer = await gateway.PostAsync(request.ToJsonString(), "application/json");
        Assert.Equal(status, answer.StatusCode);
        return await GatewayFixture.ReadJsonAsync(answer);
    }
}

/// <summary>A gateway that executes what its operator has registered and nothing else.</summary>
public sealed class TrustedDocumentTests(TrustedDocumentTests.Gateway gateway) : IClassFixture<TrustedDocumentTests.Gateway>
{
    private const string Trusted = "query Trusted { catalog { products } }";

    public sealed class Gateway : GatewayFixture
    {
        protected override void ConfigureServices(IServiceCollection services)
        {
            var folder = Directory.CreateDirectory(Path.Combine(DataDirectory, "documents")).FullName;
            File.WriteAllText(Path.Combine(folder, "trusted.graphql"), Trusted);
            services.AddSingleton(new GraphQLDoorOptions { TrustedDocuments = folder, OnlyTrustedDocuments = true });
        }
    }

    [Fact]
    public async Task Only_registered_documents_are_executed()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Trusted)));

        using var byText = await gateway.PostAsync(GraphQLCalls.Body(Trusted), "application/json");
        using var byHash = await gateway.PostAsync($$$$"""{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"{{{{hash}}}}"}}}""", "application/json");
        using var other = await gateway.PostAsync(GraphQLCalls.Body("{ __typename }"), GraphQLCalls.ResponseMedia);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.BadRequest), (byText.StatusCode, byHash.StatusCode, other.StatusCode));
        Assert.Equal("DOCUMENT_NOT_TRUSTED", GraphQLCalls.CodeOf((await GatewayFixture.ReadJsonAsync(other)).GetProperty("errors")[0]));
    }
}
