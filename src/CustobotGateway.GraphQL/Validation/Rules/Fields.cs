using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Validation.Rules;

/// <summary>Types that are named exist (spec §5.5.1.2, §5.8.2).</summary>
internal sealed class KnownTypeNames(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind == NodeKind.NamedType;

    public override bool Enter(SyntaxNode node)
    {
        var name = ((NamedTypeNode)node).Name;
        if (Context.Schema.FindType(name) is null)
        {
            Context.Report($"Unknown type \"{name}\"." + Context.DidYouMean(name, Context.Schema.Types), node.Location);
        }
        return true;
    }
}

/// <summary>Leaves have no selection, other fields have one (spec §5.3.3).</summary>
internal sealed class ScalarLeafs(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind == NodeKind.Field;

    public override bool Enter(SyntaxNode node)
    {
        var field = (FieldNode)node;
        if (Context.Place.Type is not { } type)
        {
            return true;
        }
        if (type.Named.IsLeaf && field.SelectionSet is not null)
        {
            Context.Report($"Field \"{field.Name}\" must not have a selection since type \"{type}\" has no subfields.", field.SelectionSet.Location);
        }
        else if (!type.Named.IsLeaf && field.SelectionSet is null)
        {
            Context.Report(
                $"Field \"{field.Name}\" of type \"{type}\" must have a selection of subfields. Did you mean \"{field.Name} {{ ... }}\"?", node.Location);
        }
        return true;
    }
}

/// <summary>Fields that are asked exist (spec §5.3.1).</summary>
internal sealed class FieldsOnCorrectType(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind == NodeKind.Field;

    public override bool Enter(SyntaxNode node)
    {
        var field = (FieldNode)node;
        if (Context.Place is { Parent: { } type, Field: null })
        {
            var hint = Suggestions.DidYouMean("to use an inline fragment on ", TypesWith(type, field.Name));
            Context.Report(
                $"Cannot query field \"{field.Name}\" on type \"{type}\"."
                + (hint.Length > 0 ? hint : Context.DidYouMean(field.Name, type.Fields)), node.Location);
        }
        return true;
    }

    // The possible types that have the field and their interfaces that have it, the commonest first, supertypes before subtypes.
    private List<string> TypesWith(CompositeType type, string field)
    {
        if (!type.IsAbstract)
        {
            return [];
        }
        Context.Spend(type.PossibleTypes.Length);
        var counts = new Dictionary<CompositeType, int>();
        foreach (var possible in type.PossibleTypes.Where(possible => possible.Fields.Find(field) is not null))
        {
            counts[possible] = 1;
            foreach (var implemented in possible.Interfaces.Where(implemented => implemented.Fields.Find(field) is not null))
            {
                counts[implemented] = counts.GetValueOrDefault(implemented) + 1;
            }
        }
        var found = counts.Keys.ToList();
        found.Sort((left, right) => (counts[right] - counts[left]) switch
        {
            not 0 and var byCount => byCount,
            _ when left.IsAbstract && left.IsSupertypeOf(right) => -1,
            _ when right.IsAbstract && right.IsSupertypeOf(left) => 1,
            _ => Suggestions.CompareNaturally(left.Name, right.Name),
        });
        return [.. found.Select(candidate => candidate.Name)];
    }
}
