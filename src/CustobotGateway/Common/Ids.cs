using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CustobotGateway.Common;

/// <summary>Prefixed, sortable identifiers: <c>neg_01jd…</c>. Crockford base32 in lower case, so that text order is number order.</summary>
public static class Ids
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>A new id: 48 bits of milliseconds since 1970, then 80 random bits (the layout of a ULID).</summary>
    public static string New(string prefix, TimeProvider clock) => New(prefix, clock.GetUtcNow());

    /// <summary>A new id of that instant.</summary>
    public static string New(string prefix, DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, now.ToUnixTimeMilliseconds() << 16);
        RandomNumberGenerator.Fill(bytes[6..]);
        var value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return Encode(prefix, value, 26);
    }

    /// <summary>When the id was made, by the clock of whoever made it; false for what <see cref="New(string, TimeProvider)"/> did not make.</summary>
    public static bool TryGetTime(ReadOnlySpan<char> id, out DateTimeOffset time)
    {
        time = default;
        var digits = id[(id.IndexOf('_') + 1)..];
        if (digits.Length != 26)
        {
            return false;
        }
        // Ten digits hold 50 bits: the 48 of the milliseconds, after the two that 26 digits have more than 128 bits.
        long milliseconds = 0;
        foreach (var letter in digits[..10])
        {
            var digit = Alphabet.IndexOf(letter, StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }
            milliseconds = (milliseconds << 5) | (uint)digit;
        }
        if (milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return false;
        }
        time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return true;
    }

    /// <summary>The id of a numbered row: <c>prd_00000000000a1</c>; 13 digits hold 64 bits.</summary>
    public static string FromNumber(string prefix, long number) => Encode(prefix, (UInt128)(ulong)number, 13);

    /// <summary>Writes the id that <see cref="FromNumber"/> makes as ASCII; returns its length. For answers that are written without strings.</summary>
    public static int WriteNumber(ReadOnlySpan<byte> prefix, long number, Span<byte> destination)
    {
        prefix.CopyTo(destination);
        destination[prefix.Length] = (byte)'_';
        var rest = (ulong)number;
        for (var i = prefix.Length + 13; i > prefix.Length; i--)
        {
            destination[i] = (byte)Alphabet[(int)(rest & 31)];
            rest >>= 5;
        }
        return prefix.Length + 14;
    }

    /// <summary>The number in an id that <see cref="FromNumber"/> made; false for anything else.</summary>
    public static bool TryGetNumber(string prefix, ReadOnlySpan<char> id, out long number)
    {
        number = 0;
        if (id.Length != prefix.Length + 14 || !id.StartsWith(prefix, StringComparison.Ordinal) || id[prefix.Length] != '_')
        {
            return false;
        }
        UInt128 value = 0;
        foreach (var letter in id[(prefix.Length + 1)..])
        {
            var digit = Alphabet.IndexOf(letter, StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }
            value = (value << 5) | (uint)digit;
        }
        number = (long)(ulong)value;
        return value <= long.MaxValue;
    }

    /// <summary>The number in an id that is known to be one of <see cref="FromNumber"/>, since it was stored.</summary>
    public static long GetNumber(string prefix, string id) =>
        TryGetNumber(prefix, id, out var number) ? number : throw new InvalidOperationException($"{id} is no id of {prefix}.");

    private static string Encode(string prefix, UInt128 value, int digits) =>
        string.Create(prefix.Length + 1 + digits, (prefix, value), static (span, state) =>
        {
            state.prefix.CopyTo(span);
            span[state.prefix.Length] = '_';
            var rest = state.value;
            for (var i = span.Length - 1; i > state.prefix.Length; i--)
            {
                span[i] = Alphabet[(int)(uint)(rest & 31)];
                rest >>= 5;
            }
        });
}
