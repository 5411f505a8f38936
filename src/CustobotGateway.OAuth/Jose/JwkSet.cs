using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace CustobotGateway.OAuth.Jose;

/// <summary>A set of public keys (RFC 7517 §5).</summary>
public sealed record JwkSet(IReadOnlyList<Jwk> Keys)
{
    /// <summary>More keys than anyone rotates through; each is tried where a token names none.</summary>
    public const int MostKeys = 50;

    /// <summary>No keys.</summary>
    public static JwkSet Empty { get; } = new([]);

    /// <summary>
    /// Reads a set that somebody publishes: keys of other kinds and uses are passed over, as RFC 7517 §5 says. With <paramref name="everyKey"/>,
    /// for the keys of a client that registers, one key that is private, weak or unknown refuses the whole.
    /// </summary>
    public static bool TryRead(JsonElement json, bool everyKey, [NotNullWhen(true)] out JwkSet? set, [NotNullWhen(false)] out string? fault)
    {
        set = null;
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
        {
            fault = "A key set is an object with an array of keys.";
            return false;
        }
        if (keys.GetArrayLength() > MostKeys)
        {
            fault = $"A key set has at most {MostKeys} keys.";
            return false;
        }
        var read = new List<Jwk>(keys.GetArrayLength());
        foreach (var item in keys.EnumerateArray())
        {
            if (Jwk.Read(item, out var reason) is { } key)
            {
                read.Add(key);
            }
            else if (everyKey)
            {
                fault = reason ?? "A key is malformed.";
                return false;
            }
        }
        (set, fault) = (new JwkSet(read), null);
        return true;
    }

    /// <summary>Reads a set from its text; members that come twice refuse it.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> utf8, bool everyKey, [NotNullWhen(true)] out JwkSet? set, [NotNullWhen(false)] out string? fault)
    {
        if (StrictJson.TryParse(utf8, JsonValueKind.Object, out var json))
        {
            return TryRead(json, everyKey, out set, out fault);
        }
        (set, fault) = (null, "The key set is no well-formed JSON.");
        return false;
    }

    /// <summary>The document that <c>jwks_uri</c> answers.</summary>
    public byte[] ToJson() => JsonText.Write(json =>
    {
        json.WriteStartArray("keys");
        foreach (var key in Keys)
        {
            key.WriteTo(json);
        }
        json.WriteEndArray();
    });
}
