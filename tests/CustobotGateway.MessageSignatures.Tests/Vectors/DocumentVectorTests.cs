using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.WebBotAuth;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.MessageSignatures.Tests.Vectors;

/// <summary>Published thumbprints, agents' headers, registries and cards.</summary>
public sealed class DocumentVectorTests
{
    private static readonly string[] Folders = ["data/web-bot-auth/", "specs/web-bot-auth/"];

    [SharedDataFact]
    public void Thumbprints_are_the_published_ones()
    {
        foreach (var vector in A.Json(File.ReadAllText(SharedData.Find("data/web-bot-auth/jwk_thumbprint_vectors.json")!)).EnumerateArray())
        {
            var key = VerifyingKey.Read(A.Json(vector.GetProperty("jwk").GetString()!), out var fault);

            Assert.Null(fault);
            Assert.Equal(vector.GetProperty("thumbprint").GetString(), key!.Thumbprint);
        }
    }

    [SharedDataFact]
    public void Agents_headers_say_what_the_vectors_say()
    {
        foreach (var vector in Folders.SelectMany(folder => A.Json(File.ReadAllText(SharedData.Find(folder + "web_bot_auth_signature_agent_v1.json")!)).EnumerateArray()))
        {
            Assert.True(SignatureAgent.TryParse(vector.GetProperty("header").GetString()!, out var agents));

            Assert.Equal(
                vector.GetProperty("entries").EnumerateArray().Select(entry => new SignatureAgent(entry.GetProperty("label").GetString()!, entry.GetProperty("uri").GetString()!, entry.GetProperty("type").GetString()!)),
                agents);
        }
    }

    [SharedDataFact]
    public void Registries_list_the_cards_of_the_vectors()
    {
        foreach (var vector in Folders.SelectMany(folder => A.Json(File.ReadAllText(SharedData.Find(folder + "web_bot_auth_registry_v1.json")!)).EnumerateArray()))
        {
            Assert.Equal(vector.GetProperty("signature_agent_cards").EnumerateArray().Select(card => card.GetString()!), AgentRegistry.Parse(vector.GetProperty("registry_txt").GetString()!));
        }
    }

    [SharedDataFact]
    public void Cards_are_valid_or_not_as_the_vectors_say()
    {
        foreach (var vector in Folders.SelectMany(folder => A.Json(File.ReadAllText(SharedData.Find(folder + "web_bot_auth_signature_agent_card_v1.json")!)).EnumerateArray()))
        {
            var isValid = AgentCard.TryRead(vector.GetProperty("card"), vector.GetProperty("url").GetString()!, out var card, out var fault);

            Assert.Equal(vector.GetProperty("valid").GetBoolean(), isValid);
            Assert.Equal(isValid, fault is null);
            Assert.True(!isValid || card!.KeysUri is not null || card.Keys.Count == 1);
        }
    }

    [SharedDataFact]
    public void Keys_of_the_standard_are_read_with_their_private_parts()
    {
        foreach (var (name, algorithm) in new[] { ("ed25519", SignatureAlgorithm.Ed25519), ("rsa_pss", SignatureAlgorithm.RsaPssSha512) })
        {
            using var key = SigningKey.Read(A.Json(File.ReadAllText(SharedData.Find($"data/web-bot-auth/rfc9421_test_key_{name}.jwk.json")!)), out var fault);

            Assert.Null(fault);
            Assert.Equal(algorithm, key!.Algorithm);
            Assert.True(key.Public.Verify("text"u8, key.Sign("text"u8)));
        }
    }
}
