using System.Collections.Immutable;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Types;

/// <summary>What can be said of a schema's text before its types are built: names are unique and known, directives are applied as defined.</summary>
internal sealed class SchemaTextRules
{
    private readonly SchemaText _text;
    private readonly List<GraphQLError> _errors = [];

    private SchemaTextRules(SchemaText text) => _text = text;

    public static List<GraphQLError> Check(SchemaText text)
    {
        var rules = new SchemaTextRules(text);
        rules.CheckSchemas();
        rules.CheckTypes();
        foreach (var definition in text.Document.Definitions)
        {
            rules.CheckDefinition(definition);
        }
        return rules._errors;
    }

    private void CheckSchemas()
    {
        foreach (var second in _text.Schemas.Where(schema => !schema.IsExtension).Skip(1))
        {
            Report("Must provide only one schema definition.", second.Location);
        }
        foreach (var roots in _text.Schemas.SelectMany(schema => schema.RootTypes).GroupBy(root => root.Operation).Where(group => group.Count() > 1))
        {
            Report($"There can be only one {Word(roots.Key)} type in schema.", [.. roots.Select(root => root.Location)]);
        }
    }

    private static string Word(OperationKind operation) => operation switch
    {
        OperationKind.Query => "query",
        OperationKind.Mutation => "mutation",
        _ => "subscription",
    };

    private void CheckTypes()
    {
        var definitions = _text.Document.Definitions.OfType<TypeDefinitionNode>().ToList();
        foreach (var same in definitions.Where(node => !node.IsExtension).GroupBy(node => node.Name.Value).Where(group => group.Count() > 1))
        {
            Report($"There can be only one type named \"{same.Key}\".", [.. same.Select(node => node.Name.Location)]);
        }
        foreach (var same in _text.Document.Definitions.OfType<DirectiveDefinitionNode>().GroupBy(node => node.Name.Value).Where(group => group.Count() > 1))
        {
            Report($"There can be only one directive named \"@{same.Key}\".", [.. same.Select(node => node.Name.Location)]);
        }
        foreach (var (name, parts) in _text.Types)
        {
            if (parts[0].IsExtension)
            {
                Report($"Cannot extend type \"{name}\" because it is not defined.", parts[0].Name.Location);
            }
            foreach (var part in parts.Skip(1).Where(part => part.Kind != parts[0].Kind))
            {
                Report($"Cannot extend type \"{name}\" as another kind of type.", parts[0].Location, part.Location);
            }
            CheckUnique($"Field \"{name}.", parts.SelectMany(Members));
            CheckUnique($"Enum value \"{name}.", parts.OfType<EnumDefinitionNode>().SelectMany(node => node.Values).Select(value => value.Name));
        }
    }

    private static IEnumerable<Name> Members(TypeDefinitionNode node) => node switch
    {
        ObjectDefinitionNode type => type.Fields.Select(field => field.Name),
        InterfaceDefinitionNode type => type.Fields.Select(field => field.Name),
        InputObjectDefinitionNode type => type.Fields.Select(field => field.Name),
        _ => [],
    };

    private void CheckUnique(string what, IEnumerable<Name> names)
    {
        foreach (var same in names.GroupBy(name => name.Value).Where(group => group.Count() > 1))
        {
            Report($"{what}{same.Key}\" can only be defined once.", [.. same.Select(name => name.Location)]);
        }
    }

    private void CheckDefinition(SyntaxNode definition)
    {
        foreach (var reference in SchemaReferences.References(definition).Where(reference => !_text.Types.ContainsKey(reference.Name)))
        {
            Report($"Unknown type \"{reference.Name}\".", reference.Location);
        }
        CheckReferences(definition);
        switch (definition)
        {
            case OperationNode or FragmentNode:
                Report("A schema has no operations and fragments.", definition.Location);
                break;
            case SchemaDefinitionNode schema:
                CheckDirectives(schema.Directives, DirectiveLocations.Of(schema)!);
                break;
            case DirectiveDefinitionNode directive:
                CheckInputs($"@{directive.Name.Value}", directive.Arguments, "ARGUMENT_DEFINITION");
                break;
            case TypeDefinitionNode type:
                CheckDirectives(type.Directives, DirectiveLocations.Of(type)!);
                CheckMembers(type);
                break;
        }
    }

