using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace CustobotGateway.MessageSignatures.Keys;

/// <summary>Base64url without padding (RFC 7515 §2), one spelling for each value.</summary>
internal static class Base64UrlText
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    public static bool TryDecode(string? text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text is null || text.Length % 4 == 1)
        {
            return false;
        }
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_'))
            {
                return false;
            }
        }
        try
        {
            var decoded = Base64Url.DecodeFromChars(text);
            // Bits at the end that mean nothing would give a key a second spelling, and with it a second thumbprint.
            bytes = Base64Url.EncodeToString(decoded) == text ? decoded : null;
            return bytes is not null;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
