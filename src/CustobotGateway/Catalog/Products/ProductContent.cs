using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using CustobotGateway.Catalog.Values;
using CustobotGateway.Common;

namespace CustobotGateway.Catalog.Products;

/// <summary>
/// Collects the values of one product after the other and writes them as they are stored, in the order of the registry, so that equal
/// contents have equal bytes whatever the order they came in. Used over and over by one thread: it allocates nothing per product.
/// </summary>
public sealed class ProductContent(ValueFormats formats)
{
    /// <summary>Bytes of the content's hash.</summary>
    public const int HashBytes = 16;

    private readonly ValueReader _reader = new();
    private readonly Utf8Buffer _values = new(4096);
    private readonly Utf8Buffer _given = new();
    private readonly Slot[] _slots = new Slot[formats.Registry.Attributes.Count];
    private readonly List<int> _filled = [];
    private readonly Utf8Buffer _hashed = new(4096);
    private int _stamp;

    /// <summary>The attributes that can be filled.</summary>
    public ValueFormats Formats { get; } = formats;

    /// <summary>The ordinals of the attributes that have a value, in the order of the registry once one of the Write methods was called.</summary>
    public IReadOnlyList<int> Filled => _filled;

    /// <summary>The same as a list, to go through without an enumerator.</summary>
    internal List<int> FilledList => _filled;

    /// <summary>Starts the next product.</summary>
    public void Clear()
    {
        _values.Clear();
        _given.Clear();
        _filled.Clear();
        _stamp++;
    }

    /// <summary>Whether the attribute has a value.</summary>
    public bool Has(ValueFormat format) => _slots[format.Attribute.Ordinal].Stamp == _stamp;

    /// <summary>The value of an attribute as it will be stored; empty when it has none.</summary>
    public ReadOnlySpan<byte> Value(ValueFormat format) =>
        _slots[format.Attribute.Ordinal] is var slot && slot.Stamp == _stamp ? _values.Written.Slice(slot.Value, slot.ValueLength) : default;

    /// <summary>Takes the JSON value that the reader stands on; an earlier value of the attribute is replaced, a null takes none.</summary>
    public ValueFault Add(ValueFormat format, ref Utf8JsonReader json)
    {
        var (value, given) = (_values.Length, _given.Length);
        return Keep(format, _reader.Read(ref json, format, _values, _given), value, given);
    }

    /// <summary>Takes the text of a cell; an earlier value of the attribute is replaced, an empty cell takes none.</summary>
    public ValueFault AddText(ValueFormat format, ReadOnlySpan<byte> cell)
    {
        var (value, given) = (_values.Length, _given.Length);
        return Keep(format, _reader.ReadText(cell, format, _values, _given), value, given);
    }

    /// <summary>Takes a value that was stored, with the form in which it had been given, or null.</summary>
    public void AddStored(ValueFormat format, JsonElement stored, JsonElement? given)
    {
        var json = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(stored));
        json.Read();
        var (value, start) = (_values.Length, _given.Length);
        if (_reader.Read(ref json, format, _values, _given) != ValueFault.None)
        {
            // The attribute's limits are narrower than when this was stored: it stays until it is written anew.
            _values.Append(JsonMarshal.GetRawUtf8Value(stored));
        }
        _given.Truncate(start);
        if (given is { } form)
        {
            WriteGiven(form);
        }
        Keep(format, ValueFault.None, value, start);
    }

    /// <summary>Writes the values as one JSON object.</summary>
    public void WriteAttributes(Utf8Buffer output)
    {
        _filled.Sort();
        output.Append((byte)'{');
        var separator = false;
        foreach (var ordinal in _filled)
        {
            ref readonly var slot = ref _slots[ordinal];
            WriteMember(output, ordinal, _values.Written.Slice(slot.Value, slot.ValueLength), ref separator);
        }
        output.Append((byte)'}');
    }

    /// <summary>Writes the forms as given as one JSON object; nothing when there is none.</summary>
    public void WriteGiven(Utf8Buffer output)
    {
        if (_given.Length == 0)
        {
            return;
        }
        var start = output.Length;
        output.Append((byte)'{');
        var separator = false;
        foreach (var ordinal in _filled)
        {
            ref readonly var slot = ref _slots[ordinal];
            if (slot.GivenLength > 0)
            {
                WriteMember(output, ordinal, _given.Written.Slice(slot.Given, slot.GivenLength), ref separator);
            }
        }
        output.Append((byte)'}');
        if (!separator)
        {
            output.Truncate(start);
        }
    }

    /// <summary>The hash of the content that was written.</summary>
    /// <param name="attributes">What <see cref="WriteAttributes"/> wrote.</param>
    /// <param name="given">What <see cref="WriteGiven(Utf8Buffer)"/> wrote.</param>
    /// <param name="provenance">What tells apart the provenance of two contents: everything but times.</param>
    /// <param name="hash">Gets <see cref="HashBytes"/> bytes.</param>
    public void Hash(ReadOnlySpan<byte> attributes, ReadOnlySpan<byte> given, ReadOnlySpan<byte> provenance, Span<byte> hash)
    {
        _hashed.Clear();
        _hashed.Append(attributes);
        _hashed.Append((byte)0);
        _hashed.Append(given);
        _hashed.Append((byte)0);
        _hashed.Append(provenance);
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_hashed.Written, whole);
        // Half of it: 2^64 products stand between a merchant and the first chance collision.
        whole[..HashBytes].CopyTo(hash);
    }

    private ValueFault Keep(ValueFormat format, ValueFault fault, int value, int given)
    {
        if (fault == ValueFault.None)
        {
            ref var slot = ref _slots[format.Attribute.Ordinal];
            if (slot.Stamp != _stamp)
            {
                _filled.Add(format.Attribute.Ordinal);
            }
            slot = new Slot(_stamp, value, _values.Length - value, given, _given.Length - given);
        }
        return fault;
    }

    private void WriteMember(Utf8Buffer output, int ordinal, ReadOnlySpan<byte> value, ref bool separator)
    {
        if (separator)
        {
            output.Append((byte)',');
        }
        separator = true;
        output.Append(Formats[ordinal].Member.Span);
        output.Append(value);
    }

    /// <summary>PostgreSQL gives the members of an object back in an order of its own.</summary>
    private void WriteGiven(JsonElement form)
    {
        if (form.ValueKind != JsonValueKind.Object)
        {
            _given.Append(JsonSerializer.SerializeToUtf8Bytes(form, Json.Options));
            return;
        }
        _given.Append("{\"value\":"u8);
        _given.Append(JsonMarshal.GetRawUtf8Value(form.GetProperty("value"u8)));
        _given.Append(",\"unit\":"u8);
        _given.Append(JsonMarshal.GetRawUtf8Value(form.GetProperty("unit"u8)));
        _given.Append((byte)'}');
    }

    private readonly record struct Slot(int Stamp, int Value, int ValueLength, int Given, int GivenLength);
}
