using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CustobotGateway.Tests.Checkout;
using CustobotGateway.Tests.Identity.Delegation;

namespace CustobotGateway.Tests.Identity.TestMode;

/// <summary>A shop with clients that only try out.</summary>
public sealed class TestModeFixture : DelegationFixture
{
    /// <summary>Registers a test client; its own token.</summary>
    public async Task<string> TestClientAsync(string id, params string[] scopes)
    {
        using var made = await Admin.PostAsJsonAsync("/v1/clients", new { client_id = id, test_mode = true, scopes = (string[])["catalog:read", .. scopes] });
        Assert.True(made.StatusCode == HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var client = await ReadJsonAsync(made);
        Assert.True(client.GetProperty("test_mode").GetBoolean());
        return await TokenOfAsync(id, client.GetProperty("client_secret").GetString()!, string.Join(' ', ["catalog:read", .. scopes]));
    }

    /// <summary>A client's own token.</summary>
    public async Task<string> TokenOfAsync(string id, string secret, string scope)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/token")
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", scope)]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{id}:{secret}")));
        using var answer = await Client.SendAsync(request);
        var body = await ReadJsonAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, body.GetRawText());
        return body.GetProperty("access_token").GetString()!;
    }

    /// <summary>A grant that a test client gives itself.</summary>
    public async Task<Agent> TestGrantAsync(string clientToken, long perOrder = 100_000, long total = 1_000_000, string more = "")
    {
        var (status, grant) = await SendAsync(HttpMethod.Post, "/v1/test/grants", clientToken,
            $$"""{"authorization_details":[{"type":"purchase_mandate","actions":["quote","purchase"],"currency":"USD","limits":{"per_order":{{perOrder}},"total":{{total}}}{{more}}}]}""");
        Assert.True(status == HttpStatusCode.Created, grant.ToString());
        return new Agent(this, grant.GetProperty("id").GetString()!, grant.GetProperty("token").GetString()!);
    }

    /// <summary>Puts a client's clock forward.</summary>
    public async Task<JsonElement> AdvanceAsync(string token, string by)
    {
        var (status, body) = await SendAsync(HttpMethod.Post, "/v1/test/clock", token, $$"""{"advance":"{{by}}"}""");
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        return body;
    }
}
