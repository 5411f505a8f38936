using System.Text;
using CustobotGateway.MessageSignatures.Components;
using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.Signing;
using CustobotGateway.MessageSignatures.StructuredFields;
using CustobotGateway.MessageSignatures.Verification;
using CustobotGateway.MessageSignatures.WebBotAuth;

namespace CustobotGateway.MessageSignatures.Tests;

/// <summary>What holds for every message, tried on random ones from fixed seeds.</summary>
public sealed class PropertyTests
{
    private const int Tries = 400;

    private static readonly Component[] Some =
    [
        Component.Of("@authority"), Component.Of("@method"), Component.Of("@path"), Component.Of("@query"), Component.Of("@target-uri"), Component.Of("@scheme"),
        Component.Of("@request-target"), Component.Of("x-one"), Component.Of("x-two"),
    ];

    [Fact]
    public async Task Whatever_is_signed_verifies()
    {
        var random = new Random(1);
        using var ec = SigningKey.Create(SignatureAlgorithm.EcdsaP256Sha256);
        for (var i = 0; i < Tries; i++)
        {
            var key = random.Next(2) == 0 ? A.Key : ec;

            Assert.Equal(SignatureFault.None, await A.FaultAsync(Make(random, key), key));
        }
    }

    [Fact]
    public async Task Whatever_is_changed_in_either_field_is_refused()
    {
        var random = new Random(2);
        for (var i = 0; i < Tries; i++)
        {
            var message = Make(random, A.Key);
            var (inputs, signatures) = (new List<string>(), new List<string>());
            message.Fields.Collect("signature-input", inputs);
            message.Fields.Collect("signature", signatures);
            var (input, signature) = random.Next(2) == 0 ? (Change(random, inputs[0]), signatures[0]) : (inputs[0], Change(random, signatures[0]));

            // A change of the label alone in both would be none; a change in one of them leaves the other without its half.
            Assert.NotEqual(SignatureFault.None, await A.FaultAsync(A.Request(
                ("X-One", "first"), ("X-Two", "second"), ("Signature-Input", input), ("Signature", signature))));
        }
    }

    [Fact]
    public async Task Garbage_never_throws_and_never_verifies()
    {
        var random = new Random(3);
        for (var i = 0; i < Tries * 10; i++)
        {
            var (input, signature, agent) = (Garbage(random), Garbage(random), Garbage(random));

            Assert.NotEqual(SignatureFault.None, await A.FaultAsync(A.Request(("Signature-Input", input), ("Signature", signature), ("Signature-Agent", agent))));
            _ = StructuredField.TryReadList(input, out _);
            _ = StructuredField.TryReadItem(input, out _);
            _ = Component.TryParse(input, out _);
            _ = AskedSignature.TryParse(input, out _);
            _ = SignatureAgent.TryParse(agent, out _);
            _ = ContentDigest.IsOf(input, [1, 2, 3]);
            _ = AgentRegistry.Parse(input);
            _ = KeyDirectory.TryRead(Encoding.UTF8.GetBytes(input), out _, out _);
        }
    }

    [Fact]
    public void What_is_read_is_read_again_from_its_one_spelling()
    {
        var random = new Random(4);
        var read = 0;
        for (var i = 0; i < Tries * 100; i++)
        {
            if (StructuredField.TryReadDictionary(Garbage(random), out var dictionary))
            {
                var written = FieldWriter.Write(dictionary);
                Assert.True(StructuredField.TryReadDictionary(written, out var again), written);
                Assert.Equal(written, FieldWriter.Write(again));
                read++;
            }
        }
        Assert.True(read > 100, $"Only {read} were read.");
    }

    private static Messages.HttpMessage Make(Random random, SigningKey key)
    {
        Component[] others = [.. Some[1..].OrderBy(_ => random.Next()).Take(random.Next(Some.Length))];
        return A.Signed(A.Parameters with { Components = [Some[0], .. others], Nonce = random.Next().ToString(System.Globalization.CultureInfo.InvariantCulture) }, key, ("X-One", "first"), ("X-Two", "second"));
    }

    private static string Change(Random random, string text)
    {
        var at = random.Next(text.Length);
        var other = (char)random.Next(' ', '~');
        return text[..at] + (other == text[at] ? '~' : other) + text[(at + 1)..];
    }

    private static string Garbage(Random random)
    {
        string[] pieces =
        [
            "sig1=", "sig2", "=", "(", ")", "\"@authority\"", "\"", "\\", ";", "; ", ",", ", ", ":", ":AAAA:", ":////:", "?1", "?", "@12", "%\"", "%c3%bc", "1", "-", "1.5", "tok", "*", " ", "\t",
            ";created=1795199995", ";expires=1795200295", ";keyid=\"poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U\"", ";tag=\"web-bot-auth\"", ";key=\"x\"", ";req", ";bs", "\0", "ü", "\n", "\ud800", "{", "\"keys\":[",
        ];
        var text = new StringBuilder();
        for (var i = random.Next(12); i >= 0; i--)
        {
            text.Append(pieces[random.Next(pieces.Length)]);
        }
        return text.ToString();
    }
}
