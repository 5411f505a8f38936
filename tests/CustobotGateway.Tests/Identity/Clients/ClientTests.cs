using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CustobotGateway.Tests.Common;
using CustobotGateway.Tests.Identity.AuthorizationServer;

namespace CustobotGateway.Tests.Identity.Clients;

/// <summary>The merchant keeps its clients, and what that means for their tokens.</summary>
public sealed class ClientTests(OAuthFixture gateway) : IClassFixture<OAuthFixture>
{
    [Fact]
    public async Task Client_is_registered_and_its_secret_is_told_once()
    {
        var key = Guid.NewGuid().ToString("n");
        var made = await CreateAsync(new { scopes = new[] { "catalog:read" } }, key: key);
        var again = await CreateAsync(new { scopes = new[] { "catalog:read" } }, HttpStatusCode.Created, key);

        var (id, secret) = (made.GetProperty("client_id").GetString()!, made.GetProperty("client_secret").GetString()!);
        Assert.Equal(id, again.GetProperty("client_id").GetString());
        Assert.False(again.TryGetProperty("client_secret", out _));
        var read = await GatewayFixture.ReadJsonAsync(await gateway.Admin.GetAsync("/v1/clients/" + id));
        Assert.False(read.TryGetProperty("client_secret", out _));
        (await TokenAsync(id, secret)).ShouldSucceed();
    }

    [Fact]
    public async Task New_secret_is_good_beside_the_old_one_until_that_is_dropped()
    {
        var made = await CreateAsync(new { });
        var (id, old) = (made.GetProperty("client_id").GetString()!, made.GetProperty("client_secret").GetString()!);

        var rotated = (await ChangeAsync(id, new { rotate_secret = true })).GetProperty("client_secret").GetString()!;
        (await TokenAsync(id, old)).ShouldSucceed();
        (await TokenAsync(id, rotated)).ShouldSucceed();

        await ChangeAsync(id, new { drop_old_secrets = true });
        (await TokenAsync(id, old)).ShouldBe(401, "invalid_client");
        (await TokenAsync(id, rotated)).ShouldSucceed();
    }

    [Fact]
    public async Task Disabled_client_is_refused_and_its_tokens_end()
    {
        var client = await gateway.AddClientAsync();
        var tokens = await gateway.TokensAsync(client);
        var other = await gateway.AddClientAsync(one => one with { GrantTypes = [], Resources = ["/v1"] });
        Assert.True(await gateway.IsActiveAsync(other, tokens.Text("access_token")));

        await ChangeAsync(client.ClientId, new { enabled = false });

        Assert.False(await gateway.IsActiveAsync(other, tokens.Text("access_token")));
        (await gateway.RefreshAsync(client, tokens.Text("refresh_token"))).ShouldBe(401, "invalid_client");
        await ChangeAsync(client.ClientId, new { enabled = true });
        (await gateway.RefreshAsync(client, tokens.Text("refresh_token"))).ShouldSucceed();
    }

