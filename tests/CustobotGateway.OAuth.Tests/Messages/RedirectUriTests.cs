using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.OAuth.Tests.Messages;

public sealed class RedirectUriTests
{
    [Theory]
    [InlineData("https://a.example/cb", "https://a.example/cb", true)]
    [InlineData("https://a.example/cb", "https://a.example/CB", false)]
    [InlineData("https://a.example/cb", "https://A.example/cb", false)]
    [InlineData("https://a.example/cb", "https://a.example/cb/", false)]
    [InlineData("https://a.example/cb", "https://a.example/cb?x=1", false)]
    [InlineData("https://a.example/cb", "https://a.example:443/cb", false)]
    [InlineData("https://a.example/cb", "https://a.example/cb#f", false)]
    [InlineData("https://a.example/cb", "https://a.example/x/../cb", false)]
    [InlineData("https://a.example/cb", "https://a.example@evil.example/cb", false)]
    // RFC 8252 §7.3: the port alone is free.
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", true)]
    [InlineData("http://127.0.0.1:80/cb", "http://127.0.0.1/cb", true)]
    [InlineData("http://[::1]/cb?a=b", "http://[::1]:61023/cb?a=b", true)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:51004/other", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb?a=b", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb#a", false)]
    [InlineData("http://127.0.0.1/cb", "http://[::1]:51004/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://localhost:51004/cb", false)]
    [InlineData("http://127.0.0.1/cb", "https://127.0.0.1:51004/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:80@evil.example/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:70000/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:+80/cb", false)]
    [InlineData("http://localhost/cb", "http://localhost:51004/cb", false)]
    [InlineData("http://localhost:51004/cb", "http://localhost:51004/cb", true)]
    public void An_address_is_the_registered_one_and_only_a_loopback_port_is_free(string registered, string asked, bool matches) =>
        Assert.Equal(matches, RedirectUris.Matches(registered, asked));

    [Theory]
    [InlineData("https://a.example/cb", null, true)]
    [InlineData("https://a.example/cb?tenant=1", "web", true)]
    [InlineData("http://127.0.0.1/cb", "native", true)]
    [InlineData("http://localhost:3000/cb", null, true)]
    [InlineData("com.example.app:/cb", "native", true)]
    [InlineData("http://127.0.0.1/cb", "web", false)]
    [InlineData("com.example.app:/cb", "web", false)]
    [InlineData("http://a.example/cb", null, false)]
    [InlineData("http://127.0.0.1.evil.example/cb", null, false)]
    [InlineData("javascript:alert(1)", null, false)]
    [InlineData("javascript://a.example/%0aalert(1)", null, false)]
    [InlineData("data:text/html,x", null, false)]
    [InlineData("myapp:/cb", "native", false)]
    [InlineData("https://a.example/cb#f", null, false)]
    [InlineData("https://*.example/cb", null, false)]
    [InlineData("https://user@a.example/cb", null, false)]
    [InlineData("https://a.example/x/../cb", null, false)]
    [InlineData("https://a.example/x/%2e%2E/cb", null, false)]
    [InlineData("https://a.example\\@evil.example/cb", null, false)]
    [InlineData("https://a.example/c b", null, false)]
    [InlineData("https://a.example/cb?code=1", null, false)]
    [InlineData("https://a.example/cb?x=1&state=2", null, false)]
    [InlineData("https://ä.example/cb", null, false)]
    [InlineData("/cb", null, false)]
    [InlineData("", null, false)]
    public void Only_safe_addresses_are_registered(string uri, string? type, bool passes) => Assert.Equal(passes, RedirectUris.FaultOf(uri, type) is null);

    [Fact]
    public void An_answer_keeps_the_query_and_escapes_what_it_adds()
    {
        Assert.Equal(
            "https://a.example/cb?t=1&code=c&state=a%26b%3D%20%C3%A4&iss=https%3A%2F%2Fgw.example",
            AuthorizationResponse.Granted("https://a.example/cb?t=1", "c", "a&b= ä", A.Issuer));
        Assert.Equal(
            "https://a.example/cb?error=access_denied&error_description=The%20person%20said%20no.&iss=https%3A%2F%2Fgw.example",
            AuthorizationResponse.Refused("https://a.example/cb", new("access_denied", "The person said no."), null, A.Issuer));
    }
}
