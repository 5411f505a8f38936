using System.Collections.Immutable;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Limits;

/// <summary>What an operation can cost at most, known before it runs.</summary>
/// <param name="FieldCost">The sum of the fields' weights, each times the items of the lists around it.</param>
/// <param name="TypeCost">The sum of the objects' weights, each times the items of the lists around it.</param>
/// <param name="ListItems">The most items that lists within lists can have together.</param>
public readonly record struct Cost(double FieldCost, double TypeCost, double ListItems);

/// <summary>
/// Computes the cost by <c>@cost</c> and <c>@listSize</c> (IBM GraphQL Cost Directives specification). Without <c>@cost</c> a field of a
/// leaf weighs nothing, any other 1; an object weighs 1; arguments and input fields what they are declared to. A list without <c>@listSize</c> counts as
/// one item. Introspection is free: its size follows from the schema alone, and its depth has a limit of its own.
/// </summary>
internal sealed class OperationCost
{
    private readonly Schema _schema;
    private readonly CostRates? _rates;
    private readonly OperationLimits _limits;
    private readonly VariableValues _variables;
    private readonly IReadOnlyDictionary<string, FragmentNode> _fragments;
    private readonly List<GraphQLError> _errors;
    private double _fieldCost;
    private double _typeCost;
    private double _listItems = 1;

    private OperationCost(
        Schema schema, OperationLimits limits, VariableValues variables, IReadOnlyDictionary<string, FragmentNode> fragments, CostRates? rates, List<GraphQLError> errors) =>
        (_schema, _limits, _variables, _fragments, _rates, _errors) = (schema, limits, variables, fragments, rates, errors);

    /// <summary>The cost; errors are added where it is above the limits.</summary>
    public static Cost Compute(
        Schema schema,
        OperationNode operation,
        IReadOnlyDictionary<string, FragmentNode> fragments,
        VariableValues variables,
        OperationLimits limits,
        CostRates? rates,
        List<GraphQLError> errors)
    {
        var cost = new OperationCost(schema, limits, variables, fragments, rates, errors);
        var root = schema.Root(operation.Operation)!;
        cost.Add(0, CostRates.Weight(root), operation.Location);
        cost.Visit(operation.SelectionSet, root, 1, null);
        return new Cost(cost._fieldCost, cost._typeCost, cost._listItems);
    }

    private void Visit(SelectionSetNode selectionSet, CompositeType parent, double items, SizedFields? sized)
    {
        if (sized is null && _rates?.Of(selectionSet, parent) is { } rate && TryAdd(rate, items))
        {
            return;
        }
        foreach (var selection in selectionSet.Selections)
        {
            if (_errors.Count > 0)
            {
                return;
            }
            switch (selection)
            {
                case FieldNode field when Inclusion.IsIncluded(field.Directives, _variables):
                    VisitField(field, parent, items, sized);
                    break;
                case InlineFragmentNode inline when Inclusion.IsIncluded(inline.Directives, _variables):
                    var type = inline.TypeCondition is null ? parent : _schema.FindType(inline.TypeCondition.Name) as CompositeType;
                    Visit(inline.SelectionSet, type ?? parent, items, sized);
                    break;
                case FragmentSpreadNode spread when Inclusion.IsIncluded(spread.Directives, _variables) && _fragments.TryGetValue(spread.Name.Value, out var fragment):
                    Visit(fragment.SelectionSet, _schema.FindType(fragment.TypeCondition.Name) as CompositeType ?? parent, items, sized);
                    break;
            }
        }
    }

    // Where this exceeds a limit, the visit of each field finds out at which.
    private bool TryAdd(CostRate rate, double items)
    {
        var (fieldCost, typeCost, listItems) = (_fieldCost + (items * rate.Fields), _typeCost + (items * rate.Objects), items * rate.ListItems);
        if (fieldCost > _limits.MaxFieldCost || typeCost > _limits.MaxTypeCost || listItems > _limits.MaxListItems)
        {
            return false;
        }
        (_fieldCost, _typeCost, _listItems) = (fieldCost, typeCost, Math.Max(_listItems, listItems));
        return true;
    }

