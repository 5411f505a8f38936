using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace CustobotGateway.OAuth.Clients;

/// <summary>Decodes <c>application/x-www-form-urlencoded</c> (RFC 6749 appendix B), strictly.</summary>
internal static class FormText
{
    /// <summary>False if an escape is broken, or the result is no UTF-8 or has control characters. Each character stands for a byte.</summary>
    public static bool TryDecode(ReadOnlySpan<char> encoded, [NotNullWhen(true)] out string? text)
    {
        text = null;
        var bytes = new byte[encoded.Length];
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            switch (encoded[i])
            {
                case '+':
                    bytes[length++] = (byte)' ';
                    break;
                case '%':
                    if (i + 2 >= encoded.Length || !byte.TryParse(encoded.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length++]))
                    {
                        return false;
                    }
                    i += 2;
                    break;
                default:
                    bytes[length++] = (byte)encoded[i];
                    break;
            }
        }
        var decoded = bytes.AsSpan(0, length);
        if (!Utf8.IsValid(decoded) || decoded.ContainsAnyInRange<byte>(0, 0x1F) || decoded.Contains((byte)0x7F))
        {
            return false;
        }
        text = Encoding.UTF8.GetString(decoded);
        return true;
    }
}
