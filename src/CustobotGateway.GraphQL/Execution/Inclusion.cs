using System.Collections.Immutable;
using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Execution;

/// <summary><c>@skip</c> and <c>@include</c> (spec §3.13.1, §3.13.2).</summary>
internal static class Inclusion
{
    public static bool IsIncluded(ImmutableArray<DirectiveNode> directives, VariableValues variables)
    {
        foreach (var directive in directives)
        {
            if (directive.Name is "skip" or "include" && directive.Argument("if") is { } condition
                && IsTrue(condition, variables) == (directive.Name == "skip"))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsTrue(ValueNode condition, VariableValues variables) => condition switch
    {
        BooleanValueNode literal => literal.Value,
        VariableNode variable => variables.TryGet(variable.Name.Value, out var value) && value is true,
        _ => false,
    };
}
