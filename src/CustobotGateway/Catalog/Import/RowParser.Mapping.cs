using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CustobotGateway.Catalog.Import.Feeds;
using CustobotGateway.Catalog.Import.Mappings;
using CustobotGateway.Catalog.Values;
using CustobotGateway.Common;

namespace CustobotGateway.Catalog.Import;

/// <content>Rows of somebody's feed, by a mapping.</content>
internal sealed partial class RowParser
{
    private const int HashHexDigits = 16;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private readonly Utf8Buffer _object = new(4096);
    private readonly Utf8Buffer _value = new();
    private readonly Utf8Buffer _hashed = new(4096);
    private readonly List<JsonProperty> _members = [];
    private readonly List<(CompiledField Field, JsonElement Value)> _ruled = [];
    private FeedPart _part = null!;
    private long _line;

    private void MapFields(ReadOnlySpan<byte> record, FeedPart part)
    {
        _object.Clear();
        _object.Append((byte)'{');
        for (var i = 0; i < _fields.Count; i++)
        {
            if (_columns[i].Name.Length > 0)
            {
                if (_object.Length > 1)
                {
                    _object.Append((byte)',');
                }
                _object.AppendString(Encoding.UTF8.GetBytes(_columns[i].Name));
                _object.Append((byte)':');
                _object.AppendString(TableReader.TextOf(record, _scratch, _fields[i]));
            }
        }
        _object.Append((byte)'}');
        MapObject(_object.WrittenMemory, part);
    }

    private void MapObject(ReadOnlyMemory<byte> bytes, FeedPart part)
    {
        _part = part;
        using var document = JsonDocument.Parse(bytes, Strict);
        var row = document.RootElement;
        if (row.ValueKind != JsonValueKind.Object)
        {
            Refuse(null, "malformed_row", "The row is not one JSON object.");
            return;
        }
        var mapping = context.Mapping!;
        var category = CategoryOf(row, mapping.Definition.Category);
        if (mapping.Definition.Category is not null)
        {
            if (category is null)
            {
                Refuse(null, "missing_category", "Nothing in the row or the file's name tells its category.");
                return;
            }
            if (context.Category is { } attribute)
            {
                Emit(attribute, category, null);
            }
        }
        MapId(row, mapping.Definition.ExternalId, category);
        MapBrand(row, mapping.Brand);
        _ruled.Clear();
        var fields = mapping.FieldsOf(category);
        foreach (var member in row.EnumerateObject())
        {
            var escaped = JsonMarshal.GetRawUtf8PropertyName(member);
            if (escaped.Contains((byte)'\\') ? fields.TryGetValue(Encoding.UTF8.GetBytes(member.Name), out var field) : fields.TryGetValue(escaped, out field))
            {
                _ruled.Add((field, member.Value));
            }
            else if (!IsNothing(member.Value) && !mapping.IsUsed(member.Name))
            {
                Tally.LeaveOut(member.Name, "unmapped");
            }
        }
        // In the order of the mapping, not of the row: where two fields go to one attribute, the later rule wins.
        _ruled.Sort(static (left, right) => left.Field.Order.CompareTo(right.Field.Order));
        foreach (var (field, value) in _ruled)
        {
            foreach (var rule in field.Rules)
            {
                Apply(rule, value, field.Name);
            }
        }
        if (context.Name is { } name && !_content.Has(name))
        {
            Refuse(name, "missing_name", "The row has no name.");
        }
    }

    private string? CategoryOf(JsonElement row, MappedCategory? mapped)
    {
        if (mapped is null)
        {
            return row.TryGetProperty("category", out var own) && own.ValueKind == JsonValueKind.String ? own.GetString() : null;
        }
        var found = mapped.Column is not null && row.TryGetProperty(mapped.Column, out var column) && column.ValueKind == JsonValueKind.String ? column.GetString() : null;
        if (string.IsNullOrEmpty(found))
        {
            // What a row is made of goes before the file's name, which may be any: several files can have been joined into one.
            found = mapped.Recognise?.FirstOrDefault(entry => entry.Has.All(field => row.TryGetProperty(field, out _)))?.Category
                ?? (mapped.File ? NameOf(_part.Source) : null) ?? mapped.Constant;
        }
        return found is not null && mapped.Values?.TryGetValue(found, out var renamed) == true ? renamed : found;
    }

