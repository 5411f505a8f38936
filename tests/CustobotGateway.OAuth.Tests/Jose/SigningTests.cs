using System.Security.Cryptography;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.OAuth.Tests.Jose;

public sealed class SigningTests
{
    private static readonly KeySchedule Schedule = new();

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("PS256")]
    [InlineData("RS256")]
    public void What_is_signed_verifies_by_the_published_key_also_after_export(string algorithm)
    {
        using var first = SigningKey.Create(algorithm);
        using var key = SigningKey.Import(algorithm, first.ExportPkcs8());
        using var published = Forge.Keys(first.Public);

        var token = key.Sign("at+jwt", """{"sub":"a"}"""u8);

        Assert.True(CompactJws.TryParse(token, 10_000, out var jws, out _));
        Assert.True(published.Verify(jws));
        Assert.Equal((algorithm, "at+jwt", first.Public.Thumbprint), (jws.Algorithm.Name, jws.Type, jws.KeyId));
    }

    [Fact]
    public void A_signature_is_the_framework_s()
    {
        using var key = SigningKey.Create();
        using var ec = ECDsa.Create();
        ec.ImportPkcs8PrivateKey(key.ExportPkcs8(), out _);

        var token = key.Sign("JWT", "{}"u8);

        var dot = token.LastIndexOf('.');
        var signature = Convert.FromBase64String(token[(dot + 1)..].Replace('-', '+').Replace('_', '/') + "==");
        Assert.True(ec.VerifyData(System.Text.Encoding.ASCII.GetBytes(token[..dot]), signature, HashAlgorithmName.SHA256));
    }

    [Fact]
    public void A_key_that_is_weak_or_of_another_curve_is_not_imported()
    {
        Assert.Throws<CryptographicException>(() => SigningKey.Import("PS256", Forge.WeakRsa.ExportPkcs8PrivateKey()));
        Assert.Throws<CryptographicException>(() => SigningKey.Import("ES384", Forge.Ec.ExportPkcs8PrivateKey()));
        Assert.Throws<ArgumentException>(() => SigningKey.Create("HS256"));
    }

    [Fact]
    public void A_key_is_announced_then_current_then_retired_then_gone()
    {
        var period = Schedule.Plan("a", "ES256", A.Now);

        Assert.Equal(KeyState.Announced, period.StateAt(A.Now.AddSeconds(-1)));
        Assert.Equal(KeyState.Current, period.StateAt(A.Now));
        Assert.Equal(KeyState.Retired, period.StateAt(A.Now.AddDays(90)));
        Assert.Equal(KeyState.Gone, period.StateAt(A.Now.AddDays(91)));
    }

    [Fact]
    public void The_first_key_signs_at_once_and_its_successor_is_announced_fourteen_days_before_its_end()
    {
        var first = Schedule.Plan("a", "ES256", A.Now);

        Assert.Equal(A.Now, Schedule.NextSignsFrom([], "ES256", A.Now));
        Assert.Null(Schedule.NextSignsFrom([first], "ES256", A.Now.AddDays(75)));
        Assert.Equal(A.Now.AddDays(90), Schedule.NextSignsFrom([first], "ES256", A.Now.AddDays(76)));
        Assert.Equal(A.Now.AddDays(80), Schedule.NextSignsFrom([first], "PS256", A.Now.AddDays(80)));
        // The server was off on the 76th day: caches still get their fourteen days.
        Assert.Equal(A.Now.AddDays(104), Schedule.NextSignsFrom([first], "ES256", A.Now.AddDays(90)));
        Assert.Null(Schedule.NextSignsFrom([first, Schedule.Plan("b", "ES256", A.Now.AddDays(90))], "ES256", A.Now.AddDays(80)));
    }

    [Fact]
    public void There_is_always_a_key_to_sign_with_and_every_key_that_signs_is_published()
    {
        using var a = SigningKey.Create();
        using var b = SigningKey.Create();
        using var keys = new SigningKeys([(b, Schedule.Plan(b.Public.KeyId!, "ES256", A.Now.AddDays(104))), (a, Schedule.Plan(a.Public.KeyId!, "ES256", A.Now))]);

        foreach (var (day, expected) in new[] { (0, a), (89.9, a), (90.5, a), (92, b), (105, b) })
        {
            var now = A.Now.AddDays(day);
            Assert.Same(expected, keys.Current("ES256", now));
            Assert.Contains(expected.Public, keys.Published(now).Keys);
        }
        Assert.Equal(2, keys.Published(A.Now).Keys.Count);
        Assert.Equal(b.Public, Assert.Single(keys.Published(A.Now.AddDays(92)).Keys));
        Assert.Null(keys.Current("PS256", A.Now));
    }
}
