using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Introspection;

/// <summary>Answers introspection (spec §4.2) from the schema itself.</summary>
internal static class IntrospectionResolvers
{
    private static readonly Resolvers Fields = new Resolvers()
        .Field<Schema>("__Schema", "description", schema => schema.Description)
        .Field<Schema>("__Schema", "types", schema => FieldValue.From(schema.Types))
        .Field<Schema>("__Schema", "queryType", schema => FieldValue.From(schema.Query))
        .Field<Schema>("__Schema", "mutationType", schema => FieldValue.From(schema.Mutation))
        .Field<Schema>("__Schema", "subscriptionType", schema => FieldValue.From(schema.Subscription))
        .Field<Schema>("__Schema", "directives", schema => FieldValue.From(schema.Directives))
        .Field<SchemaType>("__Type", "kind", type => Kind(type))
        .Field<SchemaType>("__Type", "name", type => (type as NamedType)?.Name)
        .Field<SchemaType>("__Type", "description", type => (type as NamedType)?.Description)
        .Field<SchemaType>("__Type", "specifiedByURL", type => (type as ScalarType)?.SpecifiedByUrl)
        .Field("__Type", "fields", (_, type, arguments) => type is CompositeType composite and not UnionType
            ? Members(composite.Fields, field => field.DeprecationReason, arguments)
            : FieldValue.Null)
        .Field<SchemaType>("__Type", "interfaces", type => type is CompositeType composite and not UnionType
            ? FieldValue.From(composite.Interfaces.ToArray())
            : FieldValue.Null)
        .Field<SchemaType>("__Type", "possibleTypes", type => type is CompositeType { IsAbstract: true } composite
            ? FieldValue.From(composite.PossibleTypes.ToArray())
            : FieldValue.Null)
        .Field("__Type", "enumValues", (_, type, arguments) => type is EnumType enumeration
            ? Members(enumeration.Values, value => value.DeprecationReason, arguments)
            : FieldValue.Null)
        .Field("__Type", "inputFields", (_, type, arguments) => type is InputObjectType input
            ? Members(input.Fields, field => field.DeprecationReason, arguments)
            : FieldValue.Null)
        .Field<SchemaType>("__Type", "ofType", type => FieldValue.From(type switch
        {
            ListType list => list.Item,
            NonNullType nonNull => nonNull.Inner,
            _ => null,
        }))
        .Field<SchemaType>("__Type", "isOneOf", type => type is InputObjectType input ? input.IsOneOf : FieldValue.Null)
        .Field<FieldDefinition>("__Field", "name", field => field.Name)
        .Field<FieldDefinition>("__Field", "description", field => field.Description)
        .Field("__Field", "args", (_, field, arguments) =>
            Members(((FieldDefinition)field!).Arguments, argument => argument.DeprecationReason, arguments))
        .Field<FieldDefinition>("__Field", "type", field => FieldValue.From(field.Type))
        .Field<FieldDefinition>("__Field", "isDeprecated", field => field.DeprecationReason is not null)
        .Field<FieldDefinition>("__Field", "deprecationReason", field => field.DeprecationReason)
        .Field<InputValue>("__InputValue", "name", input => input.Name)
        .Field<InputValue>("__InputValue", "description", input => input.Description)
        .Field<InputValue>("__InputValue", "type", input => FieldValue.From(input.Type))
        .Field<InputValue>("__InputValue", "defaultValue", input => input.DefaultLiteral is null ? FieldValue.Null : ValuePrinter.Print(input.DefaultLiteral))
        .Field<InputValue>("__InputValue", "isDeprecated", input => input.DeprecationReason is not null)
        .Field<InputValue>("__InputValue", "deprecationReason", input => input.DeprecationReason)
        .Field<EnumValue>("__EnumValue", "name", value => value.Name)
        .Field<EnumValue>("__EnumValue", "description", value => value.Description)
        .Field<EnumValue>("__EnumValue", "isDeprecated", value => value.DeprecationReason is not null)
        .Field<EnumValue>("__EnumValue", "deprecationReason", value => value.DeprecationReason)
        .Field<DirectiveDefinition>("__Directive", "name", directive => directive.Name)
        .Field<DirectiveDefinition>("__Directive", "description", directive => directive.Description)
        .Field<DirectiveDefinition>("__Directive", "isRepeatable", directive => directive.IsRepeatable)
        .Field<DirectiveDefinition>("__Directive", "locations", directive => FieldValue.From(directive.Locations.ToArray()))
        .Field("__Directive", "args", (_, directive, arguments) =>
            Members(((DirectiveDefinition)directive!).Arguments, argument => argument.DeprecationReason, arguments));

    public static void Bind(Dictionary<string, NamedType> types) => Fields.Bind(types);

    public static FieldDefinition BindSchema(FieldDefinition field)
    {
        field.Resolver = static (context, _, _) => FieldValue.From(context.Schema);
        return field;
    }

    public static FieldDefinition BindType(FieldDefinition field)
    {
        field.Resolver = static (context, _, arguments) => FieldValue.From(context.Schema.FindType(arguments.Get<string>("name")!));
        return field;
    }

    private static FieldValue Members<T>(DefinitionList<T> members, Func<T, string?> deprecation, Arguments arguments)
        where T : class, INamed =>
        FieldValue.From(arguments.Get<bool>("includeDeprecated") ? members : members.Where(member => deprecation(member) is null).ToList());

    private static string Kind(SchemaType type) => type switch
    {
        ScalarType => "SCALAR",
        ObjectType => "OBJECT",
        InterfaceType => "INTERFACE",
        UnionType => "UNION",
        EnumType => "ENUM",
        InputObjectType => "INPUT_OBJECT",
        ListType => "LIST",
        _ => "NON_NULL",
    };
}
