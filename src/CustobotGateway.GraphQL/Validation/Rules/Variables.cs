using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Validation.Rules;

/// <summary>Variables have input types (spec §5.8.2).</summary>
internal sealed class VariablesAreInputTypes(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind == NodeKind.VariableDefinition;

    public override bool Enter(SyntaxNode node)
    {
        var definition = (VariableDefinitionNode)node;
        if (Context.Schema.FindType(definition.Type) is { IsInput: false })
        {
            Context.Report($"Variable \"${definition.Variable.Name.Value}\" cannot be non-input type \"{definition.Type}\".", definition.Type.Location);
        }
        return true;
    }
}

/// <summary>The variables of an operation have different names (spec §5.8.1).</summary>
internal sealed class UniqueVariableNames(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind == NodeKind.Operation;

    public override bool Enter(SyntaxNode node)
    {
        var names = ((OperationNode)node).Variables.Select(definition => definition.Variable.Name);
        foreach (var same in names.GroupBy(name => name.Value).Where(group => group.Count() > 1))
        {
            Context.Report($"There can be only one variable named \"${same.Key}\".", [.. same.Select(name => name.Location)]);
        }
        return true;
    }
}

/// <summary>Variables that are used are defined by every operation that uses them (spec §5.8.3).</summary>
internal sealed class NoUndefinedVariables(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind == NodeKind.Operation;

    public override void Leave(SyntaxNode node)
    {
        var operation = (OperationNode)node;
        var defined = operation.Variables.Select(definition => definition.Variable.Name.Value).ToHashSet();
        var by = operation.Name is { } name ? $" by operation \"{name.Value}\"" : "";
        foreach (var usage in Context.Usages(operation))
        {
            if (!defined.Contains(usage.Node.Name.Value))
            {
                Context.Report($"Variable \"${usage.Node.Name.Value}\" is not defined{by}.", usage.Node.Location, operation.Location);
            }
        }
    }
}

/// <summary>Variables that are defined are used (spec §5.8.4).</summary>
internal sealed class NoUnusedVariables(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind == NodeKind.Operation;

    public override void Leave(SyntaxNode node)
    {
        var operation = (OperationNode)node;
        var used = Context.Usages(operation).Select(usage => usage.Node.Name.Value).ToHashSet();
        var by = operation.Name is { } name ? $" in operation \"{name.Value}\"" : "";
        foreach (var definition in operation.Variables)
        {
            if (!used.Contains(definition.Variable.Name.Value))
            {
                Context.Report($"Variable \"${definition.Variable.Name.Value}\" is never used{by}.", definition.Location);
            }
        }
    }
}

/// <summary>A variable's type fits every place where it is used (spec §5.8.5).</summary>
internal sealed class VariablesInAllowedPosition(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind == NodeKind.Operation;

    public override void Leave(SyntaxNode node)
    {
        var definitions = new Dictionary<string, VariableDefinitionNode>(StringComparer.Ordinal);
        foreach (var definition in ((OperationNode)node).Variables)
        {
            definitions[definition.Variable.Name.Value] = definition;
        }
        foreach (var usage in Context.Usages((OperationNode)node))
        {
            if (usage.Type is not null && definitions.TryGetValue(usage.Node.Name.Value, out var definition))
            {
                Check(usage, definition, usage.Type);
            }
        }
    }

    private void Check(VariableUsage usage, VariableDefinitionNode definition, SchemaType expected)
    {
        var name = usage.Node.Name.Value;
        var type = Context.Schema.FindType(definition.Type);
        if (type is not null && !IsAllowed(type, definition.DefaultValue, expected, usage.HasDefault))
        {
            Context.Report(
                $"Variable \"${name}\" of type \"{type}\" used in position expecting type \"{expected}\".", definition.Location, usage.Node.Location);
        }
        if (usage.Parent is InputObjectType { IsOneOf: true } parent && type is not NonNullType and not null)
        {
            Context.Report(
                $"Variable \"${name}\" is of type \"{type}\" but must be non-nullable to be used for OneOf Input Object \"{parent}\".",
                definition.Location, usage.Node.Location);
        }
    }

    // AreTypesCompatible after IsVariableUsageAllowed: a default on either side stands in for null.
    private static bool IsAllowed(SchemaType type, ValueNode? defaultValue, SchemaType expected, bool placeHasDefault)
    {
        if (expected is NonNullType nonNull && type is not NonNullType)
        {
            return (placeHasDefault || defaultValue is not null and not NullValueNode) && Schema.IsSubtype(type, nonNull.Inner);
        }
        return Schema.IsSubtype(type, expected);
    }
}
