using System.Net;
using System.Security.Cryptography;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.ResourceServer;

/// <summary>Tokens that are bound to a key (RFC 9449 §7).</summary>
public sealed class DpopTests(TokenFixture gateway) : IClassFixture<TokenFixture>
{
    private const string Guarded = "/v1/demand/events";

    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly ECDsa OtherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private string Address => gateway.Issuer + Guarded;

    private string Bound(params string[] scopes) => gateway.Signed(gateway.Token(scopes) with { Thumbprint = Jose.ThumbprintOf(Key) });

    [Fact]
    public async Task Bound_token_with_its_proof_opens_the_route_each_time_with_a_new_proof()
    {
        var token = Bound(Scopes.DemandRead);

        for (var i = 0; i < 2; i++)
        {
            using var answer = await gateway.GetAsync(Guarded, token, "DPoP", Jose.Proof(Key, "GET", Address, token));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Proof_is_about_the_address_without_query_in_any_case_of_the_host()
    {
        var token = Bound(Scopes.DemandRead);
        var host = Address.Replace("http://", "HTTP://", StringComparison.Ordinal);

        using var answer = await gateway.GetAsync(Guarded + "?size=1", token, "dpop", Jose.Proof(Key, "GET", host + "?else=2#there", token));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Bound_token_is_refused_as_a_bearers_with_proof_or_without()
    {
        var token = Bound(Scopes.DemandRead);

        using var bare = await gateway.GetAsync(Guarded, token);
        using var proved = await gateway.GetAsync(Guarded, token, proof: Jose.Proof(Key, "GET", Address, token));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (bare.StatusCode, proved.StatusCode));
        Assert.Contains("invalid_token", TokenFixture.ChallengesOf(bare)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bearer_token_does_not_pass_for_a_bound_one()
    {
        var token = gateway.Signed(Scopes.DemandRead);

        using var answer = await gateway.GetAsync(Guarded, token, "DPoP", Jose.Proof(Key, "GET", Address, token));
        using var administrator = await gateway.GetAsync(Guarded, GatewayFixture.AdminToken, "DPoP", Jose.Proof(Key, "GET", Address, GatewayFixture.AdminToken));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (answer.StatusCode, administrator.StatusCode));
        Assert.StartsWith("DPoP ", TokenFixture.ChallengesOf(answer)[0], StringComparison.Ordinal);
        Assert.Contains("error=\"invalid_token\"", TokenFixture.ChallengesOf(answer)[0], StringComparison.Ordinal);
    }

    public static TheoryData<string, Func<string, string, string?>> Proofs => new()
    {
        { "none", (_, _) => null },
        { "for another method", (token, address) => Jose.Proof(Key, "POST", address, token) },
        { "for another path", (token, address) => Jose.Proof(Key, "GET", address + "/x", token) },
        { "for another host", (token, _) => Jose.Proof(Key, "GET", "https://evil.example" + Guarded, token) },
        { "for another token", (token, address) => Jose.Proof(Key, "GET", address, token + "x") },
        { "for no token", (_, address) => Jose.Proof(Key, "GET", address, null) },
        { "by another key", (token, address) => Jose.Proof(OtherKey, "GET", address, token) },
        { "of another type", (token, address) => Jose.Proof(Key, "GET", address, token, type: "jwt") },
        { "too old", (token, address) => Jose.Proof(Key, "GET", address, token, at: DateTimeOffset.UtcNow.AddSeconds(-61)) },
        { "of the future", (token, address) => Jose.Proof(Key, "GET", address, token, at: DateTimeOffset.UtcNow.AddSeconds(12)) },
        { "with a nonce of nobody", (token, address) => Jose.Proof(Key, "GET", address, token, nonce: "abc") },
        { "with a long id", (token, address) => Jose.Proof(Key, "GET", address, token, id: new string('a', 200)) },
        { "that is nonsense", (_, _) => "nonsense" },
    };

    [Theory]
    [MemberData(nameof(Proofs))]
    public async Task Proof_is_refused(string what, Func<string, string, string?> proof)
    {
        var token = Bound(Scopes.DemandRead);

        using var answer = await gateway.GetAsync(Guarded, token, "DPoP", proof(token, Address));

        Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, what);
        Assert.StartsWith("DPoP ", TokenFixture.ChallengesOf(answer)[0], StringComparison.Ordinal);
        Assert.Matches("error=\"(invalid_dpop_proof|invalid_token|use_dpop_nonce)\"", TokenFixture.ChallengesOf(answer)[0]);
    }

    [Fact]
    public async Task Two_proofs_are_refused()
    {
        var token = Bound(Scopes.DemandRead);
        using var request = new HttpRequestMessage(HttpMethod.Get, Guarded);
        request.Headers.TryAddWithoutValidation("Authorization", "DPoP " + token);
        request.Headers.TryAddWithoutValidation("DPoP", [Jose.Proof(Key, "GET", Address, token), Jose.Proof(Key, "GET", Address, token)]);

        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal("invalid_dpop_proof", (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Of_ten_uses_of_one_proof_at_once_on_two_gateways_one_succeeds()
    {
        await using var second = new SecondGateway(gateway);
        await second.StartAsync();
        var token = Bound(Scopes.DemandRead);
        var proof = Jose.Proof(Key, "GET", Address, token);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => gateway.SendAsync(HttpMethod.Get, Guarded, token, "DPoP", proof, i % 2 == 0 ? gateway.Client : second.Client)));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.OK), answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
    }

    [Fact]
    public async Task Request_that_is_refused_for_its_scope_does_not_use_the_proof_up()
    {
        const string id = "kept-for-later";
        var poor = Bound(Scopes.CatalogRead);
        using var refused = await gateway.GetAsync(Guarded, poor, "DPoP", Jose.Proof(Key, "GET", Address, poor, id: id));
        var rich = Bound(Scopes.DemandRead);

        using var answer = await gateway.GetAsync(Guarded, rich, "DPoP", Jose.Proof(Key, "GET", Address, rich, id: id));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (refused.StatusCode, answer.StatusCode));
    }

    [Fact]
    public async Task Proof_is_held_against_the_public_url_not_against_the_host_header()
    {
        var token = Bound(Scopes.DemandRead);
        using var request = new HttpRequestMessage(HttpMethod.Get, Guarded) { Headers = { Host = "evil.example" } };
        request.Headers.TryAddWithoutValidation("Authorization", "DPoP " + token);
        request.Headers.Add("DPoP", Jose.Proof(Key, "GET", "http://evil.example" + Guarded, token));

        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    public sealed class Strict : TokenFixture
    {
        protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton(new AccessOptions { RequireDpop = true, RequireDpopNonce = true, PublicReads = false });
    }

    /// <summary>What a gateway demands that is set to.</summary>
    public sealed class StrictTests(Strict gateway) : IClassFixture<Strict>
    {
        [Fact]
        public async Task Nonce_is_demanded_and_given_and_taken()
        {
            var token = gateway.Signed(gateway.Token(Scopes.DemandRead) with { Thumbprint = Jose.ThumbprintOf(Key) });
            var address = gateway.Issuer + Guarded;

            using var first = await gateway.GetAsync(Guarded, token, "DPoP", Jose.Proof(Key, "GET", address, token));
            var nonce = first.Headers.GetValues("DPoP-Nonce").Single();
            using var second = await gateway.GetAsync(Guarded, token, "DPoP", Jose.Proof(Key, "GET", address, token, nonce));

            Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
            Assert.Contains("error=\"use_dpop_nonce\"", TokenFixture.ChallengesOf(first)[0], StringComparison.Ordinal);
            Assert.Equal("use_dpop_nonce", (await GatewayFixture.ReadJsonAsync(first)).GetProperty("code").GetString());
        }

        [Fact]
        public async Task Bearer_token_is_refused_and_not_offered()
        {
            using var answer = await gateway.GetAsync(Guarded, gateway.Signed(Scopes.DemandRead));
            using var none = await gateway.GetAsync(Guarded, null);

            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.All(TokenFixture.ChallengesOf(none), challenge => Assert.StartsWith("DPoP ", challenge, StringComparison.Ordinal));
        }

        [Fact]
        public async Task Reads_that_are_closed_need_their_scope()
        {
            using var none = await gateway.GetAsync("/v1/attributes", null);
            using var graph = await gateway.GetAsync("/graphql?query={__typename}", null);
            using var discovery = await gateway.GetAsync("/llms.txt", null);

            Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK), (none.StatusCode, graph.StatusCode, discovery.StatusCode));
            Assert.Contains("scope=\"catalog:read\"", TokenFixture.ChallengesOf(none)[0], StringComparison.Ordinal);
            Assert.Contains("oauth-protected-resource/graphql", TokenFixture.ChallengesOf(graph)[0], StringComparison.Ordinal);
        }
    }
}
