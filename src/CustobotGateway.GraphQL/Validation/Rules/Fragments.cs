using System.Runtime.CompilerServices;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Validation.Rules;

/// <summary>Fragments are on types that have fields or members (spec §5.5.1.3).</summary>
internal sealed class FragmentsOnCompositeTypes(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind is NodeKind.InlineFragment or NodeKind.Fragment;

    public override bool Enter(SyntaxNode node)
    {
        var (condition, subject) = node is FragmentNode fragment
            ? (fragment.TypeCondition, $"Fragment \"{fragment.Name.Value}\"")
            : (((InlineFragmentNode)node).TypeCondition, "Fragment");
        if (condition is not null && Context.Schema.FindType(condition.Name) is { } type and not CompositeType)
        {
            Context.Report($"{subject} cannot condition on non composite type \"{type}\".", condition.Location);
        }
        return true;
    }
}

/// <summary>Fragments have different names (spec §5.5.1.1).</summary>
internal sealed class UniqueFragmentNames(ValidationContext context) : ValidationRule(context)
{
    private readonly Dictionary<string, SourceLocation> _known = new(StringComparer.Ordinal);

    public override bool Sees(NodeKind kind) => kind == NodeKind.Fragment;

    public override bool Enter(SyntaxNode node)
    {
        var name = ((FragmentNode)node).Name;
        if (!_known.TryAdd(name.Value, name.Location))
        {
            Context.Report($"There can be only one fragment named \"{name.Value}\".", _known[name.Value], name.Location);
        }
        return true;
    }
}

/// <summary>Fragments that are spread exist (spec §5.5.2.1).</summary>
internal sealed class KnownFragmentNames(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind == NodeKind.FragmentSpread;

    public override bool Enter(SyntaxNode node)
    {
        var name = ((FragmentSpreadNode)node).Name;
        if (!Context.Fragments.ContainsKey(name.Value))
        {
            Context.Report($"Unknown fragment \"{name.Value}\".", name.Location);
        }
        return true;
    }
}

/// <summary>Fragments are used (spec §5.5.1.4).</summary>
internal sealed class NoUnusedFragments(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind == NodeKind.Document;

    public override void Leave(SyntaxNode node)
    {
        var used = Context.Reached([.. Context.Document.Definitions.OfType<OperationNode>()]).Select(fragment => fragment.Name.Value).ToHashSet();
        foreach (var definition in Context.Document.Definitions)
        {
            if (definition is FragmentNode fragment && !used.Contains(fragment.Name.Value))
            {
                Context.Report($"Fragment \"{fragment.Name.Value}\" is never used.", fragment.Location);
            }
        }
    }
}

/// <summary>A fragment is spread where values can be of its type (spec §5.5.2.3).</summary>
internal sealed class PossibleFragmentSpreads(ValidationContext context) : ValidationRule(context)
{
    private readonly Dictionary<(CompositeType, CompositeType), bool> _overlaps = [];

    public override bool Sees(NodeKind kind) => kind is NodeKind.InlineFragment or NodeKind.FragmentSpread;

    public override bool Enter(SyntaxNode node)
    {
        CompositeType? type;
        var subject = "Fragment";
        if (node is FragmentSpreadNode spread)
        {
            var fragment = Context.Fragments.GetValueOrDefault(spread.Name.Value);
            type = fragment is null ? null : Context.Schema.FindType(fragment.TypeCondition.Name) as CompositeType;
            subject = $"Fragment \"{spread.Name.Value}\"";
        }
        else
        {
            type = Context.Place.Type as CompositeType;
        }
        if (type is not null && Context.Place.Parent is { } parent && !Overlap(type, parent))
        {
            Context.Report($"{subject} cannot be spread here as objects of type \"{parent}\" can never be of type \"{type}\".", node.Location);
        }
        return true;
    }

    private bool Overlap(CompositeType left, CompositeType right)
    {
        if (!_overlaps.TryGetValue((left, right), out var overlap))
        {
            Context.Spend(left.IsAbstract && right.IsAbstract ? left.PossibleTypes.Length : 1);
            _overlaps.Add((left, right), overlap = left.Overlaps(right));
        }
        return overlap;
    }
}

/// <summary>No fragment contains itself (spec §5.5.2.2).</summary>
internal sealed class NoFragmentCycles(ValidationContext context) : ValidationRule(context)
{
    private readonly HashSet<string> _visited = new(StringComparer.Ordinal);
    private readonly List<FragmentSpreadNode> _path = [];
    private readonly Dictionary<string, int> _startsInPath = new(StringComparer.Ordinal);

    public override bool Sees(NodeKind kind) => kind == NodeKind.Fragment;

    public override bool Enter(SyntaxNode node)
    {
        Visit((FragmentNode)node);
        return true;
    }

    private void Visit(FragmentNode fragment)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var name = fragment.Name.Value;
        if (!_visited.Add(name))
        {
            return;
        }
        _startsInPath[name] = _path.Count;
        foreach (var spread in Context.Spreads(fragment.SelectionSet))
        {
            _path.Add(spread);
            if (_startsInPath.TryGetValue(spread.Name.Value, out var start))
            {
                Report(spread.Name.Value, start);
            }
            else if (Context.Fragments.TryGetValue(spread.Name.Value, out var next))
            {
                Visit(next);
            }
            _path.RemoveAt(_path.Count - 1);
        }
        _startsInPath.Remove(name);
    }

    private void Report(string name, int start)
    {
        var cycle = _path.Skip(start).ToList();
        Context.Spend(cycle.Count);
        var via = string.Join(", ", cycle.SkipLast(1).Select(spread => $"\"{spread.Name.Value}\""));
        Context.Report(
            $"Cannot spread fragment \"{name}\" within itself" + (via.Length == 0 ? "." : $" via {via}."), [.. cycle.Select(spread => spread.Location)]);
    }
}