    [Fact]
    public async Task Deleted_client_takes_its_grants_along()
    {
        var client = await gateway.AddClientAsync();
        var tokens = await gateway.TokensAsync(client);

        using (var answer = await gateway.Admin.DeleteAsync("/v1/clients/" + client.ClientId))
        {
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        (await gateway.RefreshAsync(client, tokens.Text("refresh_token"))).ShouldBe(401, "invalid_client");
        await gateway.AddClientAsync(_ => client);
        (await gateway.RefreshAsync(client, tokens.Text("refresh_token"))).ShouldBe(400, "invalid_grant");
        using var again = await gateway.Admin.DeleteAsync("/v1/clients/nobody");
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Theory]
    [InlineData("""{"client_id":"with space"}""", "/client_id")]
    [InlineData("""{"token_endpoint_auth_method":"magic"}""", "/token_endpoint_auth_method")]
    [InlineData("""{"token_endpoint_auth_method":"private_key_jwt"}""", "/jwks")]
    [InlineData("""{"redirect_uris":["http://app.example/cb"]}""", "/redirect_uris/0")]
    [InlineData("""{"grant_types":["password"]}""", "/grant_types/0")]
    [InlineData("""{"grant_types":["authorization_code"]}""", "/redirect_uris")]
    [InlineData("""{"scopes":["two words"]}""", "/scopes/0")]
    [InlineData("""{"refresh":"sometimes"}""", "/refresh")]
    [InlineData("""{"jwks":{"keys":[{"kty":"oct","k":"AAAA"}]}}""", "/jwks")]
    [InlineData("""{"jwks_uri":"http://keys.example"}""", "/jwks_uri")]
    [InlineData("""{"resources":["v1"]}""", "/resources/0")]
    public async Task Registration_names_what_is_wrong(string body, string pointer)
    {
        using var answer = await gateway.Admin.PostAsync("/v1/clients", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains((await GatewayFixture.ReadJsonAsync(answer)).GetProperty("errors").EnumerateArray(), error => error.GetProperty("pointer").GetString() == pointer);
    }

    [Fact]
    public async Task Id_is_given_once_and_a_client_without_a_secret_gets_none()
    {
        var id = "twice-" + Guid.NewGuid().ToString("n");
        await CreateAsync(new { client_id = id, token_endpoint_auth_method = "none", grant_types = new[] { "authorization_code" }, redirect_uris = new[] { "https://app.example/cb" } });

        Assert.Equal("client_exists", (await CreateAsync(new { client_id = id }, HttpStatusCode.Conflict)).GetProperty("code").GetString());
        Assert.Equal("client_has_no_secret", (await ChangeAsync(id, new { rotate_secret = true }, HttpStatusCode.UnprocessableEntity)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Clients_are_listed_page_by_page()
    {
        for (var i = 0; i < 3; i++)
        {
            await gateway.AddClientAsync();
        }
        var (seen, after) = (new List<string>(), "");
        do
        {
            var page = await GatewayFixture.ReadJsonAsync(await gateway.Admin.GetAsync($"/v1/clients?size=2&after={Uri.EscapeDataString(after)}"));
            seen.AddRange(page.GetProperty("clients").EnumerateArray().Select(client => client.GetProperty("client_id").GetString()!));
            after = page.GetProperty("page").TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (after is not null && seen.Count < 500);

        Assert.True(seen.Count >= 3);
        Assert.Equal(seen.Distinct(), seen);
    }

    [Fact]
    public async Task Staff_revokes_a_grant_with_all_that_came_from_it()
    {
        var client = await gateway.AddClientAsync();
        var tokens = await gateway.TokensAsync(client);
        var grant = gateway.Read(tokens.Text("access_token")).GrantId;

        using var answer = await gateway.Admin.DeleteAsync("/v1/grants/" + grant);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.False(await gateway.IsActiveAsync(client, tokens.Text("access_token")));
        (await gateway.RefreshAsync(client, tokens.Text("refresh_token"))).ShouldBe(400, "invalid_grant");
    }

    private Task<Answer> TokenAsync(string id, string secret) =>
        gateway.PostAsync("/oauth/token", [("grant_type", "client_credentials")], OAuthFixture.BasicOf(id, secret));

    private async Task<JsonElement> CreateAsync(object body, HttpStatusCode status = HttpStatusCode.Created, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/clients") { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        using var answer = await gateway.Admin.SendAsync(request);
        var json = await GatewayFixture.ReadJsonAsync(answer);
        Assert.True(answer.StatusCode == status, json.GetRawText());
        return json;
    }

    private async Task<JsonElement> ChangeAsync(string id, object body, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var answer = await gateway.Admin.PatchAsJsonAsync("/v1/clients/" + id, body);
        var json = await GatewayFixture.ReadJsonAsync(answer);
        Assert.True(answer.StatusCode == status, json.GetRawText());
        return json;
    }
}
