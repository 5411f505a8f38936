using System.Collections.Concurrent;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Limits;

/// <summary>What a selection costs for each object that it is asked of.</summary>
/// <param name="Fields">The weights of the fields.</param>
/// <param name="Objects">The weights of the objects.</param>
/// <param name="ListItems">The most items that lists within lists have together.</param>
internal sealed record CostRate(double Fields, double Objects, double ListItems);

/// <summary>
/// The rates of an operation's selections that cost the same in every request, having no arguments, directives or fragments: worked out once,
/// so that the cost of a known document takes only its other selections.
/// </summary>
internal sealed class CostRates(Schema schema)
{
    private static readonly CostRate Varying = new(double.NaN, double.NaN, double.NaN);

    private readonly ConcurrentDictionary<SelectionSetNode, CostRate> _rates = new(ReferenceEqualityComparer.Instance);

    /// <summary>The rate of a selection; null where it may differ between requests.</summary>
    public CostRate? Of(SelectionSetNode selectionSet, CompositeType parent)
    {
        if (!_rates.TryGetValue(selectionSet, out var rate))
        {
            rate = Compute(selectionSet, parent) ?? Varying;
            _rates.TryAdd(selectionSet, rate);
        }
        return rate == Varying ? null : rate;
    }

    /// <summary>What an object of the type weighs; of an abstract type, what the dearest of its types does.</summary>
    public static double Weight(NamedType type)
    {
        if (double.IsNaN(type.Weight))
        {
            type.Weight = FieldCost.ReadWeight(type.Directives) ?? type switch
            {
                _ when type.IsLeaf => 0,
                CompositeType { IsAbstract: true, PossibleTypes.IsEmpty: false } composite =>
                    composite.PossibleTypes.Max(possible => FieldCost.ReadWeight(possible.Directives) ?? 1),
                _ => 1,
            };
        }
        return type.Weight;
    }

    private CostRate? Compute(SelectionSetNode selectionSet, CompositeType parent)
    {
        var (fields, objects, listItems) = (0.0, 0.0, 1.0);
        foreach (var selection in selectionSet.Selections)
        {
            if (selection is not FieldNode { Arguments.IsEmpty: true, Directives.IsEmpty: true } node || schema.FindField(parent, node.Name) is not { } field
                || field.Cost.HasListSize && (!field.Cost.SizedFields.IsEmpty || !field.Cost.SlicingArguments.IsEmpty))
            {
                return null;
            }
            if (field.Name.StartsWith("__", StringComparison.Ordinal))
            {
                continue;
            }
            var named = field.Type.Named;
            var items = field.Type.Nullable is ListType ? field.Cost.AssumedSize ?? 1 : 1.0;
            fields += field.Cost.Weight ?? (named.IsLeaf ? 0 : 1);
            objects += items * Weight(named);
            listItems = Math.Max(listItems, items);
            if (node.SelectionSet is not null && named is CompositeType type)
            {
                if (Of(node.SelectionSet, type) is not { } below)
                {
                    return null;
                }
                fields += items * below.Fields;
                objects += items * below.Objects;
                listItems = Math.Max(listItems, items * below.ListItems);
            }
        }
        return new CostRate(fields, objects, listItems);
    }
}
