using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace CustobotGateway.OAuth.Jose;

/// <summary>Base64url without padding, white space or loose bits at the end (RFC 7515 §2), so that each value has one spelling.</summary>
internal static class Base64UrlText
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        // All is checked before: the framework's decoder throws for some malformed text, also where it is only asked to try.
        if (!IsAlphabet(text) || text.Length % 4 == 1 || !HasOneSpelling(text))
        {
            return false;
        }
        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }

    /// <summary>Letters, digits, hyphen and underscore alone; the framework's decoder would let white space and padding pass.</summary>
    public static bool IsAlphabet(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_'))
            {
                return false;
            }
        }
        return true;
    }

    // The last letter of an unfinished group carries two or four bits that mean nothing: they have to be zero.
    private static bool HasOneSpelling(ReadOnlySpan<char> text) => (text.Length % 4) switch
    {
        2 => (Sextet(text[^1]) & 0b1111) == 0,
        3 => (Sextet(text[^1]) & 0b11) == 0,
        _ => true,
    };

    private static int Sextet(char letter) => letter switch
    {
        >= 'A' and <= 'Z' => letter - 'A',
        >= 'a' and <= 'z' => letter - 'a' + 26,
        >= '0' and <= '9' => letter - '0' + 52,
        '-' => 62,
        _ => 63,
    };
}