    private static string? NameOf(string? file) =>
        Path.GetFileNameWithoutExtension(file?.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) == true ? file[..^3] : file) is { Length: > 0 } name ? name : null;

    private void MapId(JsonElement row, MappedId? mapped, string? category)
    {
        if (mapped is not { Field: null })
        {
            if (row.TryGetProperty(mapped?.Field ?? "id", out var id) && id.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            {
                TakeExternalId(Encoding.UTF8.GetBytes(CompiledRule.TextOf(id).Trim()), isOwn: true);
            }
            return;
        }
        _members.Clear();
        foreach (var member in row.EnumerateObject())
        {
            if (mapped.HashExcept?.Contains(member.Name) != true)
            {
                _members.Add(member);
            }
        }
        _members.Sort(static (left, right) => JsonMarshal.GetRawUtf8PropertyName(left).SequenceCompareTo(JsonMarshal.GetRawUtf8PropertyName(right)));
        _hashed.Clear();
        foreach (var member in _members)
        {
            _hashed.Append(_hashed.Length == 0 ? (byte)'{' : (byte)',');
            _hashed.Append((byte)'"');
            _hashed.Append(JsonMarshal.GetRawUtf8PropertyName(member));
            _hashed.Append("\":"u8);
            AppendCompact(_hashed, member.Value);
        }
        _hashed.Append((byte)'}');
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_hashed.Written, hash);
        var prefix = mapped.Prefix?.Replace("{category}", category, StringComparison.Ordinal);
        TakeExternalId(Encoding.UTF8.GetBytes((prefix is null ? "" : prefix + "-") + Convert.ToHexStringLower(hash)[..HashHexDigits]), isOwn: true);
    }

    /// <summary>JSON without white space; text with no more escapes than it needs.</summary>
    private static void AppendCompact(Utf8Buffer output, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                output.Append((byte)'[');
                var separator = false;
                foreach (var item in value.EnumerateArray())
                {
                    if (separator)
                    {
                        output.Append((byte)',');
                    }
                    separator = true;
                    AppendCompact(output, item);
                }
                output.Append((byte)']');
                break;
            case JsonValueKind.Object:
                output.Append(JsonSerializer.SerializeToUtf8Bytes(value, Json.Options));
                break;
            case JsonValueKind.String when JsonMarshal.GetRawUtf8Value(value).Contains((byte)'\\'):
                output.AppendString(Encoding.UTF8.GetBytes(value.GetString()!));
                break;
            default:
                output.Append(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    private void MapBrand(JsonElement row, CompiledBrand? brand)
    {
        if (brand is not null && row.TryGetProperty(brand.Brand.From, out var text) && text.ValueKind == JsonValueKind.String && brand.Find(text.GetString()!) is { } found)
        {
            Emit(brand.To, found.Name, null);
            SetProvenance(brand.To.Attribute.Key, null, found.Confidence);
        }
    }

    private void Apply(CompiledRule rule, JsonElement value, string member)
    {
        if (IsNothing(value) || (rule.Rule.When is { } kind && kind != KindOf(value)))
        {
            return;
        }
        if (rule.Rule.Ignore is { } reason)
        {
            Tally.LeaveOut(member, "ignored", reason);
        }
        else if (!rule.IsKnown)
        {
            Tally.LeaveOut(member, "unknown_attribute", $"The mapping sends it to an attribute that is not registered: {rule.Rule.To ?? string.Join(", ", rule.Rule.Range!)}.");
        }
        else if (rule.Items is { } items)
        {
            ApplyItems(items, value, member);
        }
        else if (rule.Rule.Range is not null)
        {
            ApplyRange(rule, value);
        }
        else if (rule.Rule.Product && value.ValueKind == JsonValueKind.Array)
        {
            if (NumbersIn(value) is { Count: > 0 } numbers)
            {
                EmitScalar(rule, rule.To!, numbers.Aggregate(1m, (product, number) => product * number).ToString(CultureInfo.InvariantCulture));
            }
            else
            {
                Fault(rule.To!, ValueFault.WrongType);
            }
        }
        else
        {
            ApplyPlain(rule, value);
        }
    }

    private void ApplyItems(CompiledRule?[] items, JsonElement value, string member)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            if (items.FirstOrDefault(item => item?.To is not null) is { } first)
            {
                Fault(first.To!, ValueFault.WrongType);
            }
            return;
        }
        for (var i = 0; i < items.Length && i < value.GetArrayLength(); i++)
        {
            if (items[i] is { } item)
            {
                Apply(item, value[i], member);
            }
        }
        if (value.GetArrayLength() > items.Length)
        {
            Tally.LeaveOut(member, "unmapped", $"The mapping has a rule for the first {items.Length} of the values.");
        }
    }

    private void ApplyRange(CompiledRule rule, JsonElement value)
    {
        var (least, most) = (rule.Range.Least!, rule.Range.Most!);
        var numbers = value.ValueKind == JsonValueKind.Array ? NumbersIn(value)
            : value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var single) ? [single] : null;
        if (numbers is not { Count: 1 or 2 })
        {
            Fault(least, ValueFault.WrongType);
            return;
        }
        EmitScalar(rule, least, numbers.Min().ToString(CultureInfo.InvariantCulture));
        EmitScalar(rule, most, numbers.Max().ToString(CultureInfo.InvariantCulture));
    }

    private void ApplyPlain(CompiledRule rule, JsonElement value)
    {
        var to = rule.To!;
        if (to.Type == AttributeType.Geo && value.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
        {
            EmitJson(to, Encoding.UTF8.GetBytes(value.GetRawText()));
            Own(rule, to);
            return;
        }
        if (rule.IsPlain && value.ValueKind != JsonValueKind.Array && to.Type != AttributeType.KeywordSet)
        {
            _value.Clear();
            AppendText(value);
            EmitValue(rule, to);
            Own(rule, to);
            return;
        }
        IEnumerable<string> texts = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Where(item => !IsNothing(item)).Select(CompiledRule.TextOf)
            : rule.Rule.Split is { } separator && value.ValueKind == JsonValueKind.String
                ? value.GetString()!.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)
                : [CompiledRule.TextOf(value)];
        var several = texts.Select(text => Change(rule, text)).ToList();
        if (rule.Rule.Take is not null && several.Count > 1)
        {
            several = several[..1];
        }
        if (several.Count == 0)
        {
            return;
        }
        if (to.Type == AttributeType.KeywordSet)
        {
            EmitJson(to, JsonSerializer.SerializeToUtf8Bytes(several, Json.Options));
            Own(rule, to);
        }
        else if (several.Count > 1)
        {
            Fault(to, ValueFault.WrongType);
        }
        else
        {
            EmitScalar(rule, to, several[0]);
        }
    }

    private static string Change(CompiledRule rule, string text)
    {
        text = rule.Values?.GetValueOrDefault(text) ?? text;
        return rule.Constant ?? rule.Rule.Template?.Replace("{value}", text, StringComparison.Ordinal) ?? text;
    }

    private void EmitScalar(CompiledRule rule, ValueFormat to, string text)
    {
        Emit(to, text, rule);
        Own(rule, to);
    }

    private void Own(CompiledRule rule, ValueFormat to)
    {
        if (rule.Rule.Confidence is not null || rule.Rule.Source is not null)
        {
            SetProvenance(to.Attribute.Key, rule.Rule.Source, rule.Rule.Confidence);
        }
    }

    private void Emit(ValueFormat to, string text, CompiledRule? rule)
    {
        _value.Clear();
        Utf8Append(text);
        EmitValue(rule, to);
    }

    /// <summary>The text of a single value, without a string in between where it has no escapes.</summary>
    private void AppendText(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (value.ValueKind != JsonValueKind.String)
        {
            _value.Append(raw);
        }
        else if (raw.Contains((byte)'\\'))
        {
            Utf8Append(value.GetString()!);
        }
        else
        {
            _value.Append(raw[1..^1]);
        }
    }

    /// <summary>What stands in <see cref="_value"/>, with the rule's unit.</summary>
    private void EmitValue(CompiledRule? rule, ValueFormat to)
    {
        if (rule is { Rule.Unit: not null } or { Rule.Currency: not null } && CanonicalNumber.IsNumber(_value.Written.Trim(" "u8)))
        {
            if (to.Type is AttributeType.Integer or AttributeType.Decimal)
            {
                ConvertNumber(to, rule);
            }
            else
            {
                _value.Append((byte)' ');
                Utf8Append(to.Type == AttributeType.Money ? rule.Rule.Currency ?? "" : rule.Rule.Unit ?? "");
            }
        }
        var fault = _content.AddText(to, _value.Written);
        if (fault is not (ValueFault.None or ValueFault.Missing))
        {
            Fault(to, fault);
        }
    }

    /// <summary>Plain numbers carry no unit with them: where their attribute has one, the feed's is converted here.</summary>
    private void ConvertNumber(ValueFormat to, CompiledRule rule)
    {
        if (to.Attribute.Unit is { } unit && rule.Unit is { } from && Utf8Parser.TryParse(_value.Written.Trim(" "u8), out decimal number, out _) && Units.TryConvert(number, from, unit, out var converted))
        {
            _value.Clear();
            CanonicalNumber.Write(converted, whole: false, _value);
        }
    }

    private void EmitJson(ValueFormat to, ReadOnlySpan<byte> value)
    {
        var json = new Utf8JsonReader(value);
        json.Read();
        if (_content.Add(to, ref json) is var fault and not (ValueFault.None or ValueFault.Missing))
        {
            Fault(to, fault);
        }
    }

    private void Fault(ValueFormat to, ValueFault fault) =>
        Tally.Fault(_part.Source, _line, to.Attribute.Key, fault.Code(), fault.Describe(to.Attribute.Definition));

    private void Utf8Append(string text)
    {
        var room = _value.Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        _value.Advance(Encoding.UTF8.GetBytes(text, room));
    }

    private static List<decimal>? NumbersIn(JsonElement array)
    {
        var numbers = new List<decimal>();
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetDecimal(out var number))
            {
                return null;
            }
            numbers.Add(number);
        }
        return numbers;
    }

    private static bool IsNothing(JsonElement value) =>
        value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined || (value.ValueKind == JsonValueKind.String && value.ValueEquals(""u8));

    private static MappedKind? KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => MappedKind.String,
        JsonValueKind.Number => MappedKind.Number,
        JsonValueKind.True or JsonValueKind.False => MappedKind.Boolean,
        JsonValueKind.Array => MappedKind.Array,
        _ => null,
    };
}
