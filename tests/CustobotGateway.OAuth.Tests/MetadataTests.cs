using System.Text.Json;
using CustobotGateway.OAuth.Challenges;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Metadata;

namespace CustobotGateway.OAuth.Tests;

public sealed class MetadataTests
{
    private const string Where = "https://gw.example/.well-known/oauth-protected-resource/v1";
    private const string Algorithms = "algs=\"ES256 ES384 ES512 PS256 PS384 PS512\"";

    private static readonly Challenge Challenge = new(Where, ScopeSet.Of("buy", "search"));

    // RFC 8414 §3.1 and RFC 9728 §3.1.
    [Fact]
    public void Metadata_are_found_between_host_and_path()
    {
        Assert.Equal("/.well-known/oauth-authorization-server", WellKnown.AuthorizationServer("https://example.com"));
        Assert.Equal("/.well-known/oauth-authorization-server/issuer1", WellKnown.AuthorizationServer("https://example.com/issuer1"));
        Assert.Equal("/issuer1/.well-known/openid-configuration", WellKnown.OpenIdConfiguration("https://example.com/issuer1"));
        Assert.Equal("/.well-known/oauth-protected-resource/resource1", WellKnown.ProtectedResource("https://resource.example.com/resource1"));
        Assert.Equal("/.well-known/oauth-protected-resource", WellKnown.ProtectedResource("https://resource.example.com/"));
    }

    [Fact]
    public void The_server_says_all_that_would_be_weak_if_left_out()
    {
        var json = A.Json(new ServerMetadata
        {
            Policy = A.Policy,
            Endpoints = new("https://gw.example/a", "https://gw.example/t", "https://gw.example/j", "https://gw.example/p", "https://gw.example/i", "https://gw.example/r", "https://gw.example/d", null),
        }.ToJson());

        Assert.Equal(A.Issuer, json.GetProperty("issuer").GetString());
        Assert.Equal(["code"], Texts(json, "response_types_supported"));
        Assert.Equal(["S256"], Texts(json, "code_challenge_methods_supported"));
        Assert.Equal(GrantTypes.All, Texts(json, "grant_types_supported"));
        Assert.Equal(["private_key_jwt", "client_secret_basic", "client_secret_post", "none"], Texts(json, "token_endpoint_auth_methods_supported"));
        Assert.DoesNotContain("none", Texts(json, "introspection_endpoint_auth_methods_supported"));
        Assert.DoesNotContain(Texts(json, "dpop_signing_alg_values_supported"), name => name.StartsWith("HS", StringComparison.Ordinal) || name == "none");
        Assert.Equal(["buy", "orders", "search"], Texts(json, "scopes_supported"));
        Assert.Equal(["purchase_mandate"], Texts(json, "authorization_details_types_supported"));
        Assert.True(json.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
        Assert.True(json.GetProperty("client_id_metadata_document_supported").GetBoolean());
        Assert.False(json.GetProperty("request_uri_parameter_supported").GetBoolean());
        Assert.False(json.TryGetProperty("registration_endpoint", out _));
        Assert.Equal(json.EnumerateObject().Count(), json.EnumerateObject().Select(member => member.Name).Distinct().Count());
    }

    [Fact]
    public void A_resource_says_whose_tokens_it_takes()
    {
        var json = A.Json(new ResourceMetadata { Resource = A.Policy.Resources[0], AuthorizationServers = [A.Issuer], AuthorizationDetailsTypes = ["purchase_mandate"] }.ToJson());

        Assert.Equal(A.Api, json.GetProperty("resource").GetString());
        Assert.Equal([A.Issuer], Texts(json, "authorization_servers"));
        Assert.Equal(["header"], Texts(json, "bearer_methods_supported"));
    }

    [Fact]
    public void Without_a_token_there_is_no_error() => Assert.Equal(
        [$"Bearer scope=\"buy search\", resource_metadata=\"{Where}\"", $"DPoP scope=\"buy search\", resource_metadata=\"{Where}\", {Algorithms}"],
        Challenge.WithoutToken());

    [Fact]
    public void The_scheme_that_was_used_carries_the_error()
    {
        var error = new OAuthError("invalid_token", "The token has expired.");

        Assert.Equal(
            [$"Bearer error=\"invalid_token\", error_description=\"The token has expired.\", scope=\"buy search\", resource_metadata=\"{Where}\"", $"DPoP scope=\"buy search\", resource_metadata=\"{Where}\", {Algorithms}"],
            Challenge.Of(error, usedDpop: false));
        Assert.StartsWith("DPoP error=\"invalid_token\"", Challenge.Of(error, usedDpop: true)[0], StringComparison.Ordinal);
        Assert.Equal(401, Challenge.StatusOf(error));
    }

    [Fact]
    public void A_proof_s_error_is_of_DPoP_and_401_at_a_resource()
    {
        var error = new OAuthError("use_dpop_nonce", "The proof needs a nonce.");

        Assert.StartsWith("DPoP error=\"use_dpop_nonce\"", Assert.Single(Challenge.Of(error, usedDpop: true)), StringComparison.Ordinal);
        Assert.Equal(401, Challenge.StatusOf(error));
        Assert.Equal(403, Challenge.StatusOf(new("insufficient_scope", "More is needed.")));
    }

    [Fact]
    public void Bearer_is_not_offered_where_a_key_is_required_and_the_realm_is_quoted()
    {
        var strict = new Challenge(Where, ScopeSet.Empty, requiresDpop: true, realm: "a\"b\\c", algorithms: ["ES256"]);

        Assert.Equal($"DPoP realm=\"a\\\"b\\\\c\", resource_metadata=\"{Where}\", algs=\"ES256\"", Assert.Single(strict.WithoutToken()));
        Assert.StartsWith("DPoP ", Assert.Single(strict.Of(new("invalid_token", "x"), usedDpop: false)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer abc", "abc", false)]
    [InlineData("bearer abc", "abc", false)]
    [InlineData("DPOP a.b-c~d+e/f=", "a.b-c~d+e/f=", true)]
    public void A_token_is_read_from_the_header(string header, string token, bool isDpop)
    {
        Assert.True(PresentedToken.TryRead([header], out var presented, out _));
        Assert.Equal(new PresentedToken(token, isDpop), presented);
    }

    [Theory]
    [InlineData("Bearer", true)]
    [InlineData("Bearer a b", true)]
    [InlineData("DPoP a,b", true)]
    [InlineData("Basic abc", false)]
    [InlineData("", false)]
    public void Without_a_token_nothing_is_wrong_and_with_half_of_one_something_is(string header, bool isError)
    {
        Assert.False(PresentedToken.TryRead([header], out _, out var error));
        Assert.Equal(isError, error is not null);
        Assert.False(PresentedToken.TryRead([], out _, out var none));
        Assert.Null(none);
        Assert.False(PresentedToken.TryRead(["Bearer a", "Bearer b"], out _, out var two));
        Assert.NotNull(two);
    }

    [Theory]
    [InlineData(null, false, null, true)]
    [InlineData("jkt", true, "jkt", true)]
    [InlineData("jkt", false, null, false)]
    [InlineData("jkt", false, "jkt", false)]
    [InlineData("jkt", true, "other", false)]
    [InlineData("jkt", true, null, false)]
    [InlineData(null, true, "jkt", false)]
    public void A_bound_token_is_no_bearer_s_and_an_unbound_one_is_no_proof_s(string? boundTo, bool isDpop, string? proved, bool passes) =>
        Assert.Equal(passes, new PresentedToken("t", isDpop).FaultOfBinding(boundTo, proved) is null);

    private static string[] Texts(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];
}