    private void VisitField(FieldNode node, CompositeType parent, double items, SizedFields? sized)
    {
        if (_schema.FindField(parent, node.Name) is not { } field || field.Name.StartsWith("__", StringComparison.Ordinal))
        {
            return;
        }
        var named = field.Type.Named;
        var weight = field.Cost.Weight ?? (named.IsLeaf ? 0 : 1);
        weight += InputWeight(node.Arguments, field.Arguments);
        foreach (var directive in node.Directives)
        {
            weight += InputWeight(directive.Arguments, _schema.Directives.Find(directive.Name)?.Arguments ?? DefinitionList<InputValue>.Empty);
        }
        var size = ListSize(field, node);
        var below = items;
        if (field.Type.Nullable is ListType)
        {
            below *= sized is not null && sized.Names.Contains(field.Name) ? sized.Size : field.Cost.SizedFields.IsEmpty ? size ?? 1 : 1;
        }
        _listItems = Math.Max(_listItems, below);
        if (below > _limits.MaxListItems)
        {
            Report($"The lists here can have {below} items together, {_limits.MaxListItems} are allowed.", node, ErrorCodes.ListLimitExceeded);
        }
        Add(items * weight, below * CostRates.Weight(named), node.Location);
        if (node.SelectionSet is not null && named is CompositeType type)
        {
            var sizes = size is null || field.Cost.SizedFields.IsEmpty ? null : new SizedFields(field.Cost.SizedFields, size.Value);
            Visit(node.SelectionSet, type, below, sizes);
        }
    }

    private double InputWeight(ImmutableArray<ArgumentNode> arguments, DefinitionList<InputValue> definitions)
    {
        var weight = 0.0;
        foreach (var argument in arguments)
        {
            if (definitions.Find(argument.Name) is { } definition)
            {
                weight += definition.Weight + InputWeight(argument.Value, definition.Type);
            }
        }
        return weight;
    }

    private double InputWeight(ValueNode value, SchemaType type)
    {
        switch (value)
        {
            case VariableNode variable:
                return _variables.TryGet(variable.Name.Value, out var given) ? InputWeight(given) : 0;
            case ListValueNode list:
                return list.Values.Sum(item => InputWeight(item, type));
            case ObjectValueNode fields when type.Named is InputObjectType input:
                return fields.Fields.Sum(field => input.Fields.Find(field.Name) is { } definition
                    ? definition.Weight + InputWeight(field.Value, definition.Type)
                    : 0);
            default:
                return 0;
        }
    }

    private static double InputWeight(object? value)
    {
        var weight = 0.0;
        switch (value)
        {
            case InputObject input:
                foreach (var (field, given) in input.Fields)
                {
                    weight += field.Weight + InputWeight(given);
                }
                break;
            case object?[] items:
                foreach (var item in items)
                {
                    weight += InputWeight(item);
                }
                break;
        }
        return weight;
    }

    // The most that the slicing arguments allow, or what the schema assumes; null where nothing is declared.
    private double? ListSize(FieldDefinition field, FieldNode node)
    {
        var cost = field.Cost;
        if (!cost.HasListSize)
        {
            return null;
        }
        double? size = null;
        var given = 0;
        foreach (var name in cost.SlicingArguments)
        {
            if (field.Arguments.Find(name) is not { } definition)
            {
                continue;
            }
            var value = definition.DefaultValue;
            foreach (var argument in node.Arguments)
            {
                if (argument.Name == name && InputCoercion.TryRead(argument.Value, definition.Type, _variables, out var read))
                {
                    value = read;
                    given += read is null ? 0 : 1;
                }
            }
            if (value is int count)
            {
                size = Math.Max(size ?? 0, Math.Max(0, count));
            }
        }
        if (cost.RequiresOneSlicingArgument && given != 1 && (given > 1 || size is null))
        {
            Report(
                $"Field \"{field.Name}\" takes exactly one of the arguments {string.Join(", ", cost.SlicingArguments.Select(name => $"\"{name}\""))}.",
                node, ErrorCodes.SlicingArgumentRequired);
        }
        return size ?? cost.AssumedSize;
    }

    private void Add(double fieldCost, double typeCost, SourceLocation location)
    {
        _fieldCost += fieldCost;
        _typeCost += typeCost;
        if (_fieldCost > _limits.MaxFieldCost)
        {
            Report($"The operation's fields cost more than the {_limits.MaxFieldCost} that are allowed.", location, ErrorCodes.CostLimitExceeded);
        }
        else if (_typeCost > _limits.MaxTypeCost)
        {
            Report($"The operation's objects cost more than the {_limits.MaxTypeCost} that are allowed.", location, ErrorCodes.CostLimitExceeded);
        }
    }

    private void Report(string message, SyntaxNode at, string code) => Report(message, at.Location, code);

    private void Report(string message, SourceLocation location, string code)
    {
        if (_errors.Count == 0)
        {
            _errors.Add(new GraphQLError(message, [location], code));
        }
    }

    /// <summary>The fields below that hold the list whose size is known here.</summary>
    private sealed record SizedFields(ImmutableArray<string> Names, double Size);
}
