using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Validation.Rules;

/// <summary>A field with the type on which it is asked and the type that it has, where they are known.</summary>
internal readonly record struct AskedField(NamedType? Parent, FieldNode Node, SchemaType? Type);

/// <summary>A name that is spread, compared by reference; without a node where no fragment has it.</summary>
internal sealed class SpreadFragment(FragmentNode? node)
{
    public FragmentNode? Node { get; } = node;

    /// <summary>What it asks, once that was collected.</summary>
    public FieldSet? Fields { get; set; }
}

/// <summary>What one selection set asks itself: fields by response name in the order of the text, and the fragments that it spreads.</summary>
internal sealed class FieldSet
{
    private readonly Dictionary<string, List<AskedField>> _index = new(StringComparer.Ordinal);
    private readonly HashSet<SpreadFragment> _fragments = [];

    public List<(string Name, List<AskedField> Fields)> ByName { get; } = [];

    public List<SpreadFragment> Fragments { get; } = [];

    /// <summary>The fragments that it was compared with, and whether only as if they could not apply together.</summary>
    public Dictionary<SpreadFragment, bool> ComparedFragments { get; } = [];

    public List<AskedField>? Find(string name) => _index.GetValueOrDefault(name);

    public void Add(AskedField field)
    {
        var name = field.Node.ResponseName;
        if (!_index.TryGetValue(name, out var fields))
        {
            _index.Add(name, fields = []);
            ByName.Add((name, fields));
        }
        fields.Add(field);
    }

    public void Add(SpreadFragment fragment)
    {
        if (_fragments.Add(fragment))
        {
            Fragments.Add(fragment);
        }
    }
}

/// <summary>Two fields, or groups of them, that cannot be one.</summary>
internal sealed record Conflict(string ResponseName, string Reason, List<FieldNode> Left, List<FieldNode> Right)
{
    private const int MaxText = 1000;
    private const int MaxNodes = 20;

    /// <summary>The conflict of two fields whose selections conflict.</summary>
    public static Conflict Above(string responseName, FieldNode left, FieldNode right, List<Conflict> below)
    {
        var reason = "";
        foreach (var conflict in below)
        {
            reason += $"{(reason.Length == 0 ? "" : " and ")}subfields \"{Abbreviate(conflict.ResponseName)}\" conflict because {conflict.Reason}";
            if (reason.Length > MaxText)
            {
                break;
            }
        }
        return new Conflict(responseName, Abbreviate(reason), Nodes(left, below, conflict => conflict.Left), Nodes(right, below, conflict => conflict.Right));
    }

    public static string Abbreviate(string text) => text.Length > MaxText ? text[..MaxText] + "..." : text;

    // Of too many the deeper ones are kept.
    private static List<FieldNode> Nodes(FieldNode top, List<Conflict> below, Func<Conflict, List<FieldNode>> side)
    {
        var nodes = new List<FieldNode> { top };
        foreach (var conflict in below)
        {
            nodes.AddRange(side(conflict).TakeLast(MaxNodes - nodes.Count));
            if (nodes.Count == MaxNodes)
            {
                break;
            }
        }
        return nodes;
    }
}
