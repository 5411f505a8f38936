using System.Collections.Immutable;
using System.Text;
using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Types;

/// <summary>
/// Writes a schema as text (spec §3), applied directives included: directives, then types, by name; members in the order of the schema. So
/// that two versions of a schema differ in the lines that changed.
/// </summary>
public static class SchemaPrinter
{
    /// <summary>The text of everything that the schema defines itself.</summary>
    public static string Print(Schema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var blocks = new List<string>();
        if (Header(schema) is { } header)
        {
            blocks.Add(header);
        }
        blocks.AddRange(schema.Directives.Where(directive => !directive.IsBuiltIn).OrderBy(directive => directive.Name, StringComparer.Ordinal).Select(Print));
        blocks.AddRange(schema.Types.Where(type => !type.IsBuiltIn).OrderBy(type => type.Name, StringComparer.Ordinal).Select(Print));
        return string.Join("\n\n", blocks) + "\n";
    }

    // Left out where the root types have their usual names.
    private static string? Header(Schema schema)
    {
        var usual = schema.Query.Name == "Query" && schema.Mutation?.Name is null or "Mutation" && schema.Subscription?.Name is null or "Subscription";
        if (usual && schema.Description is null)
        {
            return null;
        }
        var text = new StringBuilder();
        AppendDescription(text, schema.Description, "");
        text.Append("schema {\n  query: ").Append(schema.Query.Name);
        text.Append(schema.Mutation is null ? "" : $"\n  mutation: {schema.Mutation.Name}");
        text.Append(schema.Subscription is null ? "" : $"\n  subscription: {schema.Subscription.Name}");
        return text.Append("\n}").ToString();
    }

    private static string Print(DirectiveDefinition directive)
    {
        var text = new StringBuilder();
        AppendDescription(text, directive.Description, "");
        text.Append("directive @").Append(directive.Name);
        AppendArguments(text, directive.Arguments, "");
        text.Append(directive.IsRepeatable ? " repeatable on " : " on ").AppendJoin(" | ", directive.Locations);
        return text.ToString();
    }

    private static string Print(NamedType type)
    {
        var text = new StringBuilder();
        AppendDescription(text, type.Description, "");
        text.Append(type switch
        {
            ScalarType => "scalar ",
            ObjectType => "type ",
            InterfaceType => "interface ",
            UnionType => "union ",
            EnumType => "enum ",
            _ => "input ",
        }).Append(type.Name);
        if (type is CompositeType { Interfaces.IsEmpty: false } implementing)
        {
            text.Append(" implements ").AppendJoin(" & ", implementing.Interfaces.Select(implemented => implemented.Name));
        }
        AppendDirectives(text, type.Directives);
        switch (type)
        {
            case UnionType union:
                text.Append(" = ").AppendJoin(" | ", union.PossibleTypes.Select(member => member.Name));
                break;
            case CompositeType composite:
                AppendBlock(text, composite.Fields, AppendField);
                break;
            case EnumType enumeration:
                AppendBlock(text, enumeration.Values, AppendValue);
                break;
            case InputObjectType input:
                AppendBlock(text, input.Fields, (builder, field) => AppendInput(builder, field, "  "));
                break;
        }
        return text.ToString();
    }

    private static void AppendBlock<T>(StringBuilder text, DefinitionList<T> members, Action<StringBuilder, T> append)
        where T : class, INamed
    {
        text.Append(" {");
        foreach (var member in members)
        {
            append(text.Append('\n'), member);
        }
        text.Append("\n}");
    }

    private static void AppendField(StringBuilder text, FieldDefinition field)
    {
        AppendDescription(text, field.Description, "  ");
        text.Append("  ").Append(field.Name);
        AppendArguments(text, field.Arguments, "  ");
        text.Append(": ").Append(field.Type);
        AppendDirectives(text, field.Directives);
    }

    private static void AppendValue(StringBuilder text, EnumValue value)
    {
        AppendDescription(text, value.Description, "  ");
        text.Append("  ").Append(value.Name);
        AppendDirectives(text, value.Directives);
    }

    // On one line, unless an argument is described.
    private static void AppendArguments(StringBuilder text, DefinitionList<InputValue> arguments, string indent)
    {
        if (arguments.Count == 0)
        {
            return;
        }
        var described = arguments.Any(argument => argument.Description is not null);
        text.Append('(');
        for (var i = 0; i < arguments.Count; i++)
        {
            text.Append(described ? "\n" : i == 0 ? "" : ", ");
            AppendInput(text, arguments[i], described ? indent + "  " : "");
        }
        text.Append(described ? $"\n{indent})" : ")");
    }

    private static void AppendInput(StringBuilder text, InputValue input, string indent)
    {
        AppendDescription(text, input.Description, indent);
        text.Append(indent).Append(input.Name).Append(": ").Append(input.Type);
        if (input.DefaultLiteral is not null)
        {
            ValuePrinter.Append(text.Append(" = "), input.DefaultLiteral);
        }
        AppendDirectives(text, input.Directives);
    }

    private static void AppendDirectives(StringBuilder text, ImmutableArray<DirectiveNode> directives)
    {
        foreach (var directive in directives)
        {
            text.Append(" @").Append(directive.Name);
            for (var i = 0; i < directive.Arguments.Length; i++)
            {
                text.Append(i == 0 ? "(" : ", ").Append(directive.Arguments[i].Name).Append(": ");
                ValuePrinter.Append(text, directive.Arguments[i].Value);
            }
            text.Append(directive.Arguments.IsEmpty ? "" : ")");
        }
    }

    private static void AppendDescription(StringBuilder text, string? description, string indent)
    {
        if (description is null)
        {
            return;
        }
        text.Append(indent);
        if (BlockString.CanPrint(description))
        {
            text.Append(BlockString.Print(description).Replace("\n", "\n" + indent, StringComparison.Ordinal).Replace($"\n{indent}\n", "\n\n", StringComparison.Ordinal));
        }
        else
        {
            ValuePrinter.AppendString(text, description);
        }
        text.Append('\n');
    }
}
