using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.Tests.Identity.AuthorizationServer;

namespace CustobotGateway.Tests.Identity.Delegation;

/// <summary>A mandate on its way: at no hop does it become more, and at each what does not exist is refused.</summary>
public sealed class WideningTests(OAuthFixture gateway) : IClassFixture<OAuthFixture>
{
    private const string Granted = """
        [{"type":"purchase_mandate","actions":["purchase"],"currency":"EUR","limits":{"per_order":5000,"period":{"amount":10000,"every":"P7D"},"total":50000},
          "categories":["office","it"],"rules":[{"attribute":"repairability_index","op":"gte","value":7}],"approval_above":4000}]
        """;

    public static TheoryData<string, string> Wider => new()
    {
        { "\"per_order\":5000", "\"per_order\":5001" },
        { "\"per_order\":5000,", "" },
        { "\"amount\":10000", "\"amount\":10001" },
        { "\"every\":\"P7D\"", "\"every\":\"P1D\"" },
        { "\"every\":\"P7D\"", "\"every\":\"P1W\",\"window\":\"calendar\"" },
        { "\"total\":50000", "\"total\":50001" },
        { "\"categories\":[\"office\",\"it\"],", "" },
        { "[\"office\",\"it\"]", "[\"office\",\"it\",\"books\"]" },
        { "\"value\":7", "\"value\":6" },
        { ",\"approval_above\":4000", "" },
        { "\"approval_above\":4000", "\"approval_above\":4001" },
        { "[\"purchase\"]", "[\"purchase\",\"quote\"]" },
        { "EUR", "USD" },
    };

    [Theory]
    [MemberData(nameof(Wider))]
    public async Task Nothing_is_widened_when_a_token_is_refreshed_or_exchanged(string granted, string asked)
    {
        var client = await gateway.AddClientAsync();
        var tokens = await gateway.TokensAsync(client, details: Granted);
        var wider = Granted.Replace(granted, asked, StringComparison.Ordinal);
        Assert.NotEqual(Granted, wider);

        (await gateway.RefreshAsync(client, tokens.Text("refresh_token"), more: ("authorization_details", wider))).ShouldBe(400, "invalid_authorization_details");
        (await ExchangeAsync(client, tokens.Text("access_token"), wider)).ShouldBe(400, "invalid_authorization_details");
        (await RedeemAsync(client, wider)).ShouldBe(400, "invalid_authorization_details");
    }

    [Fact]
    public async Task Each_hop_narrows_and_the_next_starts_from_there()
    {
        var client = await gateway.AddClientAsync();
        var tokens = await gateway.TokensAsync(client, details: Granted);
        var narrow = Granted.Replace("\"per_order\":5000", "\"per_order\":100", StringComparison.Ordinal);

        var exchanged = (await ExchangeAsync(client, tokens.Text("access_token"), narrow)).ShouldSucceed();

        var mandate = exchanged.Body.GetProperty("authorization_details")[0];
        Assert.Equal(100, mandate.GetProperty("limits").GetProperty("per_order").GetInt32());
        Assert.Equal(tokens.Body.GetProperty("authorization_details")[0].GetProperty("mandate_id").GetString(), mandate.GetProperty("mandate_id").GetString());
        (await ExchangeAsync(client, exchanged.Text("access_token"), Granted)).ShouldBe(400, "invalid_authorization_details");
    }

    [Fact]
    public async Task Two_elements_do_not_cover_a_third_that_is_their_sum()
    {
        const string half = """{"type":"purchase_mandate","actions":["purchase"],"currency":"EUR","limits":{"total":50}}""";
        var client = await gateway.AddClientAsync();
        var tokens = await gateway.TokensAsync(client, details: $"[{half},{half}]");

        (await gateway.RefreshAsync(client, tokens.Text("refresh_token"), more: ("authorization_details", $"[{half.Replace("50", "100", StringComparison.Ordinal)}]")))
            .ShouldBe(400, "invalid_authorization_details");
        (await gateway.RefreshAsync(client, tokens.Text("refresh_token"), more: ("authorization_details", $"[{half},{half}]"))).ShouldSucceed();
    }

    [Theory]
    [InlineData("\"it\"", "\"starships\"")]
    [InlineData("repairability_index", "luck")]
    [InlineData("\"per_order\":5000", "\"per_order\":-5000")]
    [InlineData("\"per_order\":5000", "\"per_order\":50.00")]
    [InlineData("\"per_order\":5000", "\"per_order\":99999999999999999999")]
    [InlineData("\"approval_above\"", "\"approve_above\"")]
    [InlineData("\"total\":50000", "\"total\":50000,\"total\":60000")]
    [InlineData("[{", "[[[[[[[[[[[[[[[[{")]
    [InlineData("\"it\"", "\"it\\u0000\"")]
    public async Task What_is_no_mandate_is_refused_wherever_it_is_sent(string good, string bad)
    {
        var client = await gateway.AddClientAsync();
        var tokens = await gateway.TokensAsync(client, details: """[{"type":"purchase_mandate","actions":["purchase"],"currency":"EUR"}]""");
        var wrong = Granted.Replace(good, bad, StringComparison.Ordinal);
        Assert.NotEqual(Granted, wrong);
        (string, string)[] request = [("response_type", "code"), ("redirect_uri", OAuthFixture.RedirectUri), ("scope", "checkout"), ("code_challenge", Pkce.Challenge(OAuthFixture.Verifier)), ("code_challenge_method", "S256"), ("authorization_details", wrong)];

        (await gateway.PostAsync("/oauth/par", client, request)).ShouldBe(400, "invalid_authorization_details");
        (await gateway.PostAsync(DeviceAuthorizationEndpoint.Path, client, [("scope", "checkout"), ("authorization_details", wrong)])).ShouldBe(400, "invalid_authorization_details");
        (await gateway.RefreshAsync(client, tokens.Text("refresh_token"), more: ("authorization_details", wrong))).ShouldBe(400, "invalid_authorization_details");
        (await ExchangeAsync(client, tokens.Text("access_token"), wrong)).ShouldBe(400, "invalid_authorization_details");
        var query = string.Join('&', request.Append(("client_id", client.ClientId)).Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2)}"));
        using var authorize = await gateway.Client.GetAsync("/oauth/authorize?" + query);
        Assert.Contains("error=invalid_authorization_details", authorize.Headers.Location?.Query, StringComparison.Ordinal);
    }

    private async Task<Answer> RedeemAsync(CustobotGateway.Identity.Clients.ClientRecord client, string details) => await gateway.PostAsync("/oauth/token", client,
    [
        ("grant_type", "authorization_code"), ("code", await gateway.ConsentAsync(client, details: Granted)), ("redirect_uri", OAuthFixture.RedirectUri),
        ("code_verifier", OAuthFixture.Verifier), ("authorization_details", details),
    ]);

    private Task<Answer> ExchangeAsync(CustobotGateway.Identity.Clients.ClientRecord client, string token, string details) => gateway.PostAsync("/oauth/token", client,
    [
        ("grant_type", GrantTypes.TokenExchange), ("subject_token", token), ("subject_token_type", ExchangeTokenRequest.AccessTokenType), ("resource", OAuthFixture.Issuer + "/v1"),
        ("authorization_details", details),
    ]);
}
