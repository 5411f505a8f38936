using System.Runtime.CompilerServices;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Validation.Rules;

/// <summary>
/// Fields with one response name ask for the same (FieldsInSetCanMerge, spec §5.3.2). Each selection set is compared with itself; sets
/// that overlap, and fragments, in pairs. A pair is compared once, and every comparison is paid from the budget, since a short document
/// can ask for very many.
/// </summary>
internal sealed class OverlappingFieldsCanBeMerged(ValidationContext context) : ValidationRule(context)
{
    private readonly Dictionary<(SelectionSetNode, NamedType?), FieldSet> _sets = [];
    private readonly Dictionary<string, SpreadFragment> _fragments = new(StringComparer.Ordinal);
    private readonly Dictionary<(SpreadFragment, SpreadFragment), bool> _comparedFragments = [];
    private readonly Dictionary<ValueNode, string> _printed = new(ReferenceEqualityComparer.Instance);
    private SelectionSetNode? _inlined;

    public override bool Sees(NodeKind kind) => kind is NodeKind.SelectionSet or NodeKind.InlineFragment;

    public override bool Enter(SyntaxNode node)
    {
        if (node is InlineFragmentNode inline)
        {
            // Its fields belong to the set around it.
            _inlined = inline.SelectionSet;
            return true;
        }
        var set = (SelectionSetNode)node;
        if (set == _inlined || (set.Selections.Length <= 1 && set.Selections[0] is not InlineFragmentNode))
        {
            return true;
        }
        var conflicts = new List<Conflict>();
        CompareWithin(Fields(set, Context.Place.Parent), conflicts);
        foreach (var conflict in conflicts)
        {
            Context.Report(
                $"Fields \"{Conflict.Abbreviate(conflict.ResponseName)}\" conflict because {conflict.Reason}. Use different aliases on the fields to fetch both if this was intentional.",
                [.. conflict.Left.Concat(conflict.Right).Select(field => field.Location)]);
        }
        return true;
    }

    private void CompareWithin(FieldSet set, List<Conflict> conflicts)
    {
        foreach (var (name, fields) in set.ByName)
        {
            for (var i = 0; i < fields.Count; i++)
            {
                for (var j = i + 1; j < fields.Count; j++)
                {
                    CompareFields(false, name, fields[i], fields[j], conflicts);
                }
            }
        }
        for (var i = 0; i < set.Fragments.Count; i++)
        {
            CompareWithFragment(false, set, set.Fragments[i], conflicts);
            for (var j = i + 1; j < set.Fragments.Count; j++)
            {
                CompareFragments(false, set.Fragments[i], set.Fragments[j], conflicts);
            }
        }
    }

