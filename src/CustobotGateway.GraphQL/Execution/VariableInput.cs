using System.Globalization;
using System.Text.Json;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>
/// Reads variables straight from UTF-8 in one pass, names and enum values by their bytes. It tells no errors: where anything is not as
/// it should be it gives up, and the variables are read again as a tree of JSON, with the place and the text of each error.
/// </summary>
internal ref struct VariableInput
{
    private const int MaxDepth = 64;

    [ThreadStatic]
    private static Stack? _stackOfThread;

    private readonly Stack _stack;
    private Utf8JsonReader _json;
    private int _left;

    private VariableInput(ReadOnlySpan<byte> json, int maxItems)
    {
        _stack = _stackOfThread ?? new Stack();
        // A custom scalar's reader could read variables in turn.
        _stackOfThread = null;
        _json = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        _left = maxItems;
    }

    /// <summary>Reads the values of the declared variables that are given; those of the others stay as they are.</summary>
    public static bool TryRead(OperationVariables variables, ReadOnlySpan<byte> json, int maxItems, object?[] values)
    {
        var input = new VariableInput(json, maxItems);
        try
        {
            return input.TryReadMembers(variables, values);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
        finally
        {
            input._stack.Clear();
            _stackOfThread = input._stack;
        }
    }

    private bool TryReadMembers(OperationVariables variables, object?[] values)
    {
        if (!_json.Read() || _json.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.ValueIsEscaped)
            {
                return false;
            }
            var index = variables.IndexOf(_json.ValueSpan);
            _json.Read();
            if (index < 0)
            {
                _json.Skip();
            }
            else if (!TryRead(variables[index].Type, out values[index]))
            {
                return false;
            }
        }
        return true;
    }

    private bool TryRead(SchemaType type, out object? value)
    {
        value = null;
        if (--_left < 0)
        {
            return false;
        }
        if (_json.TokenType == JsonTokenType.Null)
        {
            return type is not NonNullType;
        }
        return type.Nullable switch
        {
            ListType list => TryReadList(list.Item, out value),
            InputObjectType input => TryReadObject(input, out value),
            EnumType enumeration => TryReadEnum(enumeration, out value),
            ScalarType { ScalarKind: ScalarKind.Custom } custom => TryReadCustom(custom, out value),
            ScalarType scalar => TryReadScalar(scalar.ScalarKind, out value),
            _ => false,
        };
    }

    private bool TryReadList(SchemaType item, out object? value)
    {
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            var single = TryRead(item, out var only);
            value = new object?[] { only };
            return single;
        }
        var (items, start) = (_stack.Items, _stack.Items.Count);
        value = null;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (!TryRead(item, out var read))
            {
                return false;
            }
            items.Add(read);
        }
        var values = new object?[items.Count - start];
        items.CopyTo(start, values, 0, values.Length);
        items.RemoveRange(start, values.Length);
        value = values;
        return true;
    }

    private bool TryReadObject(InputObjectType type, out object? value)
    {
        value = null;
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }
        var (fields, start) = (_stack.Fields, _stack.Fields.Count);
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.ValueIsEscaped || type.Fields.Find(_json.ValueSpan) is not { } field)
            {
                return false;
            }
            _json.Read();
            // A member that is given twice is rare enough for the other reader.
            if (!TryRead(field.Type, out var read) || IsGiven(field, start))
            {
                return false;
            }
            fields.Add((field, read));
        }
        foreach (var expected in type.Expected)
        {
            if (IsGiven(expected, start))
            {
                continue;
            }
            if (expected.IsRequired)
            {
                return false;
            }
            fields.Add((expected, expected.DefaultValue));
        }
        if (type.IsOneOf && (fields.Count - start != 1 || fields[start].Value is null))
        {
            return false;
        }
        var members = new (InputValue Field, object? Value)[fields.Count - start];
        fields.CopyTo(start, members, 0, members.Length);
        fields.RemoveRange(start, members.Length);
        value = new InputObject(type, members);
        return true;
    }

    private readonly bool IsGiven(InputValue field, int start)
    {
        for (var i = start; i < _stack.Fields.Count; i++)
        {
            if (_stack.Fields[i].Field == field)
            {
                return true;
            }
        }
        return false;
    }

    private readonly bool TryReadEnum(EnumType type, out object? value)
    {
        value = _json.TokenType == JsonTokenType.String && !_json.ValueIsEscaped ? type.Values.Find(_json.ValueSpan)?.Name : null;
        return value is not null;
    }

    private readonly bool TryReadScalar(ScalarKind kind, out object? value)
    {
        value = (kind, _json.TokenType) switch
        {
            (ScalarKind.Int, JsonTokenType.Number) when _json.TryGetInt32(out var whole) => Boxes.Of(whole),
            (ScalarKind.Float, JsonTokenType.Number) when _json.TryGetDouble(out var number) && double.IsFinite(number) => number,
            (ScalarKind.String or ScalarKind.Id, JsonTokenType.String) => _json.GetString(),
            (ScalarKind.Id, JsonTokenType.Number) when _json.TryGetInt64(out var whole) => whole.ToString(CultureInfo.InvariantCulture),
            (ScalarKind.Boolean, JsonTokenType.True) => Boxes.True,
            (ScalarKind.Boolean, JsonTokenType.False) => Boxes.False,
            _ => null,
        };
        return value is not null;
    }

    private readonly bool TryReadCustom(ScalarType type, out object? value)
    {
        object? untyped = _json.TokenType switch
        {
            JsonTokenType.Number => _json.TryGetInt64(out var whole) ? (object)whole : _json.GetDouble(),
            JsonTokenType.String => _json.GetString(),
            JsonTokenType.True => Boxes.True,
            JsonTokenType.False => Boxes.False,
            _ => null,
        };
        value = untyped is null || type.Read is null ? untyped : type.Read(untyped);
        return untyped is not null;
    }

    /// <summary>What lists and objects are gathered in until their size is known.</summary>
    private sealed class Stack
    {
        public List<object?> Items { get; } = [];

        public List<(InputValue Field, object? Value)> Fields { get; } = [];

        public void Clear()
        {
            Items.Clear();
            Fields.Clear();
        }
    }

    /// <summary>Values that come so often that they are kept as objects.</summary>
    private static class Boxes
    {
        private const int Kept = 256;

        public static readonly object True = true;
        public static readonly object False = false;

        private static readonly object[] Numbers = [.. Enumerable.Range(0, Kept).Select(number => (object)number)];

        public static object Of(int number) => (uint)number < Kept ? Numbers[number] : number;
    }
}
