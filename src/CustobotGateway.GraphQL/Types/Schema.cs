using System.Collections.Frozen;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Types;

/// <summary>
/// A schema (spec §3.3): types, directives, root types and the resolvers bound to them. Immutable and free of I/O; a service that changes
/// its schema at run time builds a new one and uses it for the next request.
/// </summary>
public sealed class Schema
{
    private readonly Dictionary<string, NamedType> _types;
    private readonly ObjectType?[] _roots;

    internal Schema(Dictionary<string, NamedType> types, DefinitionList<DirectiveDefinition> directives, ObjectType?[] roots)
    {
        (_types, Directives, _roots) = (types, directives, roots);
        Types = [.. types.Values];
    }

    /// <summary>Markdown, or null.</summary>
    public string? Description { get; internal init; }

    /// <summary>All types by the order of the text, with the built-in ones that are used.</summary>
    public IReadOnlyList<NamedType> Types { get; }

    /// <summary>All directives, those of the language included.</summary>
    public DefinitionList<DirectiveDefinition> Directives { get; }

    /// <summary>The type that queries start from.</summary>
    public ObjectType Query => _roots[(int)OperationKind.Query]!;

    /// <summary>The type that mutations start from, or null.</summary>
    public ObjectType? Mutation => _roots[(int)OperationKind.Mutation];

    /// <summary>The type that subscriptions start from, or null.</summary>
    public ObjectType? Subscription => _roots[(int)OperationKind.Subscription];

    internal FieldDefinition SchemaField { get; init; } = null!;

    internal FieldDefinition TypeField { get; init; } = null!;

    internal FieldDefinition TypeNameField { get; init; } = null!;

    internal FrozenDictionary<Type, ObjectType> ObjectTypesByClass { get; init; } = FrozenDictionary<Type, ObjectType>.Empty;

    /// <summary>Builds a schema from its text (spec §3) and binds the resolvers.</summary>
    /// <exception cref="SyntaxException">The text is no document.</exception>
    /// <exception cref="SchemaException">The schema is not valid, or a resolver belongs to no field.</exception>
    public static Schema Parse(string sdl, Resolvers? resolvers = null) => SchemaBuilder.Build(Parser.Parse(sdl), resolvers ?? new Resolvers());

    /// <summary>The type that operations of a kind start from, or null.</summary>
    public ObjectType? Root(OperationKind operation) => _roots[(int)operation];

    /// <summary>The type of that name, or null.</summary>
    public NamedType? FindType(string name) => _types.GetValueOrDefault(name);

    /// <summary>The type that a reference in a document means; null when the schema lacks it.</summary>
    public SchemaType? FindType(TypeNode reference) => reference switch
    {
        NamedTypeNode named => FindType(named.Name),
        ListTypeNode list => FindType(list.Item)?.AsList(),
        NonNullTypeNode nonNull => FindType(nonNull.Type)?.AsNonNull(),
        _ => null,
    };

    /// <summary>The field of that name, meta fields included (spec §4.1, §4.2); null when there is none.</summary>
    public FieldDefinition? FindField(CompositeType type, string name)
    {
        if (name.StartsWith("__", StringComparison.Ordinal))
        {
            switch (name)
            {
                case "__typename":
                    return TypeNameField;
                case "__schema" when type == Query:
                    return SchemaField;
                case "__type" when type == Query:
                    return TypeField;
            }
        }
        return type.Fields.Find(name);
    }

    /// <summary>Whether each value of one type is a value of the other (IsSubType, spec §3.6 and §5.8.5).</summary>
    public static bool IsSubtype(SchemaType candidate, SchemaType of) => (candidate, of) switch
    {
        _ when candidate == of => true,
        (NonNullType left, NonNullType right) => IsSubtype(left.Inner, right.Inner),
        (_, NonNullType) => false,
        (NonNullType left, _) => IsSubtype(left.Inner, of),
        (ListType left, ListType right) => IsSubtype(left.Item, right.Item),
        (NamedType left, CompositeType { IsAbstract: true } right) => right.IsSupertypeOf(left),
        _ => false,
    };
}
