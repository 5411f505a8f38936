using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CustobotGateway.GraphQL;

/// <summary>The SHA-256 of a document's text, by which documents are cached; also what clients of persisted documents send, in hexadecimal.</summary>
public readonly record struct DocumentHash
{
    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private DocumentHash(ReadOnlySpan<byte> hash) =>
        (_high, _low) = (BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));

    /// <summary>The hash of a text in UTF-8.</summary>
    public static DocumentHash Of(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        return new DocumentHash(hash);
    }

    /// <summary>Reads 64 hexadecimal digits.</summary>
    public static bool TryParse(string hexadecimal, out DocumentHash hash)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        var read = Convert.FromHexString(hexadecimal, bytes, out var characters, out var written) == OperationStatus.Done
            && characters == hexadecimal.Length && written == bytes.Length;
        hash = read ? new DocumentHash(bytes) : default;
        return read;
    }

    /// <summary>64 hexadecimal digits in lower case.</summary>
    public override string ToString() => $"{_high:x32}{_low:x32}";
}
