using System.Collections.Frozen;
using System.Collections.Immutable;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQL.Introspection;
using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Types;

/// <summary>Makes a schema of its text: every type as an empty shell first, so that types may refer to one another, then their members.</summary>
internal sealed class SchemaBuilder
{
    private static readonly string[] DefaultRoots = ["Query", "Mutation", "Subscription"];

    private readonly SchemaText _text;
    private readonly Dictionary<string, NamedType> _types = new(StringComparer.Ordinal);

    private SchemaBuilder(SchemaText text) => _text = text;

    public static Schema Build(DocumentNode document, Resolvers resolvers)
    {
        var text = new SchemaText(document);
        Refuse(SchemaTextRules.Check(text));
        var schema = new SchemaBuilder(text).Build(resolvers);
        Refuse(SchemaTypeRules.Check(schema));
        return schema;
    }

    private static void Refuse(List<GraphQLError> errors)
    {
        if (errors.Count > 0)
        {
            throw new SchemaException(errors);
        }
    }

    private Schema Build(Resolvers resolvers)
    {
        foreach (var (name, definitions) in _text.Types)
        {
            var shell = Shell(definitions[0]);
            shell.Description = definitions[0].Description;
            shell.Location = definitions[0].Location;
            shell.Directives = [.. definitions.SelectMany(definition => definition.Directives)];
            shell.IsBuiltIn = SchemaText.IsBuiltIn(name);
            _types.Add(name, shell);
        }
        foreach (var (name, definitions) in _text.Types)
        {
            Fill(_types[name], definitions);
        }
        foreach (var type in _types.Values)
        {
            CollectPossibleTypes(type);
        }
        var directives = new DefinitionList<DirectiveDefinition>(_text.Directives.Values.Select(node =>
            new DirectiveDefinition(node, Inputs([.. node.Arguments])) { IsBuiltIn = SchemaText.IsBuiltInDirective(node) }));
        CoerceDefaults(directives);
        IntrospectionResolvers.Bind(_types);
        var classes = resolvers.Bind(_types);
        FieldDefinition[] meta = [.. Prelude.MetaFields.Fields.Select(Field)];
        return new Schema(_types, directives, Roots())
        {
            Description = _text.Schemas.Select(node => node.Description).FirstOrDefault(description => description is not null),
            SchemaField = IntrospectionResolvers.BindSchema(meta[0]),
            TypeField = IntrospectionResolvers.BindType(meta[1]),
            TypeNameField = meta[2],
            ObjectTypesByClass = classes.ToFrozenDictionary(),
        };
    }

    private ObjectType?[] Roots()
    {
        var roots = new ObjectType?[DefaultRoots.Length];
        var declared = _text.Schemas.SelectMany(node => node.RootTypes).ToList();
        foreach (var operation in Enum.GetValues<OperationKind>())
        {
            var name = _text.Schemas.Any(node => !node.IsExtension)
                ? declared.Find(root => root.Operation == operation)?.Type.Name
                : declared.Find(root => root.Operation == operation)?.Type.Name ?? DefaultRoots[(int)operation];
            roots[(int)operation] = name is null ? null : _types.GetValueOrDefault(name) as ObjectType;
        }
        return roots;
    }

    private static NamedType Shell(TypeDefinitionNode definition) => definition switch
    {
        ScalarDefinitionNode => new ScalarType(definition.Name.Value),
        ObjectDefinitionNode => new ObjectType(definition.Name.Value),
        InterfaceDefinitionNode => new InterfaceType(definition.Name.Value),
        UnionDefinitionNode => new UnionType(definition.Name.Value),
        EnumDefinitionNode => new EnumType(definition.Name.Value),
        _ => new InputObjectType(definition.Name.Value),
    };

