using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CustobotGateway.AttributeIndex;
using CustobotGateway.Common;

namespace CustobotGateway.Search;

/// <summary>
/// Makes and reads page cursors: the sort values and the id of the last hit, with the search's fingerprint, under a code of authentication
/// (HMAC-SHA256, RFC 2104, cut to 128 bits). Nothing is stored: a page goes on after a place in the order, so products that come or go
/// meanwhile move no other one across it. The key lies in the database, so that every gateway on it reads every gateway's cursors.
/// </summary>
public sealed class CursorKey
{
    private const byte Format = 1;
    private const int HeaderLength = 1 + 8 + 8;
    private const int CodeLength = 16;
    private const int MaxLength = 64 * 1024;
    private const byte Missing = 0, NumberValue = 1, TermValue = 2;

    // Making one costs more than the code of a cursor does.
    [ThreadStatic]
    private static (byte[] Secret, IncrementalHash Hash) _authenticator;

    private volatile byte[]? _secret;

    /// <summary>Whether cursors can be made and read.</summary>
    public bool IsReady => _secret is not null;

    /// <summary>Sets the key; at start, once the database was reached.</summary>
    public void Set(byte[] secret) => _secret = secret;

    /// <summary>The cursor for the place where a page ended.</summary>
    public string Write(PageEnd end, ulong fingerprint)
    {
        ArgumentNullException.ThrowIfNull(end);
        var length = HeaderLength + CodeLength;
        foreach (var value in end.Values)
        {
            length += value.IsMissing ? 1 : value.Term is { } term ? 1 + 4 + Encoding.UTF8.GetByteCount(term) : 1 + 8;
        }
        var bytes = length <= 1024 ? stackalloc byte[length] : new byte[length];
        bytes[0] = Format;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[1..], fingerprint);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[9..], end.Id);
        var at = HeaderLength;
        foreach (var value in end.Values)
        {
            if (value.IsMissing)
            {
                bytes[at++] = Missing;
            }
            else if (value.Term is { } term)
            {
                bytes[at++] = TermValue;
                var written = Encoding.UTF8.GetBytes(term, bytes[(at + 4)..]);
                BinaryPrimitives.WriteInt32LittleEndian(bytes[at..], written);
                at += 4 + written;
            }
            else
            {
                bytes[at++] = NumberValue;
                BinaryPrimitives.WriteDoubleLittleEndian(bytes[at..], value.Number);
                at += 8;
            }
        }
        Authenticate(bytes[..at], bytes[at..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a cursor; the refusal, or null.</summary>
    public Problem? Read(string cursor, ulong fingerprint, int sortKeys, out PageEnd? end)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        end = null;
        if (cursor.Length is 0 or > MaxLength)
        {
            return Invalid();
        }
        var buffer = new byte[Base64Url.GetMaxDecodedLength(cursor.Length)];
        if (!TryDecode(cursor, buffer, out var length) || length < HeaderLength + CodeLength)
        {
            return Invalid();
        }
        var bytes = buffer.AsSpan(0, length - CodeLength);
        Span<byte> code = stackalloc byte[CodeLength];
        Authenticate(bytes, code);
        if (!CryptographicOperations.FixedTimeEquals(code, buffer.AsSpan(length - CodeLength, CodeLength)) || bytes[0] != Format)
        {
            return Invalid();
        }
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[1..]) != fingerprint)
        {
            return SearchProblems.CursorOfAnotherQuery.With("page.after belongs to a search with another query, other constraints or another sort: send those unchanged, or start without it.",
                [new FieldError("/page/after", SearchProblems.CursorOfAnotherQuery.Code, "The cursor belongs to another search.")]);
        }
        end = new PageEnd(ReadValues(bytes[HeaderLength..], sortKeys), BinaryPrimitives.ReadInt64LittleEndian(bytes[9..]));
        return null;
    }

    /// <summary>Values of a code that was authenticated: their form is this program's own.</summary>
    private static SortValue[] ReadValues(ReadOnlySpan<byte> bytes, int count)
    {
        var values = new SortValue[count];
        for (var i = 0; i < count; i++)
        {
            var kind = bytes[0];
            bytes = bytes[1..];
            if (kind == TermValue)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
                values[i] = new SortValue(false, 0, Encoding.UTF8.GetString(bytes.Slice(4, length)));
                bytes = bytes[(4 + length)..];
            }
            else if (kind == NumberValue)
            {
                values[i] = new SortValue(false, BinaryPrimitives.ReadDoubleLittleEndian(bytes), null);
                bytes = bytes[8..];
            }
            else
            {
                values[i] = new SortValue(true, 0, null);
            }
        }
        return values;
    }

    private static bool TryDecode(string cursor, Span<byte> buffer, out int length)
    {
        try
        {
            return Base64Url.TryDecodeFromChars(cursor, buffer, out length);
        }
        catch (FormatException)
        {
            length = 0;
            return false;
        }
    }

    private void Authenticate(ReadOnlySpan<byte> bytes, Span<byte> code)
    {
        var secret = _secret ?? throw new InvalidOperationException("The cursor key is not loaded.");
        if (_authenticator.Secret != secret)
        {
            _authenticator = (secret, IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret));
        }
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _authenticator.Hash.AppendData(bytes);
        _authenticator.Hash.GetHashAndReset(whole);
        whole[..CodeLength].CopyTo(code);
    }

    private static Problem Invalid() => SearchProblems.CursorInvalid.With("page.after is no cursor of this gateway: pass page.next of an answer unchanged.",
        [new FieldError("/page/after", SearchProblems.CursorInvalid.Code, "Not a cursor of this gateway.")]);
}
