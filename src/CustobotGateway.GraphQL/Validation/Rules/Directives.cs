using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Validation.Rules;

/// <summary>Directives exist and are applied where they may be (spec §5.7.1, §5.7.2).</summary>
internal sealed class KnownDirectives(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind == NodeKind.Directive;

    public override bool Enter(SyntaxNode node)
    {
        var name = ((DirectiveNode)node).Name;
        if (Context.Place.Directive is not { } definition)
        {
            Context.Report($"Unknown directive \"@{name}\".", node.Location);
        }
        else if (DirectiveLocations.Of(Context.Place.Owner!) is { } location && !definition.Locations.Contains(location))
        {
            Context.Report($"Directive \"@{name}\" may not be used on {location}.", node.Location);
        }
        return true;
    }
}

/// <summary>A directive is applied once in one place, unless it is repeatable (spec §5.7.3).</summary>
internal sealed class UniqueDirectivesPerLocation(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind is NodeKind.Operation or NodeKind.VariableDefinition or NodeKind.Field or NodeKind.FragmentSpread
        or NodeKind.InlineFragment or NodeKind.Fragment;

    public override bool Enter(SyntaxNode node)
    {
        var directives = node switch
        {
            OperationNode operation => operation.Directives,
            VariableDefinitionNode variable => variable.Directives,
            FieldNode field => field.Directives,
            FragmentSpreadNode spread => spread.Directives,
            InlineFragmentNode inline => inline.Directives,
            _ => ((FragmentNode)node).Directives,
        };
        if (directives.Length < 2)
        {
            return true;
        }
        var known = new Dictionary<string, SourceLocation>(StringComparer.Ordinal);
        foreach (var directive in directives)
        {
            if (Context.Schema.Directives.Find(directive.Name) is { IsRepeatable: false } && !known.TryAdd(directive.Name, directive.Location))
            {
                Context.Report($"The directive \"@{directive.Name}\" can only be used once at this location.", known[directive.Name], directive.Location);
            }
        }
        return true;
    }
}
