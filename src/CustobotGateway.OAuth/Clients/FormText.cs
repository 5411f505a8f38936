using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace CustobotGateway.OAuth.Clients;

/// <summary>Decodes <c>application/x-www-form-urlencoded</c> (RFC 6749 appendix B), strictly.</summary>
internal static class FormText
{
    private static readonly SearchValues<char> Encoded = SearchValues.Create("+%");

    /// <summary>False if an escape is broken, or the result is no UTF-8. Each character stands for a byte.</summary>
    public static bool TryDecode(ReadOnlySpan<char> encoded, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!encoded.ContainsAny(Encoded) && Ascii.IsValid(encoded))
        {
            text = encoded.ToString();
            return true;
        }
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
        if (!Utf8.IsValid(decoded))
        {
            return false;
        }
        text = Encoding.UTF8.GetString(decoded);
        return true;
    }
}
