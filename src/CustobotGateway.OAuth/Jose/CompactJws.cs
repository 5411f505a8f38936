using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace CustobotGateway.OAuth.Jose;

/// <summary>A signed token in the compact form (RFC 7515 §7.1) that is well-formed; who signed it and what it claims is yet to be checked.</summary>
public sealed class CompactJws
{
    // Members that change what the signature or the payload means (RFC 7515 §4.1.11, RFC 7797, RFC 7516): none is understood, so none may be there.
    private static readonly string[] RefusedMembers = ["crit", "b64", "zip", "enc"];

    private readonly byte[] _signingInput;
    private readonly byte[] _signature;

    private CompactJws(JoseAlgorithm algorithm, JsonElement header, JsonElement payload, byte[] signingInput, byte[] signature)
    {
        (Algorithm, Header, Payload, _signingInput, _signature) = (algorithm, header, payload, signingInput, signature);
    }

    /// <summary>What the token says it is signed with: asymmetric, never <c>none</c>.</summary>
    public JoseAlgorithm Algorithm { get; }

    /// <summary><c>typ</c> as it is written; null without (RFC 8725 §3.11).</summary>
    public string? Type => Header.Text("typ");

    /// <summary>The key's name; null without.</summary>
    public string? KeyId => Header.Text("kid");

    /// <summary>The header, an object.</summary>
    public JsonElement Header { get; }

    /// <summary>The claims, an object. Unverified until <see cref="IsSignedBy"/> has said yes.</summary>
    public JsonElement Payload { get; }

    /// <summary>Takes the token apart, strictly; <paramref name="fault"/> says what is wrong with it.</summary>
    /// <param name="text">Three parts of base64url.</param>
    /// <param name="mostCharacters">Longer tokens are refused unread.</param>
    /// <param name="jws">The token.</param>
    /// <param name="fault">Why not.</param>
    public static bool TryParse(string text, int mostCharacters, [NotNullWhen(true)] out CompactJws? jws, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        jws = null;
        fault = text.Length > mostCharacters ? "The token is too long." : null;
        if (fault is not null)
        {
            return false;
        }
        var first = text.IndexOf('.');
        var last = text.LastIndexOf('.');
        if (first <= 0 || last == first || text.AsSpan(first + 1, last - first - 1).Contains('.')
            || !Base64UrlText.TryDecode(text.AsSpan(0, first), out var headerBytes)
            || !Base64UrlText.TryDecode(text.AsSpan(first + 1, last - first - 1), out var payloadBytes)
            || !Base64UrlText.TryDecode(text.AsSpan(last + 1), out var signature))
        {
            fault = "The token is not three parts of base64url.";
            return false;
        }
        if (!StrictJson.TryParse(headerBytes, JsonValueKind.Object, out var header) || !StrictJson.TryParse(payloadBytes, JsonValueKind.Object, out var payload))
        {
            fault = "The token's header or payload is no well-formed JSON object.";
            return false;
        }
        var algorithm = JoseAlgorithm.Find(header.Text("alg"));
        fault = algorithm is null ? "The token's algorithm is not allowed."
            : RefusedMembers.Any(member => header.Has(member)) ? "The token's header has a member that has to be understood and is not."
            : header.Has("typ") && header.Text("typ") is null ? "The token's typ is no text."
            : header.Has("kid") && header.Text("kid") is null ? "The token's kid is no text."
            : null;
        if (fault is not null || algorithm is null)
        {
            fault ??= "The token's algorithm is not allowed.";
            return false;
        }
        jws = new CompactJws(algorithm, header, payload, Encoding.ASCII.GetBytes(text[..last]), signature);
        return true;
    }

    /// <summary>True if the key signed it and goes with the algorithm.</summary>
    public bool IsSignedBy(VerificationKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Verify(Algorithm, _signingInput, _signature);
    }
}
