using System.Text;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Tests.Messages;

public sealed class AuthorizationRequestTests
{
    private static readonly AuthorizationRequestReader Reader = new(A.Policy);

    [Fact]
    public void A_request_is_read_with_everything_that_it_asks()
    {
        var (request, _) = Read(Good(
            ("scope", "buy search"), ("resource", A.Graph), ("resource", A.Api), ("authorization_details", A.MandateJson), ("nonce", "n"), ("prompt", "login consent"),
            ("max_age", "0"), ("login_hint", "a@b.example"), ("dpop_jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")));

        Assert.NotNull(request);
        Assert.Equal(ScopeSet.Of("search", "buy"), request.Scopes);
        Assert.Equal([A.Graph, A.Api], request.Resources);
        Assert.Equal(A.Details, request.Details);
        Assert.Equal((A.Callback, "xyz", A.Challenge), (request.RedirectUri, request.State, request.CodeChallenge));
        Assert.Equal((Prompts.Login | Prompts.Consent, TimeSpan.Zero), (request.Prompt, request.MaxAge));
    }

    [Fact]
    public void What_is_not_asked_has_the_client_s_defaults()
    {
        var (request, _) = Read(Good());

        Assert.Equal(ScopeSet.Of("search"), request!.Scopes);
        Assert.Equal([A.Api], request.Resources);
        Assert.Null(request.Details);
    }

    [Theory]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", "s256", "invalid_request")]
    [InlineData("scope", "admin", "invalid_scope")]
    [InlineData("scope", "search  buy", "invalid_scope")]
    [InlineData("scope", "search \"", "invalid_scope")]
    [InlineData("scope", "orders", "invalid_scope")]
    [InlineData("resource", "https://other.example/", "invalid_target")]
    [InlineData("resource", "https://gw.example/v1#x", "invalid_target")]
    [InlineData("resource", "https://gw.example/v1/", "invalid_target")]
    [InlineData("resource", "v1", "invalid_target")]
    [InlineData("authorization_details", "{}", "invalid_authorization_details")]
    [InlineData("authorization_details", "[{\"type\":\"unknown\"}]", "invalid_authorization_details")]
    [InlineData("request", "eyJ", "request_not_supported")]
    [InlineData("request_uri", "https://evil.example/", "invalid_request")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("max_age", "-1", "invalid_request")]
    [InlineData("max_age", "99999999999", "invalid_request")]
    [InlineData("dpop_jkt", "short", "invalid_request")]
    public void One_wrong_parameter_is_answered_at_the_client_with_its_state(string name, string? value, string code)
    {
        var (_, refusal) = Read(Changed(name, value));

        Assert.Equal((code, A.Callback, "xyz"), (refusal?.Error.Code, refusal?.RedirectUri, refusal?.State));
    }

    [Theory]
    [InlineData("client_id", "other")]
    [InlineData("redirect_uri", "https://evil.example/callback")]
    [InlineData("redirect_uri", "https://agent.example/callback/")]
    [InlineData("redirect_uri", "https://agent.example/callback?next=//evil.example")]
    [InlineData("redirect_uri", "javascript:alert(1)")]
    public void Without_a_sure_client_and_address_nothing_is_redirected(string name, string value)
    {
        var (_, refusal) = Read(Changed(name, value));

        Assert.NotNull(refusal);
        Assert.Null(refusal.RedirectUri);
        Assert.Null(refusal.State);
    }

    [Fact]
    public void An_address_may_be_left_out_only_where_there_is_one_and_it_is_complete()
    {
        Assert.Equal((A.Callback, false), (Read(Changed("redirect_uri", null)).Request?.RedirectUri, Read(Changed("redirect_uri", null)).Request?.RedirectUriWasSent));
        Assert.NotNull(Read(Changed("redirect_uri", null), A.Client with { RedirectUris = [A.Callback, A.Callback + "2"] }).Refusal);
        Assert.NotNull(Read(Changed("redirect_uri", null), A.Client with { RedirectUris = ["http://127.0.0.1/cb"] }).Refusal);
    }

    [Fact]
    public void Disabled_clients_those_without_the_grant_and_those_that_have_to_push_are_refused()
    {
        Assert.Null(Read(Good(), A.Client with { IsEnabled = false }).Refusal!.RedirectUri);
        Assert.Equal("unauthorized_client", Read(Good(), A.Client with { GrantTypes = [GrantTypes.ClientCredentials] }).Refusal?.Error.Code);
        Assert.Equal("invalid_request", Read(Good(), A.Client with { RequiresPushedRequests = true }).Refusal?.Error.Code);
        Assert.NotNull(Read(Good(), A.Client with { RequiresPushedRequests = true }, isPushed: true).Request);
        Assert.Equal("invalid_scope", Read(Good(), A.Client with { DefaultScopes = ScopeSet.Empty }).Refusal?.Error.Code);
    }

