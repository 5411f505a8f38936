using System.Text.Json;
using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.Messages;
using CustobotGateway.MessageSignatures.Verification;
using CustobotGateway.Tests.Common;
using Xunit.Abstractions;

namespace CustobotGateway.MessageSignatures.Tests.Vectors;

/// <summary>The 36 requests with their outcomes, in order, with one memory of nonces.</summary>
public sealed class RequestVectorTests(ITestOutputHelper output)
{
    [SharedDataFact]
    public async Task Every_request_verifies_or_is_refused_for_its_reason()
    {
        var file = A.Json(await File.ReadAllTextAsync(SharedData.Find("data/web-bot-auth/requests.json")!));
        var keys = new Trusted(file.GetProperty("trusted_keys"));
        var verifier = new SignatureVerifier(
            SignatureProfile.WebBotAuth with { MostLife = Seconds(file, "max_life_s"), Skew = Seconds(file, "max_clock_skew_s") },
            SignatureProfile.VisaTap with { MostLife = Seconds(file, "max_life_tap_s"), Skew = Seconds(file, "max_clock_skew_s") });
        var nonces = new MemoryNonces();
        var wrong = new List<string>();
        var refused = 0;

        foreach (var one in file.GetProperty("cases").EnumerateArray())
        {
            var expected = one.GetProperty("expect");
            var judgement = await verifier.JudgeAsync(Message(one), DateTimeOffset.FromUnixTimeSeconds(one.GetProperty("now").GetInt64()), keys, nonces, CancellationToken.None);
            var wanted = expected.GetProperty("verified").GetBoolean()
                ? ("verified", expected.GetProperty("protocol").GetString(), expected.GetProperty("keyid").GetString())
                : (expected.GetProperty("reason").GetString()!, null, null);
            var seen = (judgement.Fault.Code(), judgement.IsVerified ? judgement.Signature!.Profile.Name : null, judgement.IsVerified ? judgement.Signature!.KeyId : null);
            refused += judgement.IsVerified ? 0 : 1;
            output.WriteLine($"{one.GetProperty("name").GetString()}: {seen}");
            if (wanted != seen)
            {
                wrong.Add($"{one.GetProperty("name").GetString()}: wanted {wanted}, saw {seen}");
            }
        }

        Assert.Empty(wrong);
        Assert.Equal((36, 25), (file.GetProperty("cases").GetArrayLength(), refused));
    }

    [SharedDataFact]
    public async Task Texts_that_are_signed_are_those_of_the_published_signer()
    {
        var file = A.Json(await File.ReadAllTextAsync(SharedData.Find("data/web-bot-auth/requests.json")!));
        var compared = 0;

        foreach (var one in file.GetProperty("cases").EnumerateArray().Where(one => one.GetProperty("expect").GetProperty("verified").GetBoolean()))
        {
            var prepared = A.Verifier.Prepare(Message(one), DateTimeOffset.FromUnixTimeSeconds(one.GetProperty("now").GetInt64()));
            if (one.GetProperty("signature_base") is { ValueKind: JsonValueKind.String } text && prepared.Candidates.Count == 1)
            {
                Assert.Equal(text.GetString(), System.Text.Encoding.ASCII.GetString(prepared.Candidates[0].SignatureBase.Span));
                compared++;
            }
        }

        Assert.True(compared >= 9, $"{compared} texts were compared.");
    }

    private static TimeSpan Seconds(JsonElement file, string name) => TimeSpan.FromSeconds(file.GetProperty(name).GetInt32());

    private static HttpMessage Message(JsonElement one)
    {
        var url = new Uri(one.GetProperty("url").GetString()!);
        (string Name, string Value)[] fields = [.. one.GetProperty("headers").EnumerateArray().Select(header => (header[0].GetString()!, header[1].GetString()!))];
        return HttpMessage.Request(one.GetProperty("method").GetString()!, url.Scheme, fields.First(field => field.Name == "Host").Value, url.PathAndQuery, new MessageFields(fields));
    }

    private sealed class Trusted(JsonElement keys) : IKeySource
    {
        private readonly Dictionary<string, KnownKey> _known = keys.EnumerateArray().ToDictionary(
            key => key.GetProperty("keyid").GetString()!,
            key => new KnownKey(VerifyingKey.Read(key.GetProperty("jwk"), out var fault) ?? throw new InvalidDataException(fault), key.GetProperty("agent").GetString()!, [A.Authority]));

        public ValueTask<KnownKey?> FindAsync(SignatureCandidate candidate, CancellationToken cancellationToken) => new(_known.GetValueOrDefault(candidate.KeyId));
    }
}
