using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CustobotGateway.MessageSignatures.Keys;

namespace CustobotGateway.MessageSignatures.WebBotAuth;

/// <summary>A directory of public keys (draft-ietf-webbotauth-http-message-signatures-directory): a JSON Web Key Set at a well-known path.</summary>
public static class KeyDirectory
{
    /// <summary>Where a host's directory is.</summary>
    public const string Path = "/.well-known/http-message-signatures-directory";

    /// <summary>Its media type.</summary>
    public const string MediaType = "application/http-message-signatures-directory+json";

    /// <summary>The tag of the signatures over a directory itself.</summary>
    public const string Tag = "http-message-signatures-directory";

    /// <summary>The most keys of a directory.</summary>
    public const int MostKeys = 50;

    private const int MaxDepth = 16;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    /// <summary>Reads a directory's text; see <see cref="TryRead(JsonElement, out IReadOnlyList{VerifyingKey}?, out string?)"/>.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out IReadOnlyList<VerifyingKey>? keys, [NotNullWhen(false)] out string? fault)
    {
        keys = null;
        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            return TryRead(document.RootElement, out keys, out fault);
        }
        catch (JsonException)
        {
            fault = "The directory is no well-formed JSON.";
            return false;
        }
    }

    /// <summary>Reads a directory. Keys of other kinds and uses, and malformed ones, are passed over, as RFC 7517 §5 says.</summary>
    public static bool TryRead(JsonElement json, [NotNullWhen(true)] out IReadOnlyList<VerifyingKey>? keys, [NotNullWhen(false)] out string? fault)
    {
        keys = null;
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("keys", out var all) || all.ValueKind != JsonValueKind.Array)
        {
            fault = "A directory is an object with an array of keys.";
            return false;
        }
        if (all.GetArrayLength() > MostKeys)
        {
            fault = $"A directory has at most {MostKeys} keys.";
            return false;
        }
        var read = new List<VerifyingKey>(all.GetArrayLength());
        foreach (var item in all.EnumerateArray())
        {
            if (VerifyingKey.Read(item, out _) is { } key)
            {
                read.Add(key);
            }
        }
        (keys, fault) = (read, null);
        return true;
    }

    /// <summary>Writes a directory.</summary>
    public static byte[] Write(IEnumerable<VerifyingKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        using var written = new MemoryStream();
        using (var json = new Utf8JsonWriter(written))
        {
            json.WriteStartObject();
            json.WriteStartArray("keys");
            foreach (var key in keys)
            {
                key.WriteTo(json);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return written.ToArray();
    }
}
