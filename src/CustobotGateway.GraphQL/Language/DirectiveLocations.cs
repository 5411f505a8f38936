using System.Collections.Frozen;

namespace CustobotGateway.GraphQL.Language;

/// <summary>Where directives may be applied (spec §3.13).</summary>
internal static class DirectiveLocations
{
    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        "QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT", "VARIABLE_DEFINITION",
        "SCHEMA", "SCALAR", "OBJECT", "FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INTERFACE", "UNION", "ENUM", "ENUM_VALUE", "INPUT_OBJECT",
        "INPUT_FIELD_DEFINITION");

    public static bool IsKnown(string location) => Known.Contains(location);

    /// <summary>The location of the directives of a node; null where a node has none.</summary>
    public static string? Of(SyntaxNode node) => node switch
    {
        OperationNode { Operation: OperationKind.Query } => "QUERY",
        OperationNode { Operation: OperationKind.Mutation } => "MUTATION",
        OperationNode => "SUBSCRIPTION",
        FieldNode => "FIELD",
        FragmentNode => "FRAGMENT_DEFINITION",
        FragmentSpreadNode => "FRAGMENT_SPREAD",
        InlineFragmentNode => "INLINE_FRAGMENT",
        VariableDefinitionNode => "VARIABLE_DEFINITION",
        SchemaDefinitionNode => "SCHEMA",
        ScalarDefinitionNode => "SCALAR",
        ObjectDefinitionNode => "OBJECT",
        FieldDefinitionNode => "FIELD_DEFINITION",
        InterfaceDefinitionNode => "INTERFACE",
        UnionDefinitionNode => "UNION",
        EnumDefinitionNode => "ENUM",
        EnumValueDefinitionNode => "ENUM_VALUE",
        InputObjectDefinitionNode => "INPUT_OBJECT",
        _ => null,
    };
}
