using System.Text;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.OAuth.Tests.Messages;

public sealed class TokenRequestTests
{
    private const string AccessToken = "urn:ietf:params:oauth:token-type:access_token";
    private const string Exchange = "urn:ietf:params:oauth:grant-type:token-exchange";

    [Fact]
    public void Every_grant_is_read()
    {
        Assert.Equal(
            new CodeTokenRequest("SplxlOBeZQQYbYS6WxSbIA", A.Callback, A.Verifier) { Resource = A.Graph },
            Read(("grant_type", "authorization_code"), ("code", "SplxlOBeZQQYbYS6WxSbIA"), ("redirect_uri", A.Callback), ("code_verifier", A.Verifier), ("resource", A.Graph)).Value);
        Assert.Equal(
            new RefreshTokenRequest("tGzv3JOkF0XG5Qx2TlKWIA") { Scopes = ScopeSet.Of("search") },
            Read(("grant_type", "refresh_token"), ("refresh_token", "tGzv3JOkF0XG5Qx2TlKWIA"), ("scope", "search")).Value);
        Assert.Equal(new ClientCredentialsTokenRequest { Details = A.Details }, Read(("grant_type", "client_credentials"), ("authorization_details", A.MandateJson)).Value);
        Assert.Equal(
            new DeviceTokenRequest("GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS"),
            Read(("grant_type", GrantTypes.DeviceCode), ("device_code", "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS")).Value);
        Assert.Equal(
            new ExchangeTokenRequest("s", "a") { Resource = A.Api },
            Read(("grant_type", Exchange), ("subject_token", "s"), ("subject_token_type", AccessToken), ("actor_token", "a"), ("actor_token_type", AccessToken), ("audience", A.Api)).Value);
    }

    [Theory]
    [InlineData("", "", "invalid_request")]
    [InlineData("grant_type", "password", "unsupported_grant_type")]
    [InlineData("grant_type", "implicit", "unsupported_grant_type")]
    [InlineData("grant_type", "authorization_code", "invalid_request")]
    [InlineData("grant_type", "refresh_token", "invalid_request")]
    [InlineData("grant_type", "urn:ietf:params:oauth:grant-type:device_code", "invalid_request")]
    [InlineData("grant_type", Exchange, "invalid_request")]
    public void A_grant_without_its_parameter_is_refused(string name, string value, string code) => Assert.Equal(code, Read((name, value)).Error?.Code);

    [Theory]
    [InlineData("subject_token_type", "urn:ietf:params:oauth:token-type:id_token", "invalid_request")]
    [InlineData("subject_token_type", "urn:ietf:params:oauth:token-type:refresh_token", "invalid_request")]
    [InlineData("actor_token", "a", "invalid_request")]
    [InlineData("actor_token_type", AccessToken, "invalid_request")]
    [InlineData("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token", "invalid_request")]
    [InlineData("audience", "somebody", "invalid_target")]
    [InlineData("resource", "https://other.example/", "invalid_target")]
    public void An_exchange_is_of_access_tokens_for_a_known_resource(string name, string value, string code)
    {
        var pairs = new Dictionary<string, string> { ["grant_type"] = Exchange, ["subject_token"] = "s", ["subject_token_type"] = AccessToken };

        Assert.Null(Read([.. pairs.Select(pair => (pair.Key, pair.Value))]).Error);
        pairs[name] = value;
        Assert.Equal(code, Read([.. pairs.Select(pair => (pair.Key, pair.Value))]).Error?.Code);
    }

    [Fact]
    public void One_token_is_for_one_resource() =>
        Assert.Equal("invalid_target", Read(("grant_type", "client_credentials"), ("resource", A.Api), ("resource", A.Graph)).Error?.Code);

    [Fact]
    public void A_client_uses_the_grants_that_it_has_and_a_public_one_has_none_of_its_own()
    {
        Assert.Equal("unauthorized_client", Read(A.Client with { GrantTypes = [] }, ("grant_type", "client_credentials")).Error?.Code);
        Assert.Equal("unauthorized_client", Read(A.PublicClient, ("grant_type", "client_credentials")).Error?.Code);
        Assert.Equal("unauthorized_client", Read(A.PublicClient, ("grant_type", Exchange)).Error?.Code);
    }

    [Fact]
    public void Device_requests_have_the_same_checks()
    {
        Assert.Equal(ScopeSet.Of("search"), Device().Value.Scopes);
        Assert.Equal("invalid_scope", Device(("scope", "admin")).Error?.Code);
        Assert.Equal("invalid_target", Device(("resource", "https://other.example/")).Error?.Code);
        Assert.Equal("invalid_authorization_details", Device(("authorization_details", "[]")).Error?.Code);

        static Checked<DeviceAuthorizationRequest> Device(params (string, string)[] pairs) =>
            DeviceAuthorizationRequest.Read(A.Parameters(pairs), A.Client, A.Policy, A.Now);
    }

    [Fact]
    public void A_hint_is_only_a_hint()
    {
        Assert.Equal(new TokenQuery("t", TokenHint.RefreshToken), TokenQuery.Read(A.Parameters(("token", "t"), ("token_type_hint", "refresh_token"))).Value);
        Assert.Equal(new TokenQuery("t", null), TokenQuery.Read(A.Parameters(("token", "t"), ("token_type_hint", "pigeon"))).Value);
        Assert.Equal("invalid_request", TokenQuery.Read(A.Parameters(("token_type_hint", "access_token"))).Error?.Code);
    }

    [Fact]
    public void The_answer_says_what_was_granted()
    {
        var answer = new TokenResponse { AccessToken = "t", IsBound = true, ExpiresIn = TimeSpan.FromMinutes(5), Scopes = ScopeSet.Of("search", "buy"), RefreshToken = "r", IsExchange = true };

        Assert.Equal(
            """{"access_token":"t","token_type":"DPoP","expires_in":300,"scope":"buy search","refresh_token":"r","issued_token_type":"urn:ietf:params:oauth:token-type:access_token"}""",
            Encoding.UTF8.GetString(answer.ToJson()));
        Assert.Equal("purchase_mandate", A.Json((answer with { Details = A.Details }).ToJson()).GetProperty("authorization_details")[0].GetProperty("type").GetString());
    }

    [Fact]
    public void An_error_has_only_the_characters_of_RFC_6749()
    {
        var error = new OAuthError("invalid_request", "a \"b\" \\ ä\n");

        Assert.Equal("a ?b? ? ??", error.Description);
        Assert.Equal("""{"error":"invalid_request","error_description":"a ?b? ? ??"}""", Encoding.UTF8.GetString(error.ToJson()));
        Assert.Equal((400, 401, 403), (error.Status, new OAuthError("invalid_client", "").Status, new OAuthError("insufficient_scope", "").Status));
    }

    private static Checked<TokenRequest> Read(params (string, string)[] pairs) => Read(A.Client, pairs);

    private static Checked<TokenRequest> Read(Client client, params (string, string)[] pairs) => new TokenRequestReader(A.Policy).Read(A.Parameters(pairs), client, A.Now);
}
