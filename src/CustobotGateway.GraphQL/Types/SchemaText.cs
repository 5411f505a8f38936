using CustobotGateway.GraphQL.Introspection;
using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Types;

/// <summary>The definitions of a schema's text and of the language, by name; extensions follow what they extend.</summary>
internal sealed class SchemaText
{
    private static readonly HashSet<string> BuiltInTypes =
        [.. Prelude.Document.Definitions.OfType<TypeDefinitionNode>().Select(definition => definition.Name.Value)];

    private static readonly string[] OptionalScalars = ["Int", "Float", "ID"];

    public SchemaText(DocumentNode document)
    {
        Document = document;
        foreach (var node in document.Definitions.Concat(Prelude.Document.Definitions))
        {
            Add(node);
        }
        var referenced = SchemaReferences.Of(document);
        foreach (var scalar in OptionalScalars.Where(scalar => !referenced.Contains(scalar)))
        {
            Types.Remove(scalar);
        }
    }

    public DocumentNode Document { get; }

    public Dictionary<string, List<TypeDefinitionNode>> Types { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, DirectiveDefinitionNode> Directives { get; } = new(StringComparer.Ordinal);

    public List<SchemaDefinitionNode> Schemas { get; } = [];

    public static bool IsBuiltIn(string type) => BuiltInTypes.Contains(type);

    public static bool IsBuiltInDirective(DirectiveDefinitionNode directive) => Prelude.Document.Definitions.Contains(directive);

    // Extensions may come before what they extend; what is defined in the text goes before the language's own.
    private void Add(SyntaxNode node)
    {
        switch (node)
        {
            case SchemaDefinitionNode schema:
                Schemas.Add(schema);
                break;
            case DirectiveDefinitionNode directive:
                Directives.TryAdd(directive.Name.Value, directive);
                break;
            case TypeDefinitionNode type:
                if (!Types.TryGetValue(type.Name.Value, out var definitions))
                {
                    Types.Add(type.Name.Value, definitions = []);
                }
                if (type.IsExtension || definitions.TrueForAll(other => other.IsExtension))
                {
                    definitions.Insert(type.IsExtension ? definitions.Count : 0, type);
                }
                break;
        }
    }
}

/// <summary>The type names that a schema's text refers to.</summary>
internal static class SchemaReferences
{
    public static HashSet<string> Of(DocumentNode document) =>
        [.. document.Definitions.SelectMany(References).Select(reference => reference.Name)];

    public static IEnumerable<NamedTypeNode> References(SyntaxNode definition) => definition switch
    {
        SchemaDefinitionNode node => node.RootTypes.Select(root => root.Type),
        ObjectDefinitionNode node => node.Interfaces.Concat(node.Fields.SelectMany(Field)),
        InterfaceDefinitionNode node => node.Interfaces.Concat(node.Fields.SelectMany(Field)),
        UnionDefinitionNode node => node.Members,
        InputObjectDefinitionNode node => node.Fields.Select(field => field.Type.Named),
        DirectiveDefinitionNode node => node.Arguments.Select(argument => argument.Type.Named),
        _ => [],
    };

    private static IEnumerable<NamedTypeNode> Field(FieldDefinitionNode field) =>
        field.Arguments.Select(argument => argument.Type.Named).Append(field.Type.Named);
}