    private void Fill(NamedType type, List<TypeDefinitionNode> definitions)
    {
        switch (type)
        {
            case ScalarType scalar:
                var specified = type.Directives.FirstOrDefault(directive => directive.Name == "specifiedBy");
                scalar.SpecifiedByUrl = (specified?.Argument("url") as StringValueNode)?.Value;
                break;
            case EnumType enumeration:
                enumeration.Values = new(definitions.OfType<EnumDefinitionNode>().SelectMany(node => node.Values).Select(node => new EnumValue(node)));
                break;
            case InputObjectType input:
                input.Fields = Inputs(definitions.OfType<InputObjectDefinitionNode>().SelectMany(node => node.Fields));
                input.IsOneOf = type.Directives.Any(directive => directive.Name == "oneOf");
                input.Expected = [.. input.Fields.Where(field => field.DefaultLiteral is not null || field.IsRequired)];
                break;
            case UnionType union:
                union.PossibleTypes =
                    [.. definitions.OfType<UnionDefinitionNode>().SelectMany(node => node.Members).Select(member => _types[member.Name]).OfType<ObjectType>()];
                break;
            case ObjectType:
                var objects = definitions.OfType<ObjectDefinitionNode>().ToList();
                Fill((CompositeType)type, objects.SelectMany(node => node.Interfaces), objects.SelectMany(node => node.Fields));
                break;
            case InterfaceType:
                var interfaces = definitions.OfType<InterfaceDefinitionNode>().ToList();
                Fill((CompositeType)type, interfaces.SelectMany(node => node.Interfaces), interfaces.SelectMany(node => node.Fields));
                break;
        }
    }

    private void Fill(CompositeType type, IEnumerable<NamedTypeNode> interfaces, IEnumerable<FieldDefinitionNode> fields)
    {
        type.Interfaces = [.. interfaces.Select(reference => _types[reference.Name]).OfType<InterfaceType>()];
        type.Fields = new(fields.Select(Field));
    }

    private FieldDefinition Field(FieldDefinitionNode node) => new(node, Resolve(node.Type), Inputs(node.Arguments));

    private DefinitionList<InputValue> Inputs(IEnumerable<InputValueDefinitionNode> nodes)
    {
        InputValue[] inputs = [.. nodes.Select(node => new InputValue(node, Resolve(node.Type)))];
        return inputs.Length == 0 ? DefinitionList<InputValue>.Empty : new(inputs);
    }

    private SchemaType Resolve(TypeNode node) => node switch
    {
        ListTypeNode list => Resolve(list.Item).AsList(),
        NonNullTypeNode nonNull => Resolve(nonNull.Type).AsNonNull(),
        _ => _types[node.Named.Name],
    };

    private static void CollectPossibleTypes(NamedType type)
    {
        switch (type)
        {
            case ObjectType implementation:
                implementation.PossibleTypes = [implementation];
                foreach (var parent in implementation.Interfaces)
                {
                    parent.PossibleTypes = parent.PossibleTypes.Contains(implementation) ? parent.PossibleTypes : parent.PossibleTypes.Add(implementation);
                }
                break;
            case InterfaceType child:
                foreach (var parent in child.Interfaces)
                {
                    parent.SubInterfaces.Add(child);
                }
                break;
        }
    }

    private void CoerceDefaults(DefinitionList<DirectiveDefinition> directives)
    {
        var inputs = _types.Values.OfType<InputObjectType>().SelectMany(type => type.Fields)
            .Concat(_types.Values.OfType<CompositeType>().SelectMany(type => type.Fields).SelectMany(field => field.Arguments))
            .Concat(directives.SelectMany(directive => directive.Arguments));
        foreach (var input in inputs.Where(input => input.DefaultLiteral is not null))
        {
            if (!input.Type.IsInput || !InputCoercion.TryRead(input.DefaultLiteral!, input.Type, null, out var value))
            {
                throw new SchemaException([new($"The default value of \"{input.Name}\" does not fit its type \"{input.Type}\".", [input.DefaultLiteral!.Location])]);
            }
            input.DefaultValue = value;
        }
    }
}
