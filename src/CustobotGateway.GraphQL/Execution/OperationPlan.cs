using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>
/// An operation laid out for execution: for each object type the fields to resolve, merged and in order (CollectFields, spec §6.3.2),
/// found when the type is first met and kept with the cached document. <c>@skip</c> and <c>@include</c> are settled by the plan; an
/// operation has one for each combination of the variables in them.
/// </summary>
internal sealed class OperationPlan
{
    private readonly IReadOnlyDictionary<string, FragmentNode> _fragments;
    private readonly VariableValues _variables;
    private int _fields;

    // The variables are those of @skip and @include alone, which are the same for each request of the plan.
    public OperationPlan(Schema schema, OperationNode operation, IReadOnlyDictionary<string, FragmentNode> fragments, VariableValues variables)
    {
        (Schema, Operation, _fragments, _variables) = (schema, operation, fragments, variables);
        Root = Collect(schema.Root(operation.Operation)!, [operation.SelectionSet]);
    }

    public Schema Schema { get; }

    public OperationNode Operation { get; }

    public SelectionPlan Root { get; }

    /// <summary>How many fields the plan has so far; their numbers are below it.</summary>
    public int FieldCount => Volatile.Read(ref _fields);

    public SelectionPlan Collect(ObjectType type, IEnumerable<SelectionSetNode> selectionSets)
    {
        var collector = new Collector(this, type);
        foreach (var selectionSet in selectionSets)
        {
            collector.Visit(selectionSet);
        }
        return new SelectionPlan(type, collector.Build());
    }

    private sealed class Collector(OperationPlan plan, ObjectType type)
    {
        private readonly List<(string Name, List<FieldNode> Nodes)> _fields = [];
        private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
        private HashSet<string>? _visited;

        public void Visit(SelectionSetNode selectionSet)
        {
            foreach (var selection in selectionSet.Selections)
            {
                switch (selection)
                {
                    case FieldNode field when Inclusion.IsIncluded(field.Directives, plan._variables):
                        Add(field);
                        break;
                    case InlineFragmentNode inline when Inclusion.IsIncluded(inline.Directives, plan._variables) && Applies(inline.TypeCondition):
                        Visit(inline.SelectionSet);
                        break;
                    case FragmentSpreadNode spread when Inclusion.IsIncluded(spread.Directives, plan._variables)
                        && (_visited ??= new(StringComparer.Ordinal)).Add(spread.Name.Value)
                        && plan._fragments.TryGetValue(spread.Name.Value, out var fragment) && Applies(fragment.TypeCondition):
                        Visit(fragment.SelectionSet);
                        break;
                }
            }
        }

        public FieldPlan[] Build()
        {
            var fields = new List<FieldPlan>(_fields.Count);
            foreach (var (name, nodes) in _fields)
            {
                if (plan.Schema.FindField(type, nodes[0].Name) is { } definition)
                {
                    fields.Add(new FieldPlan(plan, Interlocked.Increment(ref plan._fields) - 1, type, definition, name, [.. nodes]));
                }
            }
            return [.. fields];
        }

        private void Add(FieldNode field)
        {
            var name = field.ResponseName;
            if (!_index.TryGetValue(name, out var at))
            {
                _index.Add(name, at = _fields.Count);
                _fields.Add((name, []));
            }
            _fields[at].Nodes.Add(field);
        }

        private bool Applies(NamedTypeNode? condition) =>
            condition is null || condition.Name == type.Name
            || (plan.Schema.FindType(condition.Name) is CompositeType { IsAbstract: true } supertype && supertype.IsSupertypeOf(type));
    }
}

/// <summary>What is resolved on an object of one type.</summary>
internal sealed class SelectionPlan(ObjectType type, FieldPlan[] fields)
{
    public ObjectType Type { get; } = type;

    public FieldPlan[] Fields { get; } = fields;

    /// <summary>How many bytes of the response its names take.</summary>
    public int Bytes { get; } = fields.Sum(field => field.Member.Length);

    /// <summary>Writes all of it at once, where that can be done.</summary>
    public SelectionWriter Writer => field ??= SelectionWriter.Of(this);
}

/// <summary>A field to resolve.</summary>
internal sealed class FieldPlan
{
    private readonly OperationPlan _operation;

    // Most fields have values of one type; the others are found by search in a list that is replaced as it grows.
    private SelectionPlan[] _selections = [];

    public FieldPlan(OperationPlan operation, int number, ObjectType parent, FieldDefinition definition, string responseName, FieldNode[] nodes)
    {
        (_operation, Number, Parent, Definition, ResponseName, Nodes) = (operation, number, parent, definition, responseName, nodes);
        Member = responseName == definition.Name ? definition.Member : FieldDefinition.MemberOf(responseName);
        Leaf = definition.Type.Nullable is NamedType { IsLeaf: true } leaf ? leaf : null;
        IsTypeName = definition == operation.Schema.TypeNameField;
        if (!nodes[0].Arguments.Any(argument => HasVariable(argument.Value)))
        {
            try
            {
                ConstantArguments = InputCoercion.Arguments(definition.Arguments, nodes[0].Arguments, nodes[0], null);
            }
            catch (FieldInputException)
            {
                // It is thrown again, and told, for each value of the field.
            }
        }
    }

    public int Number { get; }

    public ObjectType Parent { get; }

    public FieldDefinition Definition { get; }

    public string ResponseName { get; }

    /// <summary>The response name as the response has it after another: a comma, the name in quotes, a colon.</summary>
    public byte[] Member { get; }

    /// <summary>Where it is asked; several places where selections were merged.</summary>
    public FieldNode[] Nodes { get; }

    public bool IsTypeName { get; }

    /// <summary>The type of its values, where they are leaves and no lists.</summary>
    public NamedType? Leaf { get; }

    /// <summary>The arguments, where they are the same for every request.</summary>
    public Arguments? ConstantArguments { get; }

    public SelectionPlan SelectionFor(ObjectType type)
    {
        var known = Volatile.Read(ref _selections);
        foreach (var selection in known)
        {
            if (selection.Type == type)
            {
                return selection;
            }
        }
        var added = _operation.Collect(type, Nodes.Where(node => node.SelectionSet is not null).Select(node => node.SelectionSet!));
        Volatile.Write(ref _selections, [.. known, added]);
        return added;
    }

    private static bool HasVariable(ValueNode value) => value switch
    {
        VariableNode => true,
        ListValueNode list => list.Values.Any(HasVariable),
        ObjectValueNode fields => fields.Fields.Any(field => HasVariable(field.Value)),
        _ => false,
    };
}
