using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Limits;
using CustobotGateway.GraphQL.Types;
using CustobotGateway.GraphQL.Validation;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>A document that is valid for a schema, and the plans of its operations. Shared by requests.</summary>
internal sealed class PreparedDocument
{
    private readonly List<PreparedOperation> _operations = [];

    private PreparedDocument(Schema schema, DocumentNode document, Shape shape, int textBytes)
    {
        (Schema, Document, Shape, TextBytes) = (schema, document, shape, textBytes);
        var switches = new HashSet<string>(StringComparer.Ordinal);
        foreach (var definition in document.Definitions)
        {
            SwitchVariables.Collect(definition, switches);
        }
        foreach (var definition in document.Definitions)
        {
            switch (definition)
            {
                case FragmentNode fragment:
                    Fragments.Add(fragment.Name.Value, fragment);
                    break;
                case OperationNode operation:
                    _operations.Add(new PreparedOperation(this, operation, switches));
                    break;
            }
        }
    }

    public Schema Schema { get; }

    public DocumentNode Document { get; }

    public Dictionary<string, FragmentNode> Fragments { get; } = new(StringComparer.Ordinal);

    public Shape Shape { get; }

    public int TextBytes { get; }

    /// <summary>Parses, measures and validates; null where there are errors.</summary>
    public static PreparedDocument? Prepare(Schema schema, ReadOnlySpan<byte> text, OperationLimits limits, List<GraphQLError> errors)
    {
        DocumentNode document;
        try
        {
            document = Parser.Parse(text, limits.Parser);
            var (shape, excesses) = DocumentShape.Measure(document, limits);
            errors.AddRange(excesses);
            if (errors.Count == 0)
            {
                errors.AddRange(DocumentValidator.Validate(schema, document, limits.MaxValidationWork));
            }
            return errors.Count == 0 ? new PreparedDocument(schema, document, shape, text.Length) : null;
        }
        catch (SyntaxException failure)
        {
            errors.Add(failure.Error);
        }
        catch (InsufficientExecutionStackException)
        {
            errors.Add(new GraphQLError("The document is nested too deep.", [], ErrorCodes.NestingLimitExceeded));
        }
        return null;
    }

    /// <summary>The operation to execute (GetOperation, spec §6.1).</summary>
    public PreparedOperation? Find(string? name, List<GraphQLError> errors)
    {
        if (string.IsNullOrEmpty(name) && _operations.Count == 1)
        {
            return _operations[0];
        }
        var found = _operations.Find(operation => name is { Length: > 0 } && operation.Node.Name?.Value == name);
        if (found is null)
        {
            errors.Add(new(name switch
            {
                _ when _operations.Count == 0 => "Must provide an operation.",
                null or "" => "Must provide operation name if query contains multiple operations.",
                _ => $"Unknown operation named \"{name}\".",
            }, [], ErrorCodes.OperationNotFound));
        }
        return found;
    }
}

/// <summary>One operation of a prepared document.</summary>
internal sealed class PreparedOperation
{
    // An operation with many switches is planned anew each time rather than in all combinations.
    private const int MaxPlans = 16;
    private const int MaxSwitches = 16;

    private readonly PreparedDocument _document;
    private readonly OperationVariables _variables;
    private readonly string[] _switches;
    private (int Key, OperationPlan Plan)[] _plans = [];
    private CostRates? _rates;

    public PreparedOperation(PreparedDocument document, OperationNode node, HashSet<string> switches)
    {
        (_document, Node, _variables) = (document, node, new OperationVariables(document.Schema, node));
        _switches = [.. node.Variables.Select(variable => variable.Variable.Name.Value).Where(switches.Contains)];
    }

    public OperationNode Node { get; }

    public VariableValues? ReadVariables(ReadOnlyMemory<byte> variables, OperationLimits limits, List<GraphQLError> errors)
    {
        var values = VariableValues.Read(_variables, variables, limits.MaxVariableValues, errors);
        foreach (var name in values is null ? [] : _switches)
        {
            // A nullable variable with a default may stand where null may not; then null is found only now.
            if (!values!.TryGet(name, out var value) || value is not bool)
            {
                errors.Add(new($"Variable \"${name}\" decides whether a field is asked and must not be null.", [Node.Location], ErrorCodes.BadUserInput));
            }
        }
        return errors.Count == 0 ? values : null;
    }

    public Cost ComputeCost(VariableValues variables, OperationLimits limits, List<GraphQLError> errors)
    {
        var cost = OperationCost.Compute(_document.Schema, Node, _document.Fragments, variables, limits, _rates, errors);
        // Most documents come once.
        _rates ??= new CostRates(_document.Schema);
        return cost;
    }

    /// <summary>The plan for the values that the variables of <c>@skip</c> and <c>@include</c> have.</summary>
    public OperationPlan Plan(VariableValues variables)
    {
        var key = 0;
        for (var i = 0; i < Math.Min(_switches.Length, MaxSwitches); i++)
        {
            key |= variables.TryGet(_switches[i], out var value) && value is true ? 1 << i : 0;
        }
        var plans = Volatile.Read(ref _plans);
        foreach (var known in _switches.Length > MaxSwitches ? [] : plans)
        {
            if (known.Key == key)
            {
                return known.Plan;
            }
        }
        var plan = new OperationPlan(_document.Schema, Node, _document.Fragments, variables.Only(_switches));
        if (plans.Length < MaxPlans && _switches.Length <= MaxSwitches)
        {
            Volatile.Write(ref _plans, [.. plans, (key, plan)]);
        }
        return plan;
    }
}
