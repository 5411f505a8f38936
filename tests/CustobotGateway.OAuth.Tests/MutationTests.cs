using System.Text;
using CustobotGateway.OAuth.Challenges;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Dpop;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Tests;

/// <summary>Whatever a stranger sends is refused or read, and never an exception.</summary>
public sealed class MutationTests
{
    private const int Rounds = 2_000;

    private static readonly string[] Pieces =
        ["", "\"", "\\", "\\u0000", "\\ud800", "{", "}", "[", "]", ",", ":", "null", "0", "-1", "1e400", "99999999999999999999", "\0", "\u007f", "ä", "\ud83d", "=", "+", "%", "%z", ".", "..", "/", "#", "@", "*", " ", "\n", "\"act\":{", "A", "_"];

    [Fact]
    public void Claims_that_our_own_key_signed_are_read_or_refused()
    {
        using var key = SigningKey.Create();
        using var keys = Forge.Keys(key.Public);
        var reader = new AccessTokenReader(new TokenProfile { Issuer = A.Issuer, IsOwn = true, DetailTypes = [A.Mandate] });
        var claims = Encoding.UTF8.GetString((A.Token with { Actor = new Actor("a", new Actor("b")), Thumbprint = "t", MayAct = "c", AuthenticatedAt = A.Now }).ToClaims());

        Each(claims, text => _ = reader.Read(key.Sign("at+jwt", Encoding.UTF8.GetBytes(text)), keys, A.Api, A.Now).Error);
    }

    [Fact]
    public void Tokens_and_proofs_are_read_or_refused()
    {
        var header = $$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{{Forge.JwkOf(Forge.Ec)}}}""";
        var payload = $$"""{"jti":"j","htm":"POST","htu":"https://gw.example/token","iat":{{A.Now.ToUnixTimeSeconds()}},"nonce":"n","ath":"a"}""";
        var reader = new DpopProofReader(new DpopNonces([new byte[32]], "as"));
        var request = new DpopRequest("POST", "https://gw.example/token");

        Each(header, text => _ = reader.Read([Forge.Es256(text, payload)], request, A.Now).Error);
        Each(payload, text => _ = reader.Read([Forge.Es256(header, text)], request, A.Now).Error);
        Each(Forge.Es256(header, payload), text => _ = reader.Read([text], request, A.Now).Error);
    }

    [Fact]
    public void Key_sets_metadata_and_details_are_read_or_refused()
    {
        var reader = new ClientMetadataReader(ClientMetadataReader.OpenGrantTypes, ScopeSet.Of("search"), ["purchase_mandate"]);
        var set = $$"""{"keys":[{{Forge.JwkOf(Forge.Ec, ",\"kid\":\"k\",\"key_ops\":[\"verify\"]")}},{{Forge.JwkOf(Forge.Rsa)}}]}""";
        var metadata = $$"""{"redirect_uris":["http://127.0.0.1:80/cb?a=b","com.example:/cb"],"token_endpoint_auth_method":"private_key_jwt","scope":"search","client_uri":"https://a.example","jwks":{{set}}}""";

        Each(set, text =>
        {
            using var keys = new VerificationKeys(JwkSet.TryRead(Encoding.UTF8.GetBytes(text), everyKey: false, out var read, out _) ? read : JwkSet.Empty);
        });
        Each(metadata, text => _ = reader.Read(Encoding.UTF8.GetBytes(text)).Error);
        Each(A.MandateJson, text => _ = AuthorizationDetails.Read(text, [A.Mandate], A.Now).Error);
    }

    [Fact]
    public void Addresses_headers_and_parameters_are_read_or_refused()
    {
        Each("http://127.0.0.1:80/cb?a=b", text => _ = RedirectUris.Matches("http://127.0.0.1/cb?a=b", text));
        Each("http://[::1]:80/cb?a=b", text => _ = RedirectUris.FaultOf(text, null));
        Each("https://a.example/client.json", text => _ = ClientIdDocument.IsAddress(text));
        Each("https://gw.example/v1", text => _ = ResourceIndicators.Resolve([text], [A.Api, "https://h.example"], []).Error);
        Each("Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3", text => _ = PresentedClient.Read([text], A.Parameters()).Error);
        Each("s6%42:7F%41+x", text => _ = PresentedClient.Read(["Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(text))], A.Parameters()).Error);
        Each("Bearer abc.def", text => _ = PresentedToken.TryRead([text], out _, out _));
        Each("search buy", text => _ = ScopeSet.TryParse(text, out _));
        Each("WDJB-MJHT", text => _ = SecretToken.ReadUserCode(text));
        Each("xyz", text => _ = RequestParameters.Read([new("state", text), new(text, "v")]).Error);
        Each(A.Challenge, text => _ = Pkce.Verify(text, A.Challenge) || Pkce.IsChallenge(text));
    }

    // The same seed each time, so that a failure comes again.
    private static void Each(string good, Action<string> read)
    {
        var random = new Random(1);
        for (var i = 0; i < Rounds; i++)
        {
            var text = good;
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(text.Length + 1);
                var piece = Pieces[random.Next(Pieces.Length)];
                text = text[..at] + piece + text[Math.Min(text.Length, at + random.Next(3))..];
            }
            var failure = Record.Exception(() => read(text));
            Assert.True(failure is null, $"{text}\n{failure}");
        }
    }
}
