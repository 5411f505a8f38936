using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Validation;

/// <summary>
/// What rules know while the document is walked: the types at the place where the walk stands, the fragments, which variables are used
/// where; and where they report. Work that could grow faster than the document is paid from a budget.
/// </summary>
internal sealed class ValidationContext
{
    private const int MaxErrors = 100;

    // Characters of names compared; enough for many mistakes on a small schema, and for a dozen where there are thousands of types.
    private const int MaxSuggestionWork = 200_000;

    // Following a spread takes as long as several comparisons; many operations may share many fragments.
    private const int WorkPerSpread = 5;

    private static int[][]? _seenByUsages;

    private readonly List<GraphQLError> _errors = [];
    private readonly Dictionary<SelectionSetNode, List<FragmentSpreadNode>> _spreads = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<SyntaxNode, List<VariableUsage>> _usages = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<OperationNode, List<VariableUsage>> _recursiveUsages = new(ReferenceEqualityComparer.Instance);
    private readonly int _maxWork;
    private long _suggestionWork;

    public ValidationContext(Schema schema, DocumentNode document, int maxWork)
    {
        (Schema, Document, _maxWork) = (schema, document, maxWork);
        foreach (var definition in document.Definitions)
        {
            if (definition is FragmentNode fragment)
            {
                Fragments[fragment.Name.Value] = fragment;
            }
        }
    }

    public Schema Schema { get; }

    public DocumentNode Document { get; }

    /// <summary>By name; of several with one name the last.</summary>
    public Dictionary<string, FragmentNode> Fragments { get; } = new(StringComparer.Ordinal);

    /// <summary>How much work was counted, for the tests of hostile documents.</summary>
    public int Work { get; private set; }

    public IReadOnlyList<GraphQLError> Errors => _errors;

    /// <summary>Where the walk stands.</summary>
    public Place Place { get; set; }

    public void Report(string message, params ReadOnlySpan<SourceLocation> locations)
    {
        if (_errors.Count >= MaxErrors)
        {
            Abort("Too many validation errors, error limit reached. Validation aborted.", ErrorCodes.ValidationFailed);
        }
        _errors.Add(new GraphQLError(message, locations.ToArray(), ErrorCodes.ValidationFailed));
    }

    /// <summary>Counts work; ends the validation, with an error, when it is above the limit.</summary>
    public void Spend(int work)
    {
        Work += work;
        if (Work > _maxWork)
        {
            Abort("The document takes too much work to validate. Validation aborted.", ErrorCodes.ValidationLimitExceeded);
        }
    }

    /// <summary>What a mistyped name may have meant, as the end of a message; nothing once much was compared for earlier errors.</summary>
    public string DidYouMean<T>(string name, IReadOnlyList<T> known)
        where T : INamed
    {
        _suggestionWork += (long)known.Count * name.Length;
        return _suggestionWork <= MaxSuggestionWork ? Suggestions.DidYouMean("", name, known) : "";
    }

    /// <summary>The fragments that a selection set spreads itself, in any depth.</summary>
    public List<FragmentSpreadNode> Spreads(SelectionSetNode selectionSet)
    {
        if (_spreads.TryGetValue(selectionSet, out var spreads))
        {
            return spreads;
        }
        _spreads.Add(selectionSet, spreads = []);
        var rest = new Stack<SelectionSetNode>([selectionSet]);
        while (rest.TryPop(out var next))
        {
            foreach (var selection in next.Selections)
            {
                switch (selection)
                {
                    case FragmentSpreadNode spread:
                        spreads.Add(spread);
                        break;
                    case FieldNode { SelectionSet: { } below }:
                        rest.Push(below);
                        break;
                    case InlineFragmentNode inline:
                        rest.Push(inline.SelectionSet);
                        break;
                }
            }
        }
        return spreads;
    }

    /// <summary>The fragments that operations reach, each once.</summary>
    public List<FragmentNode> Reached(params ReadOnlySpan<OperationNode> operations)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var names = new List<string>();
        foreach (var operation in operations)
        {
            Add(Spreads(operation.SelectionSet));
        }
        var fragments = new List<FragmentNode>();
        for (var i = 0; i < names.Count; i++)
        {
            if (Fragments.TryGetValue(names[i], out var fragment))
            {
                fragments.Add(fragment);
                Add(Spreads(fragment.SelectionSet));
            }
        }
        return fragments;

        void Add(List<FragmentSpreadNode> spreads)
        {
            Spend(spreads.Count * WorkPerSpread);
            names.AddRange(spreads.Select(spread => spread.Name.Value).Where(known.Add));
        }
    }

    /// <summary>The variables that an operation uses, those in its fragments included.</summary>
    public List<VariableUsage> Usages(OperationNode operation)
    {
        if (!_recursiveUsages.TryGetValue(operation, out var usages))
        {
            usages = [.. OwnUsages(operation)];
            foreach (var fragment in Reached(operation))
            {
                var own = OwnUsages(fragment);
                Spend(own.Count + 1);
                usages.AddRange(own);
            }
            _recursiveUsages.Add(operation, usages);
        }
        return usages;
    }

    private List<VariableUsage> OwnUsages(SyntaxNode definition)
    {
        if (!_usages.TryGetValue(definition, out var usages))
        {
            _usages.Add(definition, usages = []);
            var place = Place;
            Place = default;
            ValidationRule[] rules = [new VariableUsages(this, usages)];
            new DocumentWalker(this, rules, _seenByUsages ??= DocumentWalker.Index(rules)).WalkDefinition(definition);
            Place = place;
        }
        return usages;
    }

    private void Abort(string message, string code)
    {
        _errors.Add(new GraphQLError(message, [], code));
        throw new AbortedException();
    }

    public sealed class AbortedException : Exception;
}

/// <summary>The types at one place of a document; unknown where the document is wrong.</summary>
internal struct Place
{
    /// <summary>What the value here is.</summary>
    public SchemaType? Type;

    /// <summary>What the enclosing selection set is made on.</summary>
    public CompositeType? Parent;

    /// <summary>The nearest field.</summary>
    public FieldDefinition? Field;

    /// <summary>The directive around an argument.</summary>
    public DirectiveDefinition? Directive;

    /// <summary>The argument around a value.</summary>
    public InputValue? Argument;

    /// <summary>What the input value here has to be.</summary>
    public SchemaType? Input;

    /// <summary>What the input value around it has to be.</summary>
    public SchemaType? ParentInput;

    /// <summary>Whether the input value here may be left out because of a default.</summary>
    public bool HasDefault;

    /// <summary>What a directive here is applied to.</summary>
    public SyntaxNode? Owner;
}

/// <summary>A variable in a place of a document.</summary>
/// <param name="Node">The variable.</param>
/// <param name="Type">What the place expects.</param>
/// <param name="HasDefault">Whether the place has a default.</param>
/// <param name="Parent">What is around the place.</param>
internal readonly record struct VariableUsage(VariableNode Node, SchemaType? Type, bool HasDefault, SchemaType? Parent);

/// <summary>Notes variables as they are met.</summary>
internal sealed class VariableUsages(ValidationContext context, List<VariableUsage> usages) : ValidationRule(context)
{
    public override bool Enter(SyntaxNode node)
    {
        if (node is VariableNode variable)
        {
            var place = Context.Place;
            usages.Add(new VariableUsage(variable, place.Input, place.HasDefault, place.ParentInput));
        }
        return node is not VariableDefinitionNode;
    }

    public override bool Sees(NodeKind kind) => kind is NodeKind.Variable or NodeKind.VariableDefinition;
}
