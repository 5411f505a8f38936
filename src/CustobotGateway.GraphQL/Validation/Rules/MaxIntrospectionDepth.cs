using System.Runtime.CompilerServices;
using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Validation.Rules;

/// <summary>
/// Lists of introspection are not nested in one another three times, which would make an answer grow with the cube of the schema. Not a
/// rule of the specification; the reference implementation has it too.
/// </summary>
internal sealed class MaxIntrospectionDepth(ValidationContext context) : ValidationRule(context)
{
    private const int MaxLists = 3;

    // For each fragment the deepest place at which it was found harmless, and the shallowest at which it was not.
    private readonly Dictionary<string, int> _harmless = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _excessive = new(StringComparer.Ordinal);

    public override bool Sees(NodeKind kind) => kind == NodeKind.Field;

    public override bool Enter(SyntaxNode node)
    {
        if (((FieldNode)node).Name is "__schema" or "__type" && IsExcessive(node, new(StringComparer.Ordinal), 0))
        {
            Context.Report("Maximum introspection depth exceeded", node.Location);
            return false;
        }
        return true;
    }

    private bool IsExcessive(SyntaxNode node, Dictionary<string, int> visited, int depth)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (node)
        {
            case FragmentSpreadNode spread:
                return IsExcessive(spread.Name.Value, visited, depth);
            case FieldNode field:
                depth += field.Name is "fields" or "interfaces" or "possibleTypes" or "inputFields" ? 1 : 0;
                return depth >= MaxLists || (field.SelectionSet is { } below && IsAnyExcessive(below, visited, depth));
            case InlineFragmentNode inline:
                return IsAnyExcessive(inline.SelectionSet, visited, depth);
            default:
                return false;
        }
    }

    private bool IsExcessive(string name, Dictionary<string, int> visited, int depth)
    {
        if (_excessive.TryGetValue(name, out var excessive) && excessive <= depth)
        {
            return true;
        }
        if ((visited.TryGetValue(name, out var seen) && seen >= depth) || (_harmless.TryGetValue(name, out var harmless) && harmless >= depth)
            || !Context.Fragments.TryGetValue(name, out var fragment))
        {
            return false;
        }
        visited[name] = depth;
        var result = IsAnyExcessive(fragment.SelectionSet, visited, depth);
        (result ? _excessive : _harmless)[name] = depth;
        return result;
    }

    private bool IsAnyExcessive(SelectionSetNode selectionSet, Dictionary<string, int> visited, int depth)
    {
        foreach (var selection in selectionSet.Selections)
        {
            if (IsExcessive(selection, visited, depth))
            {
                return true;
            }
        }
        return false;
    }
}
