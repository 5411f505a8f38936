using System.Text;
using System.Text.Json.Nodes;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.OAuth.Tests.Clients;

public sealed class RegistrationTests
{
    private const string Address = "https://agent.example/oauth/client.json";

    private static readonly ClientMetadataReader Reader = new(ClientMetadataReader.OpenGrantTypes, ScopeSet.Of("search", "buy"), ["purchase_mandate"]);

    [Fact]
    public void Metadata_are_read_and_answered_with_their_defaults()
    {
        var metadata = Read("""{"redirect_uris":["https://a.example/cb"],"client_name":"Ä","scope":"search","unknown":{"a":1}}""").Value;

        var answer = A.Json(metadata.ToJson("id", "secret", A.Now));

        Assert.Equal(("client_secret_basic", "Ä", "search"), (metadata.AuthMethod, metadata.Name, metadata.Scopes!.ToString()));
        Assert.Equal(["authorization_code"], metadata.GrantTypes);
        Assert.Equal("secret", answer.GetProperty("client_secret").GetString());
        Assert.Equal(0, answer.GetProperty("client_secret_expires_at").GetInt32());
        Assert.Equal(A.Now.ToUnixTimeSeconds(), answer.GetProperty("client_id_issued_at").GetInt64());
        Assert.Equal("code", answer.GetProperty("response_types")[0].GetString());
        Assert.False(A.Json(metadata.ToJson("id", null, A.Now)).TryGetProperty("client_secret", out _));
    }

    [Theory]
    [InlineData("redirect_uris", "[\"javascript:alert(1)\"]", "invalid_redirect_uri")]
    [InlineData("redirect_uris", "[\"http://a.example/cb\"]", "invalid_redirect_uri")]
    [InlineData("redirect_uris", "[\"https://*.example/cb\"]", "invalid_redirect_uri")]
    [InlineData("redirect_uris", "[]", "invalid_client_metadata")]
    [InlineData("redirect_uris", "\"https://a.example/cb\"", "invalid_client_metadata")]
    [InlineData("redirect_uris", "[1]", "invalid_client_metadata")]
    [InlineData("grant_types", "[\"implicit\"]", "invalid_client_metadata")]
    [InlineData("grant_types", "[\"password\"]", "invalid_client_metadata")]
    [InlineData("grant_types", "[\"client_credentials\"]", "invalid_client_metadata")]
    [InlineData("grant_types", "[\"urn:ietf:params:oauth:grant-type:token-exchange\"]", "invalid_client_metadata")]
    [InlineData("response_types", "[\"token\"]", "invalid_client_metadata")]
    [InlineData("token_endpoint_auth_method", "\"tls_client_auth\"", "invalid_client_metadata")]
    [InlineData("token_endpoint_auth_method", "\"private_key_jwt\"", "invalid_client_metadata")]
    [InlineData("token_endpoint_auth_method", "1", "invalid_client_metadata")]
    [InlineData("jwks", "{\"keys\":[]}", "invalid_client_metadata")]
    [InlineData("jwks", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AA\"}]}", "invalid_client_metadata")]
    [InlineData("jwks_uri", "\"http://169.254.169.254/\"", "invalid_client_metadata")]
    [InlineData("logo_uri", "\"javascript:alert(1)\"", "invalid_client_metadata")]
    [InlineData("client_name", "\"a\\u0007b\"", "invalid_client_metadata")]
    [InlineData("scope", "\"admin\"", "invalid_client_metadata")]
    [InlineData("authorization_details_types", "[\"payment\"]", "invalid_client_metadata")]
    [InlineData("application_type", "\"desktop\"", "invalid_client_metadata")]
    [InlineData("dpop_bound_access_tokens", "\"yes\"", "invalid_client_metadata")]
    [InlineData("software_statement", "\"eyJ\"", "invalid_software_statement")]
    public void One_wrong_member_is_refused(string member, string value, string code)
    {
        var metadata = new JsonObject { ["redirect_uris"] = new JsonArray("https://a.example/cb") };
        metadata[member] = JsonNode.Parse(value);

        Assert.Equal(code, Read(metadata.ToJsonString()).Error?.Code);
    }

