using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CustobotGateway.Common.Http;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.Identity.ResourceServer;

/// <summary>A token that passed every check but those that may turn out otherwise the next time: revocation and proof.</summary>
/// <param name="Token">The token.</param>
/// <param name="Issuer">Who issued it.</param>
/// <param name="Resource">The resource for which it was checked.</param>
/// <param name="Recognized">Who calls with it.</param>
/// <param name="Until">When it has to be checked anew.</param>
internal sealed record ValidatedToken(AccessToken Token, TrustedIssuer Issuer, ApiResource Resource, Recognized Recognized, DateTimeOffset Until);

/// <summary>The SHA-256 of a token: the token itself is not kept.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct TokenKey : IEquatable<TokenKey>
{
    private const int OnStack = 2_048;

    private readonly UInt128 _first;
    private readonly UInt128 _last;

    private TokenKey(UInt128 first, UInt128 last) => (_first, _last) = (first, last);

    public static TokenKey Of(string token)
    {
        // Tokens are ASCII: the header's reader lets nothing else pass.
        var rented = token.Length > OnStack ? ArrayPool<byte>.Shared.Rent(token.Length) : null;
        var bytes = rented ?? stackalloc byte[OnStack];
        var length = Encoding.ASCII.GetBytes(token, bytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..length], hash);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
        var halves = MemoryMarshal.Cast<byte, UInt128>(hash);
        return new TokenKey(halves[0], halves[1]);
    }

    public bool Equals(TokenKey other) => _first == other._first && _last == other._last;

    public override bool Equals(object? obj) => obj is TokenKey other && Equals(other);

    public override int GetHashCode() => (int)(uint)_first;
}

/// <summary>
/// Remembers what was validated, by the token's hash, up to a number of tokens: in two halves, of which the older is dropped when the younger is full. What is
/// used is carried over into the younger, so that a flood of tokens that come once does not drive out those that come again for long.
/// </summary>
internal sealed class TokenCache(int most)
{
    private readonly Lock _turning = new();
    private Half _young = new();
    private Half _old = new();

    public ValidatedToken? Find(in TokenKey key)
    {
        if (_young.Tokens.TryGetValue(key, out var token))
        {
            return token;
        }
        if (_old.Tokens.TryGetValue(key, out token))
        {
            Add(key, token);
        }
        return token;
    }

    public void Add(in TokenKey key, ValidatedToken token)
    {
        var half = _young;
        if (half.Tokens.TryAdd(key, token))
        {
            if (Interlocked.Increment(ref half.Count) > most / 2)
            {
                Turn(half);
            }
        }
        else
        {
            half.Tokens[key] = token;
        }
    }

    private void Turn(Half full)
    {
        lock (_turning)
        {
            if (ReferenceEquals(_young, full))
            {
                (_old, _young) = (most > 1 ? full : new Half(), new Half());
            }
        }
    }

    private sealed class Half
    {
        public readonly ConcurrentDictionary<TokenKey, ValidatedToken> Tokens = new();
        public int Count;
    }
}
