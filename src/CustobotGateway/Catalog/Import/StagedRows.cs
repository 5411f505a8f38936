using System.Buffers.Binary;
using CustobotGateway.Catalog.Values;

namespace CustobotGateway.Catalog.Import;

/// <summary>Rows in PostgreSQL's binary COPY format for <c>catalog.import_rows</c>.</summary>
internal static class StagedRows
{
    /// <summary>The statement that takes them.</summary>
    public const string Copy = "copy catalog.import_rows (row_number, line, external_id, attributes, given, provenance, content_hash, stock) from stdin (format binary)";

    private const short Columns = 8;
    private const byte JsonbVersion = 1;

    /// <summary>What stands before the rows: signature, no flags, no extension.</summary>
    public static ReadOnlySpan<byte> Header => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', 0x0A, 0xFF, 0x0D, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>What stands after the rows.</summary>
    public static ReadOnlySpan<byte> Trailer => [0xFF, 0xFF];

    /// <summary>Appends one row; empty spans are null.</summary>
    public static void Append(
        Utf8Buffer output, long rowNumber, long line, ReadOnlySpan<byte> externalId, ReadOnlySpan<byte> attributes, ReadOnlySpan<byte> given, ReadOnlySpan<byte> provenance, ReadOnlySpan<byte> hash,
        ReadOnlySpan<byte> stock)
    {
        var head = output.Reserve(2 + 12 + 12);
        BinaryPrimitives.WriteInt16BigEndian(head, Columns);
        BinaryPrimitives.WriteInt32BigEndian(head[2..], 8);
        BinaryPrimitives.WriteInt64BigEndian(head[6..], rowNumber);
        BinaryPrimitives.WriteInt32BigEndian(head[14..], 8);
        BinaryPrimitives.WriteInt64BigEndian(head[18..], line);
        output.Advance(2 + 12 + 12);
        AppendField(output, externalId);
        AppendJson(output, attributes);
        AppendJson(output, given);
        AppendJson(output, provenance);
        AppendField(output, hash);
        AppendJson(output, stock);
    }

    private static void AppendField(Utf8Buffer output, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.Reserve(4), bytes.IsEmpty ? -1 : bytes.Length);
        output.Advance(4);
        output.Append(bytes);
    }

    private static void AppendJson(Utf8Buffer output, ReadOnlySpan<byte> json)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.Reserve(4), json.IsEmpty ? -1 : json.Length + 1);
        output.Advance(4);
        if (!json.IsEmpty)
        {
            output.Append(JsonbVersion);
            output.Append(json);
        }
    }
}
