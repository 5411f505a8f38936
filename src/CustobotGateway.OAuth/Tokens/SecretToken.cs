using System.Security.Cryptography;
using System.Text;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.OAuth.Tokens;

/// <summary>Codes, refresh tokens, device codes, request URIs and client secrets: 256 random bits each (RFC 6749 §10.10).</summary>
public static class SecretToken
{
    /// <summary>The longest text that is looked up; ours have 43 characters.</summary>
    public const int Longest = 512;

    private const int Bytes = 32;

    // RFC 8628 §6.1: consonants, so that no word comes about; 20 to the power of 8 is 34 bits, which a throttle protects for ten minutes.
    private const string UserCodeLetters = "BCDFGHJKLMNPQRSTVWXZ";

    /// <summary>A new secret.</summary>
    public static string Create() => Base64UrlText.Encode(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>A code that a person types (RFC 8628 §6.1), as it is shown: <c>WDJB-MJHT</c>.</summary>
    public static string CreateUserCode() => RandomNumberGenerator.GetString(UserCodeLetters, 8).Insert(4, "-");

    /// <summary>What a person typed, in the form that is shown: case, spaces and hyphens do not count. Null if it can be no code.</summary>
    public static string? ReadUserCode(string? typed)
    {
        if (typed is null || typed.Length > 32)
        {
            return null;
        }
        var letters = string.Concat(typed.Where(letter => letter is not ('-' or ' '))).ToUpperInvariant();
        return letters.Length == 8 && letters.All(UserCodeLetters.Contains) ? letters.Insert(4, "-") : null;
    }
}

/// <summary>The SHA-256 of a secret: all that is stored of it. Without salt, since 256 random bits are not guessed.</summary>
public sealed class SecretHash : IEquatable<SecretHash>
{
    private readonly byte[] _hash;

    private SecretHash(byte[] hash) => _hash = hash;

    /// <summary>The 32 bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _hash;

    /// <summary>The hash of a secret.</summary>
    public static SecretHash Of(string secret) => new(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>A hash that was stored.</summary>
    public static SecretHash FromBytes(ReadOnlySpan<byte> stored) =>
        stored.Length == SHA256.HashSizeInBytes ? new(stored.ToArray()) : throw new ArgumentException("A SHA-256 has 32 bytes.", nameof(stored));

    /// <summary>For a column of bytes.</summary>
    public byte[] ToArray() => [.. _hash];

    /// <summary>Compares in constant time.</summary>
    public bool Equals(SecretHash? other) => other is not null && CryptographicOperations.FixedTimeEquals(_hash, other._hash);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SecretHash);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_hash);

    /// <summary>The first letters, for a log line.</summary>
    public override string ToString() => Convert.ToHexStringLower(_hash.AsSpan(0, 4));
}
