using System.Security.Cryptography;
using System.Text;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.OAuth.Messages;

/// <summary>Proof key for code exchange, S256 alone (RFC 7636, OAuth 2.1 §4.1.1).</summary>
public static class Pkce
{
    /// <summary>The only method; <c>plain</c> protects nothing that can be read.</summary>
    public const string Method = "S256";

    /// <summary>The challenge of a verifier (RFC 7636 §4.2).</summary>
    public static string Challenge(string verifier) => Base64UrlText.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    /// <summary>True if it can be a SHA-256: 43 letters of base64url. Others of up to 128, which the grammar of §4.2 has room for, no verifier could meet.</summary>
    public static bool IsChallenge(string? challenge) => challenge is { Length: 43 } && Base64UrlText.TryDecode(challenge, out _);

    /// <summary>True if it has 43 to 128 unreserved characters (RFC 7636 §4.1).</summary>
    public static bool IsVerifier(string? verifier) => verifier is { Length: >= 43 and <= 128 }
        && verifier.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '~');

    /// <summary>True if the verifier is the challenge's (RFC 7636 §4.6).</summary>
    public static bool Verify(string? verifier, string challenge) => IsVerifier(verifier)
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Challenge(verifier!)), Encoding.ASCII.GetBytes(challenge));
}
