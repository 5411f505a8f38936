using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using CustobotGateway.Catalog.Import.Feeds;
using CustobotGateway.Catalog.Products;
using CustobotGateway.Catalog.Values;

namespace CustobotGateway.Catalog.Import;

/// <summary>Turns the rows of a chunk into rows of the staging table, and counts. One thread at a time; used over and over.</summary>
internal sealed partial class RowParser(ImportContext context)
{
    private const int MaxDepth = 32;

    private readonly ProductContent _content = new(context.Formats);
    private readonly Utf8Buffer _attributes = new(4096);
    private readonly Utf8Buffer _given = new();
    private readonly Utf8Buffer _externalId = new();
    private readonly Utf8Buffer _scratch = new();
    private readonly List<(int Start, int Length)> _fields = [];
    private readonly byte[] _hash = new byte[ProductContent.HashBytes];
    private IReadOnlyList<string>? _header;
    private Column[] _columns = [];
    private (string? Attribute, string Code, string Detail)? _refusal;

    /// <summary>What became of the rows.</summary>
    public ImportTally Tally { get; } = new(context.Registry, context.Options.MaxListedRefusals);

    /// <summary>The rows for the staging table.</summary>
    public Utf8Buffer Output { get; } = new(RecordReader.ChunkBytes * 2);

    /// <summary>Parses all rows of the chunk.</summary>
    public void Parse(FeedChunk chunk)
    {
        Output.Clear();
        for (var i = 0; i < chunk.Rows.Count; i++)
        {
            var row = chunk.Rows[i];
            var bytes = chunk.Bytes.AsMemory(row.Start, row.Length);
            _line = row.Line;
            _refusal = null;
            _content.Clear();
            _externalId.Clear();
            _provenance.Clear();
            _digest.Clear();
            _own.Clear();
            _stock.Clear();
            if (row.Fault is { } fault)
            {
                Refuse(null, fault, fault == "row_too_long" ? $"A row has at most {context.Options.MaxRowBytes} bytes." : "The line is not a record; a quote may be left open.");
            }
            else if (!Utf8.IsValid(bytes.Span))
            {
                Refuse(null, "invalid_utf8", "The row is not valid UTF-8.");
            }
            else
            {
                ParseRow(chunk, bytes);
            }
            Stage(chunk, row, chunk.FirstRow + i);
        }
    }

