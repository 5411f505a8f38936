using System.Text.Json;
using CustobotGateway.MessageSignatures.Components;
using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.Messages;
using CustobotGateway.MessageSignatures.Signing;
using CustobotGateway.MessageSignatures.Verification;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.MessageSignatures.Tests.Vectors;

/// <summary>The published signing vectors of Web Bot Auth, in both versions.</summary>
public sealed class ArchitectureVectorTests
{
    // The vectors are good for years.
    private static readonly SignatureVerifier Patient = new(SignatureProfile.WebBotAuth with { MostLife = TimeSpan.FromDays(365_000) });

    private static readonly string[] Files =
    [
        "data/web-bot-auth/web_bot_auth_architecture_v1.json", "data/web-bot-auth/web_bot_auth_architecture_v2.json",
        "specs/web-bot-auth/web_bot_auth_architecture_v1.json", "specs/web-bot-auth/web_bot_auth_architecture_v2.json",
    ];

    [SharedDataFact]
    public async Task Published_signatures_verify()
    {
        var count = 0;
        foreach (var vector in Read())
        {
            var fields = new List<(string, string)> { ("Signature-Input", Text(vector, "signature_input")!), ("Signature", Text(vector, "signature")!) };
            AddAgent(vector, fields);
            using var key = SigningKey.Read(vector.GetProperty("key"), out _)!;

            var judgement = await Patient.JudgeAsync(Message(vector, fields), Created(vector), new AnyHost(key.Public), new MemoryNonces(), CancellationToken.None);

            Assert.Equal((SignatureFault.None, Text(vector, "label")), (judgement.Fault, judgement.Signature?.Label));
            count++;
        }

        Assert.Equal(16, count);
    }

    [SharedDataFact]
    public async Task Signing_makes_the_published_signatures_again()
    {
        var same = 0;
        foreach (var vector in Read())
        {
            var fields = new List<(string, string)>();
            AddAgent(vector, fields);
            using var key = SigningKey.Read(vector.GetProperty("key"), out var fault);
            Assert.Null(fault);
            var agentKey = Text(vector, "signature_agent_key");
            Component[] components = Text(vector, "signature_agent") is null ? [Component.Of("@authority")]
                : Component.TryParse(agentKey is null ? "\"signature-agent\"" : $"\"signature-agent\";key=\"{agentKey}\"", out var agent) ? [Component.Of("@authority"), agent]
                : throw new InvalidDataException();
            var parameters = new SigningParameters
            {
                Label = Text(vector, "label")!,
                Components = components,
                Created = Created(vector),
                Expires = DateTimeOffset.FromUnixTimeMilliseconds(vector.GetProperty("expires_ms").GetInt64()),
                Nonce = Text(vector, "nonce"),
                Tag = "web-bot-auth",
            };

            Assert.True(MessageSigning.TrySign(Message(vector, fields), key!, parameters, out var signed));

            Assert.Equal(Text(vector, "signature_input"), signed.Input);
            if (key!.Algorithm == SignatureAlgorithm.Ed25519)
            {
                Assert.Equal(Text(vector, "signature"), signed.Signature);
                same++;
            }
            // A salt makes every signature of RSA-PSS another one: it is verified instead.
            var judgement = await Patient.JudgeAsync(
                Message(vector, [.. fields, ("Signature-Input", signed.Input), ("Signature", signed.Signature)]), Created(vector), new AnyHost(key.Public), new MemoryNonces(), CancellationToken.None);
            Assert.True(judgement.IsVerified);
        }

        Assert.Equal(8, same);
    }

    [SharedDataFact]
    public async Task Vectors_that_are_good_for_years_are_too_long_for_the_default()
    {
        foreach (var vector in Read().Where(vector => vector.GetProperty("expires_ms").GetInt64() - vector.GetProperty("created_ms").GetInt64() > 86_400_000))
        {
            var fields = new List<(string, string)> { ("Signature-Input", Text(vector, "signature_input")!), ("Signature", Text(vector, "signature")!) };
            AddAgent(vector, fields);

            Assert.Equal(SignatureFault.LifeTooLong, await A.FaultAsync(Message(vector, fields), now: Created(vector)));
        }
    }

    private static IEnumerable<JsonElement> Read() => Files.SelectMany(file => A.Json(File.ReadAllText(SharedData.Find(file)!)).EnumerateArray());

    private static string? Text(JsonElement vector, string name) => vector.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static DateTimeOffset Created(JsonElement vector) => DateTimeOffset.FromUnixTimeMilliseconds(vector.GetProperty("created_ms").GetInt64());

    private static void AddAgent(JsonElement vector, List<(string, string)> fields)
    {
        if (Text(vector, "signature_agent") is { } agent)
        {
            fields.Add(("Signature-Agent", agent));
        }
    }

    private static HttpMessage Message(JsonElement vector, List<(string, string)> fields)
    {
        var url = new Uri(Text(vector, "target_url")!);
        return HttpMessage.Request("GET", url.Scheme, url.Authority, url.PathAndQuery, new MessageFields(fields));
    }

    private sealed class AnyHost(VerifyingKey key) : IKeySource
    {
        public ValueTask<KnownKey?> FindAsync(SignatureCandidate candidate, CancellationToken cancellationToken) =>
            new(candidate.KeyId == key.Thumbprint ? new KnownKey(key, "https://signature-agent.test") : null);
    }
}
