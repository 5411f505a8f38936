using System.Text.Json;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;
using CustobotGateway.GraphQL.Validation;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>The variables of one request after coercion (CoerceVariableValues, spec §6.1.2).</summary>
internal sealed class VariableValues
{
    private const int MaxErrors = 50;
    private const int MaxDepth = 64;

    private readonly OperationVariables _variables;
    private readonly object?[] _values;

    private VariableValues(OperationVariables variables)
    {
        (_variables, _values) = (variables, variables.Count == 0 ? [] : new object?[variables.Count]);
        Array.Fill(_values, Arguments.Absent);
    }

    public bool TryGet(string name, out object? value)
    {
        var index = _variables.IndexOf(name);
        value = index < 0 ? Arguments.Absent : _values[index];
        if (value != Arguments.Absent)
        {
            return true;
        }
        value = null;
        return false;
    }

    /// <summary>Some of the variables, for what outlives the request.</summary>
    public VariableValues Only(IEnumerable<string> names)
    {
        var some = new VariableValues(_variables);
        foreach (var index in names.Select(_variables.IndexOf))
        {
            some._values[index] = _values[index];
        }
        return some;
    }

    /// <summary>Reads the variables of an operation from a JSON object, or from nothing; null where there are errors.</summary>
    public static VariableValues? Read(OperationVariables variables, ReadOnlyMemory<byte> json, int maxItems, List<GraphQLError> errors)
    {
        var values = new VariableValues(variables);
        if (variables.Count == 0)
        {
            return values;
        }
        if (!json.IsEmpty && !VariableInput.TryRead(variables, json.Span, maxItems, values._values))
        {
            Array.Fill(values._values, Arguments.Absent);
            values.ReadTree(json, maxItems, errors);
        }
        else
        {
            values.AddDefaults(errors);
        }
        return errors.Count == 0 ? values : null;
    }