    private void ParseRow(FeedChunk chunk, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (chunk.Header is { } header)
            {
                ParseFields(header, chunk.Part.Format == FeedFormat.Tsv ? (byte)'\t' : (byte)',', bytes.Span, chunk.Part);
            }
            else if (context.Mapping is null)
            {
                ParseObject(bytes.Span, cells: chunk.Part.Format == FeedFormat.Xml);
            }
            else
            {
                MapObject(bytes, chunk.Part);
            }
        }
        catch (JsonException exception)
        {
            Refuse(null, "malformed_row", $"The row is not one JSON object: byte {exception.BytePositionInLine + 1} cannot stand there.");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, escaped: JSON allows it, no text does.
            Refuse(null, ValueFault.BadText.Code(), "Text may not hold half surrogate pairs.");
        }
    }

    /// <summary>Members named like attributes; <c>id</c> becomes the external id.</summary>
    private void ParseObject(ReadOnlySpan<byte> bytes, bool cells)
    {
        var json = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            Refuse(null, "malformed_row", "The row is not one JSON object.");
            return;
        }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.ValueIsEscaped ? Unescape(ref json) : json.ValueSpan;
            if (context.Formats.Find(key) is { } format)
            {
                json.Read();
                if (_content.Has(format))
                {
                    Refuse(format, "duplicate_member", "The member stands more than once in the row.");
                    json.Skip();
                    continue;
                }
                var fault = cells && json.TokenType == JsonTokenType.String ? _content.AddText(format, Unescape(ref json)) : _content.Add(format, ref json);
                Check(format, fault);
            }
            else if (key.SequenceEqual("id"u8) || key.SequenceEqual("external_id"u8))
            {
                var isOwn = key.Length > 2;
                json.Read();
                TakeExternalId(ref json, isOwn);
            }
            else if (key.SequenceEqual("provenance"u8))
            {
                json.Read();
                TakeProvenance(ref json);
            }
            else if (key.SequenceEqual("stock"u8))
            {
                json.Read();
                TakeStock(ref json);
            }
            else
            {
                Tally.LeaveOut(Encoding.UTF8.GetString(key.Length > 128 ? key[..128] : key), "unknown_attribute");
                json.Read();
                json.Skip();
            }
        }
        if (json.Read())
        {
            Refuse(null, "malformed_row", "More follows the JSON object on the line.");
        }
    }

    private void ParseFields(IReadOnlyList<string> header, byte separator, ReadOnlySpan<byte> record, FeedPart part)
    {
        TableReader.Split(record, separator, _scratch, _fields);
        if (_fields.Count > header.Count)
        {
            Refuse(null, "malformed_row", $"The row has {_fields.Count} fields, the header {header.Count}.");
            return;
        }
        if (!ReferenceEquals(header, _header))
        {
            (_header, _columns) = (header, [.. header.Select(name => new Column(name, context.Formats.Find(Encoding.UTF8.GetBytes(name))))]);
        }
        if (context.Mapping is not null)
        {
            MapFields(record, part);
            return;
        }
        for (var i = 0; i < _fields.Count; i++)
        {
            var (name, format) = _columns[i];
            var text = TableReader.TextOf(record, _scratch, _fields[i]);
            if (format is not null)
            {
                Check(format, _content.AddText(format, text));
            }
            else if (name is "id" or "external_id")
            {
                TakeExternalId(text.Trim(" \t"u8), isOwn: name != "id");
            }
            else if (name == "stock")
            {
                TakeStock(text);
            }
            else if (!text.IsEmpty)
            {
                Tally.LeaveOut(name, "unknown_attribute");
            }
        }
    }

    private void TakeExternalId(ref Utf8JsonReader json, bool isOwn)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                TakeExternalId(json.ValueIsEscaped ? Unescape(ref json) : json.ValueSpan, isOwn);
                break;
            case JsonTokenType.Number:
                TakeExternalId(json.ValueSpan, isOwn);
                break;
            case JsonTokenType.Null:
                break;
            default:
                Refuse(null, "wrong_type", "id is a string or a whole number.");
                json.Skip();
                break;
        }
    }

    /// <summary><c>external_id</c> goes before <c>id</c>, which is ours where a product was read from here.</summary>
    private void TakeExternalId(ReadOnlySpan<byte> text, bool isOwn)
    {
        if (text.IsEmpty || (_externalId.Length > 0 && !isOwn))
        {
            return;
        }
        if (text.Length > ValueLimits.ExternalIdBytes || text.Contains((byte)0))
        {
            Refuse(null, text.Length > ValueLimits.ExternalIdBytes ? "too_long" : "bad_text", $"An id has 1 to {ValueLimits.ExternalIdBytes} bytes and no NUL.");
            return;
        }
        _externalId.Clear();
        _externalId.Append(text);
    }

    private void Check(ValueFormat format, ValueFault fault)
    {
        if (fault is not (ValueFault.None or ValueFault.Missing))
        {
            Refuse(format, fault.Code(), fault.Describe(format.Attribute.Definition));
        }
    }

    private void Refuse(ValueFormat? format, string code, string detail) => _refusal ??= (format?.Attribute.Key, code, detail);

    private void Stage(FeedChunk chunk, FeedRow row, long number)
    {
        if (_refusal is null && _externalId.Length == 0)
        {
            Refuse(null, "missing_id", "The row has no id.");
        }
        if (_refusal is { } refusal)
        {
            Tally.Refuse(chunk.Part.Source, row.Line, refusal.Attribute, refusal.Code, refusal.Detail);
            if (_externalId.Length > 0)
            {
                StagedRows.Append(Output, number, row.Line, _externalId.Written, default, default, default, default, default);
            }
            return;
        }
        _attributes.Clear();
        _given.Clear();
        _content.WriteAttributes(_attributes);
        _content.WriteGiven(_given);
        var provenance = CompleteProvenance();
        _content.Hash(_attributes.Written, _given.Written, provenance.IsEmpty ? context.DefaultDigest : _digest.Written, _hash);
        StagedRows.Append(Output, number, row.Line, _externalId.Written, _attributes.Written, _given.Written, provenance, _hash, _stock.Written);
        Tally.HasStock |= _stock.Length > 0;
        Tally.Accept(_content, context.Category is { } category ? _content.Value(category) : default);
    }

    private ReadOnlySpan<byte> Unescape(ref Utf8JsonReader json)
    {
        _scratch.Clear();
        try
        {
            _scratch.Advance(json.CopyString(_scratch.Reserve(json.ValueSpan.Length)));
        }
        catch (InvalidOperationException)
        {
            Refuse(null, ValueFault.BadText.Code(), "Text may not hold half surrogate pairs.");
        }
        return _scratch.Written;
    }

    private readonly record struct Column(string Name, ValueFormat? Format);
}
