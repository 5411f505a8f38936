using System.Collections.Immutable;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>Turns values written in a document into what resolvers read (spec §3.5.1 to §3.12, input coercion; §6.4.1).</summary>
internal static class InputCoercion
{
    /// <summary>False where the value does not fit the type, or is a variable without a value.</summary>
    public static bool TryRead(ValueNode node, SchemaType type, VariableValues? variables, out object? value)
    {
        value = null;
        if (node is VariableNode variable)
        {
            // The value was coerced to the variable's type, which validation has found to fit here.
            return variables is not null && variables.TryGet(variable.Name.Value, out value) && (value is not null || type is not NonNullType);
        }
        if (node is NullValueNode)
        {
            return type is not NonNullType;
        }
        return type.Nullable switch
        {
            ListType list => TryReadList(node, list.Item, variables, out value),
            InputObjectType input => node is ObjectValueNode fields && TryReadObject(fields, input, variables, out value),
            NamedType leaf => LeafInput.TryRead(leaf, node, variables, out value, out _),
            _ => false,
        };
    }

    /// <summary>Coerces the arguments of a field or directive; throws what the field answers when one is missing (CoerceArgumentValues).</summary>
    public static Arguments Arguments(
        DefinitionList<InputValue> definitions, ImmutableArray<ArgumentNode> nodes, SyntaxNode owner, VariableValues? variables)
    {
        if (definitions.Count == 0)
        {
            return Execution.Arguments.None;
        }
        var values = new object?[definitions.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Argument(definitions[i], nodes, owner, variables);
        }
        return new Arguments(definitions, values);
    }

    private static object? Argument(InputValue definition, ImmutableArray<ArgumentNode> nodes, SyntaxNode owner, VariableValues? variables)
    {
        ValueNode? node = null;
        foreach (var argument in nodes)
        {
            node = argument.Name == definition.Name ? argument.Value : node;
        }
        var unset = node as VariableNode;
        if (unset is not null && variables is not null && variables.TryGet(unset.Name.Value, out var given))
        {
            return given is null && definition.Type is NonNullType
                ? throw Failure($"Argument \"{definition.Name}\" of non-null type \"{definition.Type}\" must not be null.", unset)
                : given;
        }
        if (node is null || unset is not null)
        {
            if (definition.DefaultLiteral is not null)
            {
                return definition.DefaultValue;
            }
            return definition.Type is not NonNullType
                ? Execution.Arguments.Absent
                : throw Failure(
                    $"Argument \"{definition.Name}\" of required type \"{definition.Type}\" was " + (unset is null
                        ? "not provided."
                        : $"provided the variable \"${unset.Name.Value}\" which was not provided a runtime value."), unset ?? owner);
        }
        if (node is NullValueNode && definition.Type is NonNullType)
        {
            throw Failure($"Argument \"{definition.Name}\" of non-null type \"{definition.Type}\" must not be null.", node);
        }
        return TryRead(node, definition.Type, variables, out var value)
            ? value
            : throw Failure($"Argument \"{definition.Name}\" has invalid value {ValuePrinter.Show(node)}.", node);
    }

    private static FieldInputException Failure(string message, SyntaxNode at) => new(new GraphQLError(message, [at.Location], ErrorCodes.BadUserInput));

    private static bool TryReadList(ValueNode node, SchemaType item, VariableValues? variables, out object? value)
    {
        value = null;
        if (node is not ListValueNode list)
        {
            if (!TryRead(node, item, variables, out var single))
            {
                return false;
            }
            value = new object?[] { single };
            return true;
        }
        var items = new object?[list.Values.Length];
        for (var i = 0; i < items.Length; i++)
        {
            if (IsUnset(list.Values[i], variables))
            {
                if (item is NonNullType)
                {
                    return false;
                }
            }
            else if (!TryRead(list.Values[i], item, variables, out items[i]))
            {
                return false;
            }
        }
        value = items;
        return true;
    }

    private static bool TryReadObject(ObjectValueNode node, InputObjectType type, VariableValues? variables, out object? value)
    {
        value = null;
        var fields = new List<(InputValue Field, object? Value)>(node.Fields.Length);
        foreach (var given in node.Fields)
        {
            if (type.Fields.Find(given.Name) is not { } field || IsUnset(given.Value, variables))
            {
                continue;
            }
            if (!TryRead(given.Value, field.Type, variables, out var read))
            {
                return false;
            }
            fields.Add((field, read));
        }
        if (!AddDefaults(type, fields, out _) || (type.IsOneOf && (fields.Count != 1 || fields[0].Value is null)))
        {
            return false;
        }
        value = new InputObject(type, [.. fields]);
        return true;
    }

    /// <summary>Adds the defaults of fields that are not given; false and the field where one is required.</summary>
    public static bool AddDefaults(InputObjectType type, List<(InputValue Field, object? Value)> fields, out InputValue? missing)
    {
        missing = null;
        var given = fields.Count;
        foreach (var expected in type.Expected)
        {
            var found = false;
            for (var i = 0; i < given && !found; i++)
            {
                found = fields[i].Field == expected;
            }
            if (!found && expected.IsRequired)
            {
                missing = expected;
                return false;
            }
            if (!found)
            {
                fields.Add((expected, expected.DefaultValue));
            }
        }
        return true;
    }

    private static bool IsUnset(ValueNode node, VariableValues? variables) =>
        node is VariableNode variable && (variables is null || !variables.TryGet(variable.Name.Value, out _));
}

/// <summary>An argument that has no valid value at run time: an error of its field.</summary>
internal sealed class FieldInputException(GraphQLError error) : Exception(error.Message)
{
    public GraphQLError Error { get; } = error;
}