    [Fact]
    public void A_resource_without_a_path_is_found_with_and_without_a_slash()
    {
        string[] registered = ["https://h.example"];

        Assert.Equal("https://h.example", Assert.Single(ResourceIndicators.Resolve(["https://h.example/"], registered, []).Value));
        Assert.Equal("https://h.example", Assert.Single(ResourceIndicators.Resolve(["https://h.example", "https://h.example/"], registered, []).Value));
        Assert.Equal("invalid_target", ResourceIndicators.Resolve(["https://h.example//"], registered, []).Error?.Code);
    }

    [Fact]
    public void A_request_uri_is_one_of_ours_or_refused_unread()
    {
        var entry = AuthorizationEntry.Read(A.Parameters(("client_id", "c"), ("request_uri", "urn:ietf:params:oauth:request_uri:abc"))).Value;

        Assert.Equal(("c", "abc"), (entry.ClientId, entry.Reference));
        Assert.Null(AuthorizationEntry.Read(A.Parameters(("client_id", "c"))).Value.Reference);
        Assert.Equal("request_uri_not_supported", AuthorizationEntry.Read(A.Parameters(("client_id", "c"), ("request_uri", "http://169.254.169.254/"))).Error?.Code);
        Assert.Equal("invalid_request", AuthorizationEntry.Read(A.Parameters(("scope", "x"))).Error?.Code);
    }

    [Fact]
    public void A_pushed_request_keeps_no_credentials_and_is_bound_to_its_proof()
    {
        var form = A.Parameters(("client_secret", "s"), ("client_assertion", "a"), ("client_id", "c"), ("state", "x"));

        var kept = PushedRequest.Keep(form, "c", "jkt").Value;

        Assert.Equal(["state", "client_id", "dpop_jkt"], kept.Pairs.Select(pair => pair.Key));
        Assert.Equal("invalid_dpop_proof", PushedRequest.Keep(A.Parameters(("dpop_jkt", "other")), "c", "jkt").Error?.Code);
        Assert.Equal("invalid_request", PushedRequest.Keep(A.Parameters(("request_uri", "urn:x")), "c", null).Error?.Code);
        Assert.Equal("""{"request_uri":"urn:ietf:params:oauth:request_uri:r","expires_in":300}""", Encoding.UTF8.GetString(PushedRequest.Answer("r")));
    }

    [Fact]
    public void Verifiers_are_those_of_RFC_7636()
    {
        Assert.Equal(A.Challenge, Pkce.Challenge(A.Verifier));
        Assert.True(Pkce.Verify(A.Verifier, A.Challenge));
        Assert.False(Pkce.Verify(A.Verifier[..^1] + "l", A.Challenge));
        Assert.False(Pkce.Verify(null, A.Challenge));
        Assert.False(Pkce.IsVerifier(A.Verifier[1..]));
        Assert.False(Pkce.IsVerifier(new string('a', 129)));
        Assert.False(Pkce.IsVerifier(A.Verifier + " "));
    }

    [Fact]
    public void Secrets_have_256_bits_and_user_codes_forgive_how_they_are_typed()
    {
        Assert.Equal(43, SecretToken.Create().Length);
        Assert.NotEqual(SecretToken.Create(), SecretToken.Create());
        Assert.Equal("WDJB-MJHT", SecretToken.ReadUserCode("wdjb mjht"));
        Assert.Equal("WDJB-MJHT", SecretToken.ReadUserCode("WD-JB-MJ-HT"));
        Assert.Null(SecretToken.ReadUserCode("WDJB-MJHA"));
        Assert.Null(SecretToken.ReadUserCode("WDJB-MJH"));
        var code = SecretToken.CreateUserCode();
        Assert.Equal(code, SecretToken.ReadUserCode(code));
    }

    private static (AuthorizationRequest? Request, AuthorizationRefusal? Refusal) Read(RequestParameters parameters, Client? client = null, bool isPushed = false) =>
        Reader.TryRead(parameters, client ?? A.Client, isPushed, A.Now, out var request, out var refusal) ? (request, null) : (null, refusal);

    private static RequestParameters Good(params (string Name, string Value)[] more) => A.Parameters([
        ("response_type", "code"), ("client_id", A.Client.ClientId), ("redirect_uri", A.Callback), ("state", "xyz"),
        ("code_challenge", A.Challenge), ("code_challenge_method", "S256"), .. more]);

    private static RequestParameters Changed(string name, string? value) => A.Parameters(
        [.. Good().Pairs.Where(pair => pair.Key != name).Select(pair => (pair.Key, pair.Value)), (name, value ?? "")]);
}
