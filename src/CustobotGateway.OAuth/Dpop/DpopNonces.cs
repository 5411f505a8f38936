using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.OAuth.Dpop;

/// <summary>What a nonce is worth.</summary>
public enum NonceState
{
    /// <summary>Not one of ours, of another purpose, or too old: send a new one and ask again (RFC 9449 §8).</summary>
    Unknown,

    /// <summary>Good, and good for a while.</summary>
    Fresh,

    /// <summary>Good, and old enough to send the next one with the answer (RFC 9449 §8.2).</summary>
    NearExpiry,
}

/// <summary>
/// Makes and checks nonces without storing any: the time and a keyed hash of it (RFC 9449 §8). Every replica that has the keys knows every nonce.
/// </summary>
public sealed class DpopNonces
{
    private const int TimeBytes = 8;
    private const int HashBytes = 16;

    private readonly byte[][] _keys;
    private readonly byte[] _purpose;
    private readonly TimeSpan _lifetime;

    /// <summary>Nonces of one purpose.</summary>
    /// <param name="keys">At least 256 bits each: the first makes nonces, all are known, so that a new key can be announced first and an old one kept for a while.</param>
    /// <param name="purpose">The authorization server's nonces are not the resource server's (RFC 9449 §9).</param>
    /// <param name="lifetime">How long a nonce is good; 5 minutes if null.</param>
    public DpopNonces(IEnumerable<byte[]> keys, string purpose, TimeSpan? lifetime = null)
    {
        _keys = [.. keys];
        if (_keys.Length == 0 || _keys.Any(key => key.Length < 32))
        {
            throw new ArgumentException("A nonce key has at least 256 bits.", nameof(keys));
        }
        _purpose = Encoding.UTF8.GetBytes(purpose);
        _lifetime = lifetime ?? TimeSpan.FromMinutes(5);
    }

    /// <summary>A nonce of that time.</summary>
    public string Create(DateTimeOffset now)
    {
        Span<byte> nonce = stackalloc byte[TimeBytes + HashBytes];
        BinaryPrimitives.WriteInt64BigEndian(nonce, now.ToUnixTimeMilliseconds());
        Hash(_keys[0], nonce[..TimeBytes], nonce[TimeBytes..]);
        return Base64UrlText.Encode(nonce);
    }

    /// <summary>What the nonce is worth at that time.</summary>
    public NonceState Check(string? nonce, DateTimeOffset now)
    {
        if (nonce is not { Length: 32 } || !Base64UrlText.TryDecode(nonce, out var bytes) || !IsOurs(bytes))
        {
            return NonceState.Unknown;
        }
        var age = now - DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes));
        return age > _lifetime || age < -_lifetime ? NonceState.Unknown
            : age > _lifetime / 2 ? NonceState.NearExpiry
            : NonceState.Fresh;
    }

    private bool IsOurs(byte[] nonce)
    {
        Span<byte> expected = stackalloc byte[HashBytes];
        foreach (var key in _keys)
        {
            Hash(key, nonce.AsSpan(0, TimeBytes), expected);
            if (CryptographicOperations.FixedTimeEquals(expected, nonce.AsSpan(TimeBytes)))
            {
                return true;
            }
        }
        return false;
    }

    private void Hash(byte[] key, ReadOnlySpan<byte> time, Span<byte> hash)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, [.. _purpose, 0, .. time], whole);
        whole[..HashBytes].CopyTo(hash);
    }
}