    private void CheckReferences(SyntaxNode definition)
    {
        var (interfaces, owner) = definition switch
        {
            ObjectDefinitionNode node => (node.Interfaces, node.Name.Value),
            InterfaceDefinitionNode node => (node.Interfaces, node.Name.Value),
            _ => ([], ""),
        };
        foreach (var reference in interfaces.Where(reference => IsOther<InterfaceDefinitionNode>(reference)))
        {
            Report($"Type {owner} must only implement Interface types, it cannot implement {reference}.", reference.Location);
        }
        foreach (var reference in (definition as UnionDefinitionNode)?.Members.Where(reference => IsOther<ObjectDefinitionNode>(reference)) ?? [])
        {
            Report(
                $"Union type {((UnionDefinitionNode)definition).Name.Value} can only include Object types, it cannot include {reference}.", reference.Location);
        }
        foreach (var root in (definition as SchemaDefinitionNode)?.RootTypes.Where(root => IsOther<ObjectDefinitionNode>(root.Type)) ?? [])
        {
            Report($"{root.Operation} root type must be Object type, it cannot be {root.Type}.", root.Type.Location);
        }
    }

    private bool IsOther<T>(NamedTypeNode reference) => _text.Types.TryGetValue(reference.Name, out var definitions) && definitions[0] is not T;

    private void CheckMembers(TypeDefinitionNode type)
    {
        foreach (var field in type is ObjectDefinitionNode node ? node.Fields : (type as InterfaceDefinitionNode)?.Fields ?? [])
        {
            CheckDirectives(field.Directives, "FIELD_DEFINITION");
            CheckInputs($"{type.Name.Value}.{field.Name.Value}", field.Arguments, "ARGUMENT_DEFINITION");
        }
        foreach (var value in (type as EnumDefinitionNode)?.Values ?? [])
        {
            CheckDirectives(value.Directives, "ENUM_VALUE");
        }
        foreach (var field in (type as InputObjectDefinitionNode)?.Fields ?? [])
        {
            CheckDirectives(field.Directives, "INPUT_FIELD_DEFINITION");
        }
    }

    private void CheckInputs(string owner, ImmutableArray<InputValueDefinitionNode> inputs, string location)
    {
        foreach (var same in inputs.GroupBy(input => input.Name.Value).Where(group => group.Count() > 1))
        {
            Report($"Argument \"{owner}({same.Key}:)\" can only be defined once.", [.. same.Select(input => input.Name.Location)]);
        }
        foreach (var input in inputs)
        {
            CheckDirectives(input.Directives, location);
        }
    }

    private void CheckDirectives(ImmutableArray<DirectiveNode> directives, string location)
    {
        foreach (var directive in directives)
        {
            if (!_text.Directives.TryGetValue(directive.Name, out var definition))
            {
                Report($"Unknown directive \"@{directive.Name}\".", directive.Location);
                continue;
            }
            if (!definition.Locations.Any(allowed => allowed.Value == location))
            {
                Report($"Directive \"@{directive.Name}\" may not be used on {location}.", directive.Location);
            }
            var first = directives.First(other => other.Name == directive.Name);
            if (!definition.IsRepeatable && first != directive)
            {
                Report($"The directive \"@{directive.Name}\" can only be used once at this location.", first.Location, directive.Location);
            }
            CheckArguments(directive, definition);
        }
    }

    private void CheckArguments(DirectiveNode directive, DirectiveDefinitionNode definition)
    {
        foreach (var same in directive.Arguments.GroupBy(argument => argument.Name).Where(group => group.Count() > 1))
        {
            Report($"There can be only one argument named \"{same.Key}\".", [.. same.Select(argument => argument.Location)]);
        }
        foreach (var argument in directive.Arguments.Where(argument => !definition.Arguments.Any(known => known.Name.Value == argument.Name)))
        {
            Report($"Unknown argument \"{argument.Name}\" on directive \"@{directive.Name}\".", argument.Location);
        }
        foreach (var argument in definition.Arguments)
        {
            var value = directive.Argument(argument.Name.Value);
            if (argument.Type is NonNullTypeNode && argument.DefaultValue is null && value is null)
            {
                Report(
                    $"Directive \"@{directive.Name}\" argument \"{argument.Name.Value}\" of type \"{argument.Type}\" is required, but it was not provided.",
                    directive.Location);
            }
            else if (value is not null && !Fits(value, argument.Type))
            {
                Report($"Expected value of type \"{argument.Type}\", found {ValuePrinter.Show(value)}.", value.Location);
            }
        }
    }

    // The language's scalars are known before types are built; other types are looked at by their shape alone.
    private static bool Fits(ValueNode value, TypeNode type) => (value, type) switch
    {
        (NullValueNode, NonNullTypeNode) => false,
        (NullValueNode, _) => true,
        (_, NonNullTypeNode nonNull) => Fits(value, nonNull.Type),
        (ListValueNode list, ListTypeNode of) => list.Values.All(item => Fits(item, of.Item)),
        (_, ListTypeNode of) => Fits(value, of.Item),
        (_, NamedTypeNode named) => LeafInput.Fits(named.Name, value),
        _ => true,
    };

    private void Report(string message, params SourceLocation[] locations) => _errors.Add(new GraphQLError(message, locations));
}
