using System.Collections.Immutable;
using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>The variables that <c>@skip</c> and <c>@include</c> ask.</summary>
internal static class SwitchVariables
{
    public static void Collect(SyntaxNode node, HashSet<string> names)
    {
        switch (node)
        {
            case OperationNode operation:
                Collect(operation.SelectionSet, names);
                break;
            case FragmentNode fragment:
                Collect(fragment.SelectionSet, names);
                break;
            case FieldNode field:
                Collect(field.Directives, names);
                if (field.SelectionSet is not null)
                {
                    Collect(field.SelectionSet, names);
                }
                break;
            case InlineFragmentNode inline:
                Collect(inline.Directives, names);
                Collect(inline.SelectionSet, names);
                break;
            case FragmentSpreadNode spread:
                Collect(spread.Directives, names);
                break;
            case SelectionSetNode selectionSet:
                foreach (var selection in selectionSet.Selections)
                {
                    Collect(selection, names);
                }
                break;
        }
    }

    private static void Collect(ImmutableArray<DirectiveNode> directives, HashSet<string> names)
    {
        foreach (var directive in directives)
        {
            if (directive.Name is "skip" or "include" && directive.Argument("if") is VariableNode variable)
            {
                names.Add(variable.Name.Value);
            }
        }
    }
}
