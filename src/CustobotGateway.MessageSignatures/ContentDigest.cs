using System.Security.Cryptography;
using CustobotGateway.MessageSignatures.StructuredFields;

namespace CustobotGateway.MessageSignatures;

/// <summary>Digests of a message's content (RFC 9530), which is how a signature comes to cover a body.</summary>
public static class ContentDigest
{
    /// <summary>The field's name.</summary>
    public const string Field = "content-digest";

    /// <summary>The field's value for this content.</summary>
    /// <param name="content">The content as it is sent, compressed if it is.</param>
    /// <param name="isLong">SHA-512 instead of SHA-256.</param>
    public static string Of(ReadOnlySpan<byte> content, bool isLong = false) => isLong
        ? $"sha-512=:{Convert.ToBase64String(SHA512.HashData(content))}:"
        : $"sha-256=:{Convert.ToBase64String(SHA256.HashData(content))}:";

    /// <summary>True if the field has a digest of SHA-256 or SHA-512 and each of them is the content's. Other algorithms are passed over.</summary>
    public static bool IsOf(string field, ReadOnlySpan<byte> content)
    {
        if (!StructuredField.TryReadDictionary(field, out var digests))
        {
            return false;
        }
        var known = 0;
        foreach (var member in digests.Members)
        {
            if (member.Key is "sha-256" or "sha-512")
            {
                known++;
                if (member.Items is not null || member.Value.Kind != FieldValueKind.Bytes
                    || !CryptographicOperations.FixedTimeEquals(member.Value.Bytes.Span, member.Key == "sha-256" ? SHA256.HashData(content) : SHA512.HashData(content)))
                {
                    return false;
                }
            }
        }
        return known > 0;
    }
}
