using System.Text;
using CustobotGateway.MessageSignatures.Components;
using CustobotGateway.MessageSignatures.Messages;

namespace CustobotGateway.MessageSignatures.Tests;

/// <summary>Components have the values that RFC 9421 §2 gives them.</summary>
public sealed class ComponentTests
{
    [Theory]
    // RFC 9421 §2.2, the examples of each derived component.
    [InlineData("\"@method\"", "POST")]
    [InlineData("\"@target-uri\"", "https://www.example.com/path?param=value")]
    [InlineData("\"@authority\"", "www.example.com")]
    [InlineData("\"@scheme\"", "https")]
    [InlineData("\"@request-target\"", "/path?param=value")]
    [InlineData("\"@path\"", "/path")]
    [InlineData("\"@query\"", "?param=value")]
    public void Derived_components_of_a_request(string component, string value) =>
        Assert.Equal(value, Find(component, HttpMessage.Request("POST", "https", "WWW.example.com:443", "/path?param=value", MessageFields.None)));

    [Theory]
    [InlineData("/path", "\"@query\"", "?")]
    [InlineData("/path?", "\"@query\"", "?")]
    [InlineData("/path?queryString", "\"@query\"", "?queryString")]
    [InlineData("/path?", "\"@target-uri\"", "https://www.example.com/path?")]
    [InlineData("/path", "\"@target-uri\"", "https://www.example.com/path")]
    [InlineData("", "\"@path\"", "/")]
    [InlineData("*", "\"@request-target\"", "*")]
    [InlineData("https://www.example.com/a%20b?c", "\"@path\"", "/a%20b")]
    [InlineData("https://www.example.com", "\"@path\"", "/")]
    public void Targets_in_every_form(string target, string component, string value) =>
        Assert.Equal(value, Find(component, HttpMessage.Request("GET", "https", "www.example.com", target, MessageFields.None)));

    [Theory]
    // RFC 9421 §2.2.8.
    [InlineData("/path?param=value&foo=bar&baz=batman&qux=", "baz", "batman")]
    [InlineData("/path?param=value&foo=bar&baz=batman&qux=", "qux", "")]
    [InlineData("/parameters?var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something", "var", "this%20is%20a%20big%0Amultiline%20value")]
    [InlineData("/parameters?var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something", "bar", "with%20plus%20whitespace")]
    [InlineData("/parameters?var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something", "fa%C3%A7ade%22%3A%20", "something")]
    [InlineData("/path?a=1&a=2", "a", null)]
    [InlineData("/path?a=1", "b", null)]
    [InlineData("/path", "a", null)]
    public void Query_parameters_are_encoded_anew(string target, string name, string? value) =>
        Assert.Equal(value, Find($"\"@query-param\";name=\"{name}\"", HttpMessage.Request("GET", "https", "www.example.com", target, MessageFields.None)));

    [Theory]
    [InlineData("\"cache-control\"", "max-age=60, must-revalidate")]
    [InlineData("\"x-empty\"", "")]
    [InlineData("\"x-ows\"", "Leading and trailing whitespace.")]
    // RFC 9421 §2.1.1 to §2.1.3.
    [InlineData("\"example-dict\"", "a=1,    b=2;x=1;y=2,   c=(a   b   c)")]
    [InlineData("\"example-dict\";key=\"a\"", "1")]
    [InlineData("\"example-dict\";key=\"b\"", "2;x=1;y=2")]
    [InlineData("\"example-dict\";key=\"c\"", "(a b c)")]
    [InlineData("\"example-dict\";key=\"d\"", null)]
    [InlineData("\"example-header\";bs", ":dmFsdWUsIHdpdGgsIGxvdHM=:, :b2YsIGNvbW1hcw==:")]
    [InlineData("\"example-header\"", "value, with, lots, of, commas")]
    [InlineData("\"priority\";sf", "u=1, i")]
    [InlineData("\"x-ows\";sf", null)]
    public void Fields_are_combined_and_cut_out(string component, string? value) => Assert.Equal(value, Find(component, HttpMessage.Request("GET", "https", "www.example.com", "/", new MessageFields(
        ("Cache-Control", "max-age=60"), ("cache-control", "   must-revalidate"), ("X-Empty", ""), ("X-OWS", "   Leading and trailing whitespace.   "),
        ("Example-Dict", " a=1,    b=2;x=1;y=2,   c=(a   b   c)"), ("Example-Header", "value, with, lots"), ("Example-Header", "of, commas"), ("Priority", "u=1 ,  i=?1")))));

    [Fact]
    public void Answer_covers_its_status_and_its_request()
    {
        var request = HttpMessage.Request("POST", "https", "example.com", "/foo", new MessageFields(("Content-Digest", "sha-512=:AAAA:")));
        var answer = HttpMessage.Response(503, new MessageFields(("Content-Type", "application/json")), request) is var made ? made : null;

        Assert.Equal("503", Find("\"@status\"", answer!));
        Assert.Equal("example.com", Find("\"@authority\";req", answer!));
        Assert.Equal("sha-512=:AAAA:", Find("\"content-digest\";req", answer!));
        Assert.Null(Find("\"@authority\"", answer!));
    }

    [Fact]
    public void Trailers_are_apart_from_headers()
    {
        var request = HttpMessage.Request("POST", "https", "example.com", "/", new MessageFields(("X", "header")));

        Assert.Null(Find("\"x\";tr", request));
        Assert.Equal("header", Find("\"x\"", request));
    }

    /// <summary>RFC 9421 appendix B.2.6: the standard's own request, key and signature.</summary>
    [Fact]
    public void Signature_of_the_standard_is_made_again()
    {
        var request = HttpMessage.Request("POST", "https", "example.com", "/foo?param=Value&Pet=dog", new MessageFields(
            ("Host", "example.com"), ("Date", "Tue, 20 Apr 2021 02:07:55 GMT"), ("Content-Type", "application/json"),
            ("Content-Digest", "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"), ("Content-Length", "18")));
        Component[] components = [.. new[] { "date", "@method", "@path", "@authority", "content-type", "content-length" }.Select(name => Component.Of(name))];
        const string parameters = "(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\");created=1618884473;keyid=\"test-key-ed25519\"";

        var text = SignatureBase.Write(components, request, parameters, out _)!;

        Assert.Equal($"""
            "date": Tue, 20 Apr 2021 02:07:55 GMT
            "@method": POST
            "@path": /foo
            "@authority": example.com
            "content-type": application/json
            "content-length": 18
            "@signature-params": {parameters}
            """.ReplaceLineEndings("\n"), Encoding.ASCII.GetString(text));
        Assert.Equal("wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==", Convert.ToBase64String(A.Key.Sign(text)));
        Assert.True(ContentDigest.IsOf("sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:", "{\"hello\": \"world\"}"u8));
    }

    [Theory]
    [InlineData("https", "Example.COM:443", "example.com")]
    [InlineData("https", "example.com:80", "example.com:80")]
    [InlineData("http", "example.com:80", "example.com")]
    [InlineData("http", "[::1]:8080", "[::1]:8080")]
    [InlineData("https", "user:secret@example.com", "example.com")]
    public void Authority_has_one_spelling(string scheme, string sent, string one) => Assert.Equal(one, Authorities.Normalize(scheme, sent));

    private static string? Find(string component, HttpMessage message)
    {
        Assert.True(Component.TryParse(component, out var read));
        return ComponentValues.Find(read, message);
    }
}
