using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.OAuth.Tests.Jose;

public sealed class JwtRulesTests
{
    private static readonly long Now = A.Now.ToUnixTimeSeconds();

    private static readonly JwtRules Rules = new()
    {
        Algorithms = ["ES256"],
        Types = ["at+jwt"],
        Issuer = A.Issuer,
        Audience = A.Api,
        MostLifetime = TimeSpan.FromMinutes(10),
        MostAge = TimeSpan.FromMinutes(10),
    };

    [Theory]
    [InlineData("iss", "\"https://gw.example/\"")]
    [InlineData("iss", "\"https://GW.example\"")]
    [InlineData("iss", "[\"https://gw.example\"]")]
    [InlineData("iss", null)]
    [InlineData("aud", "\"https://gw.example/v1/\"")]
    [InlineData("aud", "[]")]
    [InlineData("aud", "[1,\"https://gw.example/v1\"]")]
    [InlineData("aud", "{\"https://gw.example/v1\":1}")]
    [InlineData("aud", null)]
    [InlineData("exp", null)]
    [InlineData("exp", "\"9999999999\"")]
    [InlineData("exp", "-1")]
    [InlineData("exp", "1e300")]
    [InlineData("iat", "null")]
    [InlineData("nbf", "true")]
    public void A_claim_that_is_missing_or_not_exact_is_refused(string claim, string? value) => Assert.NotNull(Fault(claim, value));

    [Theory]
    [InlineData("exp", -10, true)]
    [InlineData("exp", -9, false)]
    [InlineData("exp", 610, false)]
    [InlineData("exp", 611, true)]
    [InlineData("nbf", 10, false)]
    [InlineData("nbf", 11, true)]
    [InlineData("iat", 10, false)]
    [InlineData("iat", 11, true)]
    public void Times_are_held_to_the_second_of_the_skew(string claim, int offset, bool refused) =>
        Assert.Equal(refused, Fault(claim, (Now + offset).ToString(System.Globalization.CultureInfo.InvariantCulture), iat: claim == "exp" ? Now - 20 + Math.Max(0, offset - 590) : Now) is not null);

    [Fact]
    public void Old_tokens_and_those_that_end_before_they_begin_are_refused()
    {
        Assert.Null(Fault("iat", $"{Now - 600}", exp: Now + 1));
        Assert.NotNull(Fault("iat", $"{Now - 611}", exp: Now - 5));
        Assert.NotNull(Fault("iat", $"{Now + 5}", exp: Now + 5));
    }

    [Fact]
    public void An_audience_in_an_array_passes_only_where_arrays_may_be()
    {
        Assert.Null(Fault("aud", $"[\"other\",\"{A.Api}\"]"));
        Assert.NotNull(Fault("aud", $"[\"{A.Api}\"]", Rules with { AudienceIsOneText = true }));
        Assert.Null(Fault("aud", $"\"{A.Api}\"", Rules with { AudienceIsOneText = true }));
    }

    [Theory]
    [InlineData("\"typ\":\"at+jwt\",", true)]
    [InlineData("\"typ\":\"AT+JWT\",", false)]
    [InlineData("\"typ\":\"JWT\",", false)]
    [InlineData("\"typ\":\"dpop+jwt\",", false)]
    [InlineData("", false)]
    public void The_type_is_exact(string member, bool passes)
    {
        Assert.True(CompactJws.TryParse(Forge.Es256($$"""{{{member}}"alg":"ES256"}""", Payload("x", null)), 10_000, out var jws, out _));
        Assert.Equal(passes, Rules.FaultOf(jws, A.Now) is null);
    }

    [Fact]
    public void The_algorithm_is_among_those_allowed()
    {
        Assert.True(CompactJws.TryParse(Forge.Es256("""{"typ":"at+jwt","alg":"ES256"}""", Payload("x", null)), 10_000, out var jws, out _));

        Assert.NotNull((Rules with { Algorithms = ["PS256"] }).FaultOf(jws, A.Now));
    }

    [Theory]
    [InlineData(31)]
    [InlineData(-1)]
    public void A_skew_of_more_than_30_seconds_cannot_be_set(int seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Rules with { Skew = TimeSpan.FromSeconds(seconds) });

    private static string? Fault(string claim, string? value, JwtRules? rules = null, long? exp = null, long? iat = null)
    {
        Assert.True(CompactJws.TryParse(Forge.Es256("""{"alg":"ES256","typ":"at+jwt"}""", Payload(claim, value, exp, iat)), 10_000, out var jws, out _));
        return (rules ?? Rules).FaultOf(jws, A.Now);
    }

    private static string Payload(string claim, string? value, long? exp = null, long? iat = null)
    {
        var claims = new Dictionary<string, string?>
        {
            ["iss"] = $"\"{A.Issuer}\"",
            ["aud"] = $"\"{A.Api}\"",
            ["iat"] = $"{iat ?? Now}",
            ["exp"] = $"{exp ?? Now + 300}",
        };
        claims[claim] = value;
        return $"{{{string.Join(',', claims.Where(pair => pair.Value is not null).Select(pair => $"\"{pair.Key}\":{pair.Value}"))}}}";
    }
}
