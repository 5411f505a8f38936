using System.Collections.Immutable;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Validation.Rules;

/// <summary>The root fields of an operation as execution would collect them without variables (CollectFields, spec §6.3.2), by response name.</summary>
internal sealed class RootFields(ValidationContext context)
{
    private readonly Dictionary<string, List<FieldNode>> _groups = new(StringComparer.Ordinal);
    private readonly List<List<FieldNode>> _inOrder = [];
    private readonly HashSet<string> _visited = new(StringComparer.Ordinal);

    public List<List<FieldNode>> Collect(ObjectType root, SelectionSetNode selectionSet)
    {
        Visit(root, selectionSet);
        return _inOrder;
    }

    private void Visit(ObjectType root, SelectionSetNode selectionSet)
    {
        context.Spend(selectionSet.Selections.Length);
        foreach (var selection in selectionSet.Selections)
        {
            switch (selection)
            {
                case FieldNode field when IsIncluded(field.Directives):
                    if (!_groups.TryGetValue(field.ResponseName, out var group))
                    {
                        _groups.Add(field.ResponseName, group = []);
                        _inOrder.Add(group);
                    }
                    group.Add(field);
                    break;
                case InlineFragmentNode inline when IsIncluded(inline.Directives) && Applies(inline.TypeCondition, root):
                    Visit(root, inline.SelectionSet);
                    break;
                case FragmentSpreadNode spread when IsIncluded(spread.Directives) && _visited.Add(spread.Name.Value)
                    && context.Fragments.TryGetValue(spread.Name.Value, out var fragment) && Applies(fragment.TypeCondition, root):
                    Visit(root, fragment.SelectionSet);
                    break;
            }
        }
    }

    private bool Applies(NamedTypeNode? condition, ObjectType root) => condition is null || context.Schema.FindType(condition.Name) switch
    {
        CompositeType { IsAbstract: true } type => type.IsSupertypeOf(root),
        var type => type == root,
    };

    private static bool IsIncluded(ImmutableArray<DirectiveNode> directives)
    {
        foreach (var directive in directives)
        {
            if (directive.Name is "skip" or "include" && directive.Argument("if") is BooleanValueNode condition && condition.Value == (directive.Name == "skip"))
            {
                return false;
            }
        }
        return true;
    }
}
