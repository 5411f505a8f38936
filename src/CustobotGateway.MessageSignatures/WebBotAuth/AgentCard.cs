using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CustobotGateway.MessageSignatures.Keys;

namespace CustobotGateway.MessageSignatures.WebBotAuth;

/// <summary>What an agent tells about itself (a client id metadata document with keys).</summary>
/// <param name="Url">Where the card lies, which is the agent's id.</param>
/// <param name="Name">The agent's name; null without one.</param>
/// <param name="KeysUri">Where its keys are; null where they are in the card.</param>
/// <param name="Keys">The keys in the card; empty where they are elsewhere.</param>
public sealed record AgentCard(string Url, string? Name, string? KeysUri, IReadOnlyList<VerifyingKey> Keys)
{
    /// <summary>Reads a card that was found at that address.</summary>
    public static bool TryRead(JsonElement json, string url, [NotNullWhen(true)] out AgentCard? card, [NotNullWhen(false)] out string? fault)
    {
        card = null;
        fault = json.ValueKind != JsonValueKind.Object ? "A card is a JSON object."
            : KeyNumbers.Text(json, "client_id") != url ? "The card's client_id is not its address."
            : json.TryGetProperty("jwks", out _) && json.TryGetProperty("jwks_uri", out _) ? "The card has jwks and jwks_uri; one of them is enough."
            : json.TryGetProperty("jwks_uri", out _) && KeyNumbers.Text(json, "jwks_uri") is not { Length: > 0 } ? "The card's jwks_uri is no text."
            : null;
        IReadOnlyList<VerifyingKey> keys = [];
        if (fault is null && json.TryGetProperty("jwks", out var jwks) && !KeyDirectory.TryRead(jwks, out keys!, out fault))
        {
            return false;
        }
        if (fault is not null)
        {
            return false;
        }
        card = new AgentCard(url, KeyNumbers.Text(json, "client_name"), KeyNumbers.Text(json, "jwks_uri"), keys);
        return true;
    }
}