    private void AddDefaults(List<GraphQLError> errors)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            if (_values[i] == Arguments.Absent)
            {
                AddDefault(i, errors);
            }
        }
    }

    private void AddDefault(int index, List<GraphQLError> errors)
    {
        var (definition, type) = _variables[index];
        if (definition.DefaultValue is not null)
        {
            InputCoercion.TryRead(definition.DefaultValue, type, null, out _values[index]);
        }
        else if (type is NonNullType)
        {
            errors.Add(new($"Variable \"${_variables.Name(index)}\" of required type \"{type}\" was not provided.", [definition.Location], ErrorCodes.BadUserInput));
        }
    }

    private void ReadTree(ReadOnlyMemory<byte> json, int maxItems, List<GraphQLError> errors)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                errors.Add(new("Variables are a JSON object.", [_variables[0].Node.Location], ErrorCodes.BadUserInput));
                return;
            }
            var reader = new VariableReader(maxItems, errors);
            for (var i = 0; i < _variables.Count; i++)
            {
                Read(i, document.RootElement, reader, errors);
            }
        }
        catch (VariableReader.LimitException limit)
        {
            errors.Add(limit.Error);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            errors.Add(new("Variables are a JSON object; its text is valid UTF-8, without halves of surrogate pairs.", [_variables[0].Node.Location], ErrorCodes.BadUserInput));
        }
    }

    private void Read(int index, JsonElement variables, VariableReader reader, List<GraphQLError> errors)
    {
        var (definition, type) = _variables[index];
        if (!variables.TryGetProperty(_variables.Name(index), out var json))
        {
            // Told in the order of the declarations, as every error.
            AddDefault(index, errors);
        }
        else if (json.ValueKind == JsonValueKind.Null && type is NonNullType)
        {
            errors.Add(new($"Variable \"${_variables.Name(index)}\" of non-null type \"{type}\" must not be null.", [definition.Location], ErrorCodes.BadUserInput));
        }
        else
        {
            _values[index] = reader.Read(definition, json, type);
        }
    }

    /// <summary>Reads JSON by a type, counting values and gathering errors with the path of each.</summary>
    private sealed class VariableReader(int maxItems, List<GraphQLError> errors)
    {
        private readonly List<object> _path = [];
        private VariableDefinitionNode _definition = null!;
        private int _items;

        public object? Read(VariableDefinitionNode definition, JsonElement json, SchemaType type)
        {
            _definition = definition;
            return Read(json, type);
        }

        private object? Read(JsonElement json, SchemaType type)
        {
            if (++_items > maxItems)
            {
                throw new LimitException(new(
                    $"Variables hold more than {maxItems} values.", [_definition.Location], ErrorCodes.VariablesLimitExceeded));
            }
            if (json.ValueKind == JsonValueKind.Null)
            {
                return type is NonNullType ? Fail(json, $"Expected non-nullable type \"{type}\" not to be null.") : null;
            }
            switch (type.Nullable)
            {
                case ListType list:
                    return ReadList(json, list.Item);
                case InputObjectType input:
                    return json.ValueKind == JsonValueKind.Object ? ReadObject(json, input) : Fail(json, $"Expected type \"{input}\" to be an object.");
                case NamedType leaf:
                    return LeafInput.TryRead(leaf, json, out var value, out var error) ? value : Fail(json, Leaf(leaf, error));
                default:
                    return null;
            }
        }

        private static string Leaf(NamedType leaf, string? error) => leaf is ScalarType { ScalarKind: ScalarKind.Custom }
            ? $"Expected type \"{leaf}\". {error}"
            : error!;

        private object?[] ReadList(JsonElement json, SchemaType item)
        {
            if (json.ValueKind != JsonValueKind.Array)
            {
                return [Read(json, item)];
            }
            var values = new object?[Math.Min(json.GetArrayLength(), maxItems)];
            var at = 0;
            foreach (var element in json.EnumerateArray())
            {
                _path.Add(at);
                var value = Read(element, item);
                values[at++] = value;
                _path.RemoveAt(_path.Count - 1);
            }
            return values;
        }

        private InputObject ReadObject(JsonElement json, InputObjectType type)
        {
            var fields = new List<(InputValue Field, object? Value)>();
            foreach (var member in json.EnumerateObject())
            {
                if (type.Fields.Find(member.Name) is not { } field)
                {
                    Fail(json, $"Field \"{member.Name}\" is not defined by type \"{type}\"." + Suggestions.DidYouMean("", member.Name, type.Fields));
                    continue;
                }
                _path.Add(member.Name);
                var value = Read(member.Value, field.Type);
                _path.RemoveAt(_path.Count - 1);
                fields.RemoveAll(other => other.Field == field);
                fields.Add((field, value));
            }
            if (!InputCoercion.AddDefaults(type, fields, out var missing))
            {
                Fail(json, $"Field \"{missing!.Name}\" of required type \"{missing.Type}\" was not provided.");
            }
            else if (type.IsOneOf && fields.Count != 1)
            {
                Fail(json, $"Exactly one key must be specified for OneOf type \"{type}\".");
            }
            else if (type.IsOneOf && fields[0].Value is null)
            {
                _path.Add(fields[0].Field.Name);
                Fail(default, $"Field \"{fields[0].Field.Name}\" must be non-null.");
                _path.RemoveAt(_path.Count - 1);
            }
            return new InputObject(type, [.. fields]);
        }

        private object? Fail(JsonElement json, string reason)
        {
            if (errors.Count >= MaxErrors)
            {
                throw new LimitException(new(
                    "Too many errors processing variables, error limit reached. Execution aborted.", [], ErrorCodes.BadUserInput));
            }
            var name = _definition.Variable.Name.Value;
            var at = string.Concat(_path.Select(step => step is int index ? $"[{index}]" : $".{step}"));
            var shown = json.ValueKind == JsonValueKind.Undefined ? "null" : JsonInspection.Print(json);
            errors.Add(new(
                $"Variable \"${name}\" got invalid value {shown}{(at.Length == 0 ? "" : $" at \"{name}{at}\"")}; {reason}",
                [_definition.Location], ErrorCodes.BadUserInput));
            return null;
        }

        public sealed class LimitException(GraphQLError error) : Exception(error.Message)
        {
            public GraphQLError Error { get; } = error;
        }
    }
}
