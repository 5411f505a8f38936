using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Validation.Rules;

/// <summary>A request holds operations and fragments only (spec §5.1.1).</summary>
internal sealed class ExecutableDefinitions(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind == NodeKind.Document;

    public override bool Enter(SyntaxNode node)
    {
        foreach (var definition in ((DocumentNode)node).Definitions)
        {
            var name = definition switch
            {
                OperationNode or FragmentNode => null,
                TypeDefinitionNode type => $"\"{type.Name.Value}\"",
                DirectiveDefinitionNode directive => $"\"{directive.Name.Value}\"",
                _ => "schema",
            };
            if (name is not null)
            {
                Context.Report($"The {name} definition is not executable.", definition.Location);
            }
        }
        return true;
    }
}

/// <summary>Operations have different names (spec §5.2.1.1).</summary>
internal sealed class UniqueOperationNames(ValidationContext context) : ValidationRule(context)
{
    private readonly Dictionary<string, SourceLocation> _known = new(StringComparer.Ordinal);

    public override bool Sees(NodeKind kind) => kind == NodeKind.Operation;

    public override bool Enter(SyntaxNode node)
    {
        if (((OperationNode)node).Name is { } name && !_known.TryAdd(name.Value, name.Location))
        {
            Context.Report($"There can be only one operation named \"{name.Value}\".", _known[name.Value], name.Location);
        }
        return true;
    }
}

/// <summary>An operation without a name is alone (spec §5.2.2.1).</summary>
internal sealed class LoneAnonymousOperation(ValidationContext context) : ValidationRule(context)
{
    private readonly int _operations = context.Document.Definitions.Count(definition => definition is OperationNode);

    public override bool Sees(NodeKind kind) => kind == NodeKind.Operation;

    public override bool Enter(SyntaxNode node)
    {
        if (_operations > 1 && ((OperationNode)node).Name is null)
        {
            Context.Report("This anonymous operation must be the only defined operation.", node.Location);
        }
        return true;
    }
}

/// <summary>A subscription has one root field, and none of introspection (spec §5.2.3.1).</summary>
internal sealed class SingleFieldSubscriptions(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind == NodeKind.Operation;

    public override bool Enter(SyntaxNode node)
    {
        var operation = (OperationNode)node;
        if (operation.Operation != OperationKind.Subscription || Context.Schema.Subscription is not { } root)
        {
            return true;
        }
        var fields = new RootFields(Context).Collect(root, operation.SelectionSet);
        var subject = operation.Name is { } name ? $"Subscription \"{name.Value}\"" : "Anonymous Subscription";
        if (fields.Count > 1)
        {
            Context.Report($"{subject} must select only one top level field.", [.. fields.Skip(1).SelectMany(group => group).Select(field => field.Location)]);
        }
        foreach (var group in fields.Where(group => group[0].Name.StartsWith("__", StringComparison.Ordinal)))
        {
            Context.Report($"{subject} must not select an introspection top level field.", [.. group.Select(field => field.Location)]);
        }
        return true;
    }
}
