using System.Text.Json;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;
using CustobotGateway.GraphQL.Validation;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>The variables of one request after coercion (CoerceVariableValues, spec §6.1.2).</summary>
internal sealed class VariableValues
{
    private const int MaxErrors = 50;
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    public static VariableValues None { get; } = new();

    public bool TryGet(string name, out object? value) => _values.TryGetValue(name, out value);

    /// <summary>Some of the variables, for what outlives the request.</summary>
    public VariableValues Only(IEnumerable<string> names)
    {
        var some = new VariableValues();
        foreach (var name in names)
        {
            if (TryGet(name, out var value))
            {
                some._values.Add(name, value);
            }
        }
        return some;
    }

    /// <summary>Reads the variables of an operation; null where there are errors.</summary>
    public static VariableValues? Read(Schema schema, OperationNode operation, JsonElement variables, int maxItems, List<GraphQLError> errors)
    {
        if (operation.Variables.IsEmpty)
        {
            return None;
        }
        var values = new VariableValues();
        var reader = new VariableReader(maxItems, errors);
        try
        {
            foreach (var definition in operation.Variables)
            {
                values.Read(schema, definition, variables, reader, errors);
            }
        }
        catch (VariableReader.LimitException limit)
        {
            errors.Add(limit.Error);
        }
        return errors.Count == 0 ? values : null;
    }

    private void Read(Schema schema, VariableDefinitionNode definition, JsonElement variables, VariableReader reader, List<GraphQLError> errors)
    {
        var name = definition.Variable.Name.Value;
        var type = schema.FindType(definition.Type)!;
        if (variables.ValueKind != JsonValueKind.Object || !variables.TryGetProperty(name, out var json))
        {
            if (definition.DefaultValue is not null)
            {
                InputCoercion.TryRead(definition.DefaultValue, type, null, out var value);
                _values[name] = value;
            }
            else if (type is NonNullType)
            {
                errors.Add(new($"Variable \"${name}\" of required type \"{type}\" was not provided.", [definition.Location], ErrorCodes.BadUserInput));
            }
        }
        else if (json.ValueKind == JsonValueKind.Null && type is NonNullType)
        {
            errors.Add(new($"Variable \"${name}\" of non-null type \"{type}\" must not be null.", [definition.Location], ErrorCodes.BadUserInput));
        }
        else
        {
            _values[name] = reader.Read(definition, json, type);
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