    private void CompareSets(bool exclusive, FieldSet left, FieldSet right, List<Conflict> conflicts)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        CompareOwnFields(exclusive, left, right, conflicts);
        foreach (var fragment in right.Fragments)
        {
            CompareWithFragment(exclusive, left, fragment, conflicts);
        }
        foreach (var fragment in left.Fragments)
        {
            CompareWithFragment(exclusive, right, fragment, conflicts);
        }
        foreach (var first in left.Fragments)
        {
            foreach (var second in right.Fragments)
            {
                CompareFragments(exclusive, first, second, conflicts);
            }
        }
    }

    private void CompareWithFragment(bool exclusive, FieldSet set, SpreadFragment fragment, List<Conflict> conflicts)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Context.Spend(1);
        // What was compared as if both could apply need not be compared again as if they could not.
        if (set.ByName.Count == 0 || (set.ComparedFragments.TryGetValue(fragment, out var compared) && (!compared || exclusive)))
        {
            return;
        }
        set.ComparedFragments[fragment] = exclusive;
        if (FragmentFields(fragment) is not { } fields || fields == set)
        {
            return;
        }
        CompareOwnFields(exclusive, set, fields, conflicts);
        foreach (var nested in fields.Fragments)
        {
            CompareWithFragment(exclusive, set, nested, conflicts);
        }
    }

    private void CompareFragments(bool exclusive, SpreadFragment first, SpreadFragment second, List<Conflict> conflicts)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Context.Spend(2);
        if (first == second || WasCompared((first, second), exclusive) || WasCompared((second, first), exclusive))
        {
            return;
        }
        _comparedFragments[(first, second)] = exclusive;
        if (FragmentFields(first) is not { } left || FragmentFields(second) is not { } right)
        {
            return;
        }
        CompareOwnFields(exclusive, left, right, conflicts);
        foreach (var nested in right.Fragments)
        {
            CompareFragments(exclusive, first, nested, conflicts);
        }
        foreach (var nested in left.Fragments)
        {
            CompareFragments(exclusive, nested, second, conflicts);
        }
    }

    private bool WasCompared((SpreadFragment, SpreadFragment) pair, bool exclusive) =>
        _comparedFragments.TryGetValue(pair, out var compared) && (exclusive || !compared);

    private void CompareOwnFields(bool exclusive, FieldSet left, FieldSet right, List<Conflict> conflicts)
    {
        if (right.ByName.Count == 0)
        {
            return;
        }
        Context.Spend(left.ByName.Count);
        foreach (var (name, fields) in left.ByName)
        {
            if (right.Find(name) is not { } others)
            {
                continue;
            }
            foreach (var first in fields)
            {
                foreach (var second in others)
                {
                    CompareFields(exclusive, name, first, second, conflicts);
                }
            }
        }
    }

    private void CompareFields(bool parentsExclusive, string responseName, AskedField left, AskedField right, List<Conflict> conflicts)
    {
        Context.Spend(2);
        var exclusive = parentsExclusive || (left.Parent != right.Parent && left.Parent is ObjectType && right.Parent is ObjectType);
        if (!exclusive && Difference(left.Node, right.Node) is { } reason)
        {
            conflicts.Add(new Conflict(responseName, reason, [left.Node], [right.Node]));
            return;
        }
        if (left.Type is not null && right.Type is not null && TypesConflict(left.Type, right.Type))
        {
            conflicts.Add(new Conflict(
                responseName, $"they return conflicting types \"{left.Type}\" and \"{right.Type}\"", [left.Node], [right.Node]));
            return;
        }
        if (left.Node.SelectionSet is { } leftSet && right.Node.SelectionSet is { } rightSet)
        {
            var below = new List<Conflict>();
            CompareSets(exclusive, Fields(leftSet, left.Type?.Named), Fields(rightSet, right.Type?.Named), below);
            if (below.Count > 0)
            {
                conflicts.Add(Conflict.Above(responseName, left.Node, right.Node, below));
            }
        }
    }

    private string? Difference(FieldNode left, FieldNode right)
    {
        if (left.Name != right.Name)
        {
            return $"\"{Conflict.Abbreviate(left.Name)}\" and \"{Conflict.Abbreviate(right.Name)}\" are different fields";
        }
        return SameArguments(left, right) ? null : "they have differing arguments";
    }

    private bool SameArguments(FieldNode left, FieldNode right)
    {
        if (left.Arguments.Length != right.Arguments.Length)
        {
            return false;
        }
        foreach (var argument in left.Arguments)
        {
            Context.Spend(right.Arguments.Length);
            var other = right.Arguments.LastOrDefault(candidate => candidate.Name == argument.Name);
            if (other is null || Print(argument.Value) != Print(other.Value))
            {
                return false;
            }
        }
        return true;
    }

    private string Print(ValueNode value)
    {
        if (!_printed.TryGetValue(value, out var printed))
        {
            _printed.Add(value, printed = ValuePrinter.Print(Sorted(value)));
        }
        return printed;
    }

    // The fields of an input object are the same in any order.
    private static ValueNode Sorted(ValueNode value) => value switch
    {
        ListValueNode list => new ListValueNode([.. list.Values.Select(Sorted)], list.Location),
        ObjectValueNode fields => new ObjectValueNode(
            [.. fields.Fields.OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => new ObjectFieldNode(field.Name, Sorted(field.Value), field.Location))],
            fields.Location),
        _ => value,
    };

    // Composite types may differ, since their fields are compared further below (SameResponseShape).
    private static bool TypesConflict(SchemaType left, SchemaType right) => (left, right) switch
    {
        _ when left == right => false,
        (ListType first, ListType second) => TypesConflict(first.Item, second.Item),
        (ListType, _) or (_, ListType) => true,
        (NonNullType first, NonNullType second) => TypesConflict(first.Inner, second.Inner),
        (NonNullType, _) or (_, NonNullType) => true,
        _ => left.Named.IsLeaf || right.Named.IsLeaf,
    };

    // Null where there is no such fragment.
    private FieldSet? FragmentFields(SpreadFragment fragment) => fragment.Fields ??= fragment.Node is not { } node
        ? null
        : Fields(node.SelectionSet, Context.Schema.FindType(node.TypeCondition.Name));

    private SpreadFragment Fragment(string name)
    {
        if (!_fragments.TryGetValue(name, out var fragment))
        {
            _fragments.Add(name, fragment = new SpreadFragment(Context.Fragments.GetValueOrDefault(name)));
        }
        return fragment;
    }

    private FieldSet Fields(SelectionSetNode selectionSet, NamedType? parent)
    {
        if (!_sets.TryGetValue((selectionSet, parent), out var set))
        {
            _sets.Add((selectionSet, parent), set = new FieldSet());
            Collect(set, selectionSet, parent);
        }
        return set;
    }

    private void Collect(FieldSet set, SelectionSetNode selectionSet, NamedType? parent)
    {
        Context.Spend(selectionSet.Selections.Length);
        foreach (var selection in selectionSet.Selections)
        {
            switch (selection)
            {
                case FieldNode field:
                    set.Add(new AskedField(parent, field, (parent as CompositeType)?.Fields.Find(field.Name)?.Type));
                    break;
                case FragmentSpreadNode spread:
                    set.Add(Fragment(spread.Name.Value));
                    break;
                case InlineFragmentNode inline:
                    Collect(set, inline.SelectionSet, inline.TypeCondition is null ? parent : Context.Schema.FindType(inline.TypeCondition.Name));
                    break;
            }
        }
    }
}
