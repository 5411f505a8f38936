using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Validation.Rules;

/// <summary>Arguments that are given exist (spec §5.4.1).</summary>
internal sealed class KnownArgumentNames(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind is NodeKind.Argument or NodeKind.Directive;

    public override bool Enter(SyntaxNode node)
    {
        if (node is DirectiveNode directive)
        {
            foreach (var argument in Context.Place.Directive is null ? [] : directive.Arguments)
            {
                Check(argument, Context.Place.Directive!.Arguments, $"directive \"@{directive.Name}\"");
            }
            return false;
        }
        if (Context.Place is { Field: { } field, Parent: { } parent })
        {
            Check((ArgumentNode)node, field.Arguments, $"field \"{parent}.{field.Name}\"");
        }
        return true;
    }

    private void Check(ArgumentNode argument, DefinitionList<InputValue> known, string owner)
    {
        if (known.Find(argument.Name) is null)
        {
            Context.Report($"Unknown argument \"{argument.Name}\" on {owner}." + Context.DidYouMean(argument.Name, known), argument.Location);
        }
    }
}

/// <summary>The arguments of a field or directive have different names (spec §5.4.2).</summary>
internal sealed class UniqueArgumentNames(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind is NodeKind.Field or NodeKind.Directive;

    public override bool Enter(SyntaxNode node)
    {
        var arguments = node is FieldNode field ? field.Arguments : ((DirectiveNode)node).Arguments;
        if (arguments.Length < 2)
        {
            return true;
        }
        foreach (var same in arguments.GroupBy(argument => argument.Name).Where(group => group.Count() > 1))
        {
            Context.Report($"There can be only one argument named \"{same.Key}\".", [.. same.Select(argument => argument.Location)]);
        }
        return true;
    }
}

/// <summary>Required arguments are given (spec §5.4.2.1).</summary>
internal sealed class ProvidedRequiredArguments(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind is NodeKind.Field or NodeKind.Directive;

    // On leaving, so that what is wrong deeper inside comes first.
    public override void Leave(SyntaxNode node)
    {
        var (arguments, known) = node is FieldNode field
            ? (field.Arguments, Context.Place.Field?.Arguments)
            : (((DirectiveNode)node).Arguments, Context.Place.Directive?.Arguments);
        foreach (var definition in known ?? DefinitionList<InputValue>.Empty)
        {
            if (definition.IsRequired && !arguments.Any(argument => argument.Name == definition.Name))
            {
                var owner = node is FieldNode asked ? $"Field \"{asked.Name}\"" : $"Directive \"@{((DirectiveNode)node).Name}\"";
                Context.Report($"{owner} argument \"{definition.Name}\" of type \"{definition.Type}\" is required, but it was not provided.", node.Location);
            }
        }
    }
}
