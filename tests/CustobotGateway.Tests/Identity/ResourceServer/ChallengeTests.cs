using System.Net;
using System.Net.Http.Json;
using CustobotGateway.Common;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Identity.ResourceServer;

/// <summary>What a client learns from a refusal (RFC 6750 §3, RFC 9449 §7.1, RFC 9728 §5.1).</summary>
public sealed class ChallengeTests(TokenFixture gateway) : IClassFixture<TokenFixture>
{
    private const string Guarded = "/v1/demand/events";

    [Fact]
    public async Task Request_without_token_learns_where_to_get_one_and_of_no_error()
    {
        using var answer = await gateway.GetAsync(Guarded, null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var challenges = TokenFixture.ChallengesOf(answer);
        Assert.Equal(2, challenges.Count);
        Assert.Equal($"Bearer realm=\"{gateway.Issuer}\", scope=\"demand:read\", resource_metadata=\"{gateway.Issuer}/.well-known/oauth-protected-resource/v1\"", challenges[0]);
        Assert.StartsWith("DPoP ", challenges[1], StringComparison.Ordinal);
        Assert.Contains("algs=\"ES256 ", challenges[1], StringComparison.Ordinal);
        Assert.DoesNotContain(challenges, challenge => challenge.Contains("error", StringComparison.Ordinal));
        Assert.Equal("unauthorized", (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("cgt_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("a.b.c")]
    public async Task Wrong_token_is_told_so_on_a_guarded_route_and_on_a_public_read(string token)
    {
        foreach (var path in new[] { Guarded, "/v1/attributes", "/graphql?query={__typename}" })
        {
            using var answer = await gateway.GetAsync(path, token);

            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.StartsWith("Bearer realm=", TokenFixture.ChallengesOf(answer)[0], StringComparison.Ordinal);
            Assert.Contains("error=\"invalid_token\"", TokenFixture.ChallengesOf(answer)[0], StringComparison.Ordinal);
            Assert.Equal("invalid_token", (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("code").GetString());
            Assert.DoesNotContain(token, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Token_without_the_scope_is_told_which_one_it_needs()
    {
        using var answer = await gateway.GetAsync(Guarded, gateway.Signed(Scopes.CatalogRead, Scopes.Checkout));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var challenge = TokenFixture.ChallengesOf(answer)[0];
        Assert.Contains("error=\"insufficient_scope\"", challenge, StringComparison.Ordinal);
        Assert.Contains("scope=\"demand:read\"", challenge, StringComparison.Ordinal);
        var problem = await GatewayFixture.ReadJsonAsync(answer);
        Assert.Equal("insufficient_scope", problem.GetProperty("code").GetString());
        Assert.Equal("/.well-known/oauth-protected-resource/v1", problem.GetProperty("remedy").GetProperty("link").GetString());
    }

    [Fact]
    public async Task Credentials_of_another_kind_are_no_token()
    {
        using var answer = await gateway.GetAsync(Guarded, "dXNlcjpwYXNzd29yZA==", "Basic");
        using var read = await gateway.GetAsync("/v1/attributes", "dXNlcjpwYXNzd29yZA==", "Basic");

        Assert.DoesNotContain("error", TokenFixture.ChallengesOf(answer)[0], StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (answer.StatusCode, read.StatusCode));
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("DPoP")]
    [InlineData("Bearer a b")]
    [InlineData("Bearer \"quoted\"")]
    public async Task Malformed_header_is_an_invalid_token(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Guarded);
        request.Headers.TryAddWithoutValidation("Authorization", header);

        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal("invalid_token", (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Two_authorization_headers_are_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Guarded);
        request.Headers.TryAddWithoutValidation("Authorization", ["Bearer " + gateway.Signed(Scopes.DemandRead), "Bearer " + gateway.Signed(Scopes.DemandRead)]);

        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Token_in_the_query_or_in_a_form_is_refused_or_not_looked_at()
    {
        var token = gateway.Signed(Scopes.DemandRead);

        using var query = await gateway.GetAsync($"{Guarded}?access_token={token}", null);
        using var both = await gateway.GetAsync($"{Guarded}?access_token={token}", token);
        using var read = await gateway.GetAsync($"/v1/attributes?access_token={token}", null);
        using var content = new FormUrlEncodedContent([new("access_token", token)]);
        using var form = await gateway.Client.PostAsync("/v1/inventory:batch", content);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.UnsupportedMediaType), (query.StatusCode, both.StatusCode, read.StatusCode, form.StatusCode));
        Assert.Contains("error=\"invalid_request\"", TokenFixture.ChallengesOf(query)[0], StringComparison.Ordinal);
        Assert.DoesNotContain(token, await query.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v1", "/v1")]
    [InlineData("graphql", "/graphql")]
    public async Task Metadata_of_each_resource_name_it_and_its_issuer(string name, string path)
    {
        using var answer = await gateway.Client.GetAsync("/.well-known/oauth-protected-resource/" + name);

        var metadata = await GatewayFixture.ReadJsonAsync(answer);
        Assert.Equal(gateway.Issuer + path, metadata.GetProperty("resource").GetString());
        Assert.Equal([gateway.Issuer], metadata.GetProperty("authorization_servers").EnumerateArray().Select(one => one.GetString()!));
        Assert.Equal(["header"], metadata.GetProperty("bearer_methods_supported").EnumerateArray().Select(one => one.GetString()!));
        Assert.Contains("checkout", metadata.GetProperty("scopes_supported").EnumerateArray().Select(one => one.GetString()));
        Assert.Contains("ES256", metadata.GetProperty("dpop_signing_alg_values_supported").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/mcp")]
    [InlineData("/v1/products")]
    public async Task What_is_no_resource_has_no_metadata(string name)
    {
        using var answer = await gateway.Client.GetAsync("/.well-known/oauth-protected-resource" + name);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Host_header_changes_nothing_of_what_is_published()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Guarded) { Headers = { Host = "evil.example" } };
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        using var metadata = new HttpRequestMessage(HttpMethod.Get, "/.well-known/oauth-protected-resource/v1") { Headers = { Host = "evil.example" } };

        using var refused = await gateway.Client.SendAsync(request);
        using var published = await gateway.Client.SendAsync(metadata);

        Assert.DoesNotContain("evil", string.Concat(TokenFixture.ChallengesOf(refused)), StringComparison.Ordinal);
        Assert.DoesNotContain("evil", await published.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Public_write_by_a_page_of_another_origin_sees_the_challenge()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/products/search") { Content = JsonContent.Create(new { }) };
        request.Headers.Add("Origin", "https://page.example");

        using var answer = await gateway.Client.SendAsync(request);

        Assert.Contains("WWW-Authenticate", string.Concat(answer.Headers.GetValues("Access-Control-Expose-Headers")), StringComparison.Ordinal);
    }
}