    [Fact]
    public void Keys_are_public_strong_and_in_one_place()
    {
        Assert.Null(Read(WithKeys(Forge.JwkOf(Forge.Ec))).Error);
        Assert.NotNull(Read(WithKeys(Forge.JwkOf(Forge.Ec, ",\"d\":\"AA\""))).Error);
        Assert.NotNull(Read(WithKeys(Forge.JwkOf(Forge.Rsa, ",\"p\":\"AA\""))).Error);
        Assert.NotNull(Read(WithKeys(Forge.JwkOf(Forge.WeakRsa))).Error);
        Assert.NotNull(Read(WithKeys(Forge.JwkOf(Forge.Ec)).Replace("{\"redirect", "{\"jwks_uri\":\"https://a.example/jwks\",\"redirect", StringComparison.Ordinal)).Error);

        static string WithKeys(string key) =>
            $$$"""{"redirect_uris":["https://a.example/cb"],"token_endpoint_auth_method":"private_key_jwt","jwks":{"keys":[{{{key}}}]}}""";
    }

    [Fact]
    public void What_is_no_object_is_refused()
    {
        Assert.NotNull(Read("[]").Error);
        Assert.NotNull(Read("{\"redirect_uris\":[],\"redirect_uris\":[]}").Error);
        Assert.NotNull(Read($"{{\"redirect_uris\":[\"https://a.example/cb\"],\"x\":\"{new string('x', 65_536)}\"}}").Error);
    }

    [Theory]
    [InlineData(Address, true)]
    [InlineData("https://agent.example:8443/c?v=1", true)]
    [InlineData("http://agent.example/c", false)]
    [InlineData("https://agent.example", false)]
    [InlineData("https://agent.example/", false)]
    [InlineData("https://agent.example/c#f", false)]
    [InlineData("https://user@agent.example/c", false)]
    [InlineData("https://@agent.example/c", false)]
    [InlineData("https://agent.example/a/../c", false)]
    [InlineData("https://agent.example/./c", false)]
    [InlineData("https://AGENT.example/c", false)]
    [InlineData("https://agent.example:443/c", false)]
    [InlineData("urn:client", false)]
    public void A_client_id_is_an_address_in_its_one_spelling(string id, bool passes) => Assert.Equal(passes, ClientIdDocument.IsAddress(id));

    [Theory]
    [InlineData("", null)]
    [InlineData(",\"token_endpoint_auth_method\":\"none\"", null)]
    [InlineData(",\"token_endpoint_auth_method\":\"private_key_jwt\",\"jwks_uri\":\"https://agent.example/jwks\"", null)]
    [InlineData(",\"token_endpoint_auth_method\":\"client_secret_basic\"", "invalid_client_metadata")]
    [InlineData(",\"token_endpoint_auth_method\":\"private_key_jwt\"", "invalid_client_metadata")]
    [InlineData(",\"client_secret\":\"s\"", "invalid_client_metadata")]
    [InlineData(",\"grant_types\":[\"client_credentials\"]", "invalid_client_metadata")]
    public void A_document_has_no_secret(string more, string? code)
    {
        var read = Document($$"""{"client_id":"{{Address}}","redirect_uris":["http://localhost:3000/cb"]{{more}}}""");

        Assert.Equal(code, read.Error?.Code);
    }

    [Fact]
    public void A_document_is_about_its_own_address_and_short()
    {
        Assert.NotNull(Document($$"""{"client_id":"{{Address}}/","redirect_uris":["https://agent.example/cb"]}""").Error);
        Assert.NotNull(Document($$"""{"redirect_uris":["https://agent.example/cb"]}""").Error);
        Assert.NotNull(Document($$"""{"client_id":"{{Address}}","redirect_uris":["https://agent.example/cb"],"x":"{{new string('x', 5_120)}}"}""").Error);
        Assert.Equal("none", Document($$"""{"client_id":"{{Address}}","redirect_uris":["https://agent.example/cb"]}""").Value.AuthMethod);
    }

    private static Checked<ClientMetadata> Read(string json) => Reader.Read(Encoding.UTF8.GetBytes(json));

    private static Checked<ClientMetadata> Document(string json) => ClientIdDocument.Read(Address, Encoding.UTF8.GetBytes(json), Reader);
}
