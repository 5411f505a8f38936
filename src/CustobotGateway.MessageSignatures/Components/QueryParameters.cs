using System.Text;

namespace CustobotGateway.MessageSignatures.Components;

/// <summary>Query parameters as forms write them, decoded and encoded again in one way (RFC 9421 §2.2.8).</summary>
internal static class QueryParameters
{
    private const int MostParameters = 1_000;

    /// <summary>The value, encoded anew; null where the parameter is absent or comes more than once, which leaves open which one is meant.</summary>
    public static string? Find(string query, string name)
    {
        string? found = null;
        var seen = 0;
        foreach (var range in query.AsSpan(1).Split('&'))
        {
            var part = query.AsSpan(1)[range];
            if (part.IsEmpty)
            {
                continue;
            }
            if (++seen > MostParameters)
            {
                return null;
            }
            var equals = part.IndexOf('=');
            if (Encode(Decode(equals < 0 ? part : part[..equals])) != name)
            {
                continue;
            }
            if (found is not null)
            {
                return null;
            }
            found = equals < 0 ? "" : Encode(Decode(part[(equals + 1)..]));
        }
        return found;
    }

    private static byte[] Decode(ReadOnlySpan<char> text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes.Add((byte)((Hex(text[i + 1]) << 4) | Hex(text[i + 2])));
                i += 2;
            }
            else if (text[i] < 0x80)
            {
                bytes.Add(text[i] == '+' ? (byte)' ' : (byte)text[i]);
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes([text[i]]));
            }
        }
        // What is no UTF-8 becomes the replacement character, as it does for every other reader of forms.
        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString([.. bytes]));
    }

    // The percent-encode set of form components in the URL standard, with %20 for a space.
    private static string Encode(byte[] bytes)
    {
        var encoded = new StringBuilder(bytes.Length);
        foreach (var octet in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'*' or (byte)'-' or (byte)'.' or (byte)'_')
            {
                encoded.Append((char)octet);
            }
            else
            {
                encoded.Append('%').Append(Convert.ToHexString([octet]));
            }
        }
        return encoded.ToString();
    }

    private static int Hex(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
