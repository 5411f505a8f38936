using System.Runtime.CompilerServices;
using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Limits;

/// <summary>How much a selection asks, fragments counted wherever they are spread.</summary>
public readonly record struct Shape(long Fields, long Aliases, long Directives, int Depth, int IntrospectionDepth)
{
    internal Shape Beside(Shape other) => new(
        Add(Fields, other.Fields), Add(Aliases, other.Aliases), Add(Directives, other.Directives),
        Math.Max(Depth, other.Depth), Math.Max(IntrospectionDepth, other.IntrospectionDepth));

    // Doubling fragments reach any number in a few lines.
    private static long Add(long left, long right) => Math.Min(left + right, int.MaxValue);
}

/// <summary>
/// Measures a document without a schema, in one visit to each of its nodes, and says which limit it exceeds where. Cycles of fragments
/// are left to validation: a fragment within itself counts nothing.
/// </summary>
internal sealed class DocumentShape
{
    private readonly Dictionary<string, FragmentNode> _fragments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Shape> _measured = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly OperationLimits _limits;
    private readonly List<GraphQLError> _errors = [];

    private DocumentShape(DocumentNode document, OperationLimits limits)
    {
        _limits = limits;
        foreach (var definition in document.Definitions)
        {
            if (definition is FragmentNode fragment)
            {
                _fragments[fragment.Name.Value] = fragment;
            }
        }
    }

    /// <summary>The largest shape of the document's operations, and the errors where it exceeds the limits.</summary>
    public static (Shape Shape, List<GraphQLError> Errors) Measure(DocumentNode document, OperationLimits limits)
    {
        var measure = new DocumentShape(document, limits);
        var shape = default(Shape);
        foreach (var definition in document.Definitions)
        {
            // Each operation is alone; fragments are measured where they are spread, the unused ones on their own.
            var own = definition switch
            {
                OperationNode operation => measure.Operation(operation),
                FragmentNode fragment => measure.Fragment(fragment.Name.Value, fragment.Location),
                _ => default,
            };
            shape = new(
                Math.Max(shape.Fields, own.Fields), Math.Max(shape.Aliases, own.Aliases), Math.Max(shape.Directives, own.Directives),
                Math.Max(shape.Depth, own.Depth), Math.Max(shape.IntrospectionDepth, own.IntrospectionDepth));
        }
        return (shape, measure._errors);
    }

    /// <summary>Whether a shape that was measured before fits.</summary>
    public static bool Fits(Shape shape, OperationLimits limits) =>
        shape.Fields <= limits.MaxFields && shape.Aliases <= limits.MaxAliases && shape.Directives <= limits.MaxDirectives
        && shape.Depth <= limits.MaxDepth && shape.IntrospectionDepth <= limits.MaxIntrospectionDepth;

    private Shape Operation(OperationNode operation)
    {
        var directives = operation.Directives.Length + operation.Variables.Sum(variable => variable.Directives.Length);
        var shape = new Shape(0, 0, directives, 0, 0);
        Check(shape, operation.Location);
        foreach (var selection in operation.SelectionSet.Selections)
        {
            // How deep a root field goes is known, and told from introspection, once all below it was seen.
            var below = Selection(selection);
            shape = shape.Beside(below);
            Check(shape, selection.Location);
            if (below.Depth > _limits.MaxDepth)
            {
                Check(below.Depth, _limits.MaxDepth, "is deeper than", ErrorCodes.DepthLimitExceeded, TooDeep(selection, _limits.MaxDepth, isCounted: true));
            }
            if (below.IntrospectionDepth > _limits.MaxIntrospectionDepth)
            {
                Check(below.IntrospectionDepth, _limits.MaxIntrospectionDepth, "has introspection deeper than",
                    ErrorCodes.IntrospectionDepthLimitExceeded, TooDeep(selection, _limits.MaxIntrospectionDepth, isCounted: false));
            }
        }
        return shape;
    }

    // The first field beyond the limit: down from a root field, each time to where the depth comes from. Fields of introspection are counted
    // from the one that begins it.
    private SourceLocation TooDeep(SyntaxNode selection, int allowed, bool isCounted)
    {
        var visited = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            if (selection is FieldNode field)
            {
                isCounted |= Introspects(field);
                if (isCounted && allowed-- == 0)
                {
                    return selection.Location;
                }
            }
            var below = selection switch
            {
                FieldNode node => node.SelectionSet,
                InlineFragmentNode inline => inline.SelectionSet,
                FragmentSpreadNode spread => _fragments.GetValueOrDefault(spread.Name.Value)?.SelectionSet,
                _ => null,
            };
            // A cycle of fragments is followed once.
            var next = below?.Selections.FirstOrDefault(child =>
                (Selection(child) is var shape && (isCounted ? shape.Depth : shape.IntrospectionDepth) > allowed) && (child is not FragmentSpreadNode spread || visited.Add(spread.Name.Value)));
            if (next is null)
            {
                return selection.Location;
            }
            selection = next;
        }
    }

    private static bool Introspects(FieldNode field) => field.Name is "__schema" or "__type";

    private Shape Selections(SelectionSetNode selectionSet, Shape shape)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (var selection in selectionSet.Selections)
        {
            shape = shape.Beside(Selection(selection));
            Check(shape, selection.Location);
        }
        return shape;
    }

    private Shape Selection(SyntaxNode selection)
    {
        switch (selection)
        {
            case FieldNode field:
                var below = field.SelectionSet is null ? default : Selections(field.SelectionSet, default);
                var introspects = Introspects(field);
                return below.Beside(new Shape(1, field.Alias is null ? 0 : 1, field.Directives.Length, 0, 0)) with
                {
                    Depth = introspects ? 1 : below.Depth + 1,
                    IntrospectionDepth = introspects ? below.Depth + 1 : below.IntrospectionDepth,
                };
            case FragmentSpreadNode spread:
                return Fragment(spread.Name.Value, spread.Location).Beside(new Shape(0, 0, spread.Directives.Length, 0, 0));
            case InlineFragmentNode inline:
                return Selections(inline.SelectionSet, new Shape(0, 0, inline.Directives.Length, 0, 0));
            default:
                return default;
        }
    }

    private Shape Fragment(string name, SourceLocation location)
    {
        if (_measured.TryGetValue(name, out var shape) || !_fragments.TryGetValue(name, out var fragment) || !_open.Add(name))
        {
            return shape;
        }
        if (_open.Count > _limits.MaxNesting)
        {
            Report($"Fragments are nested deeper than {_limits.MaxNesting} levels.", location, ErrorCodes.NestingLimitExceeded);
            return default;
        }
        shape = Selections(fragment.SelectionSet, new Shape(0, 0, fragment.Directives.Length, 0, 0));
        _open.Remove(name);
        _measured.Add(name, shape);
        return shape;
    }

    private void Check(Shape shape, SourceLocation location)
    {
        Check(shape.Fields, _limits.MaxFields, "asks for more fields than", ErrorCodes.FieldLimitExceeded, location);
        Check(shape.Aliases, _limits.MaxAliases, "has more aliases than", ErrorCodes.AliasLimitExceeded, location);
        Check(shape.Directives, _limits.MaxDirectives, "has more directives than", ErrorCodes.DirectiveLimitExceeded, location);
    }

    private void Check(long value, long limit, string what, string code, SourceLocation location)
    {
        if (value > limit)
        {
            Report($"The operation {what} the {limit} that are allowed.", location, code);
        }
    }

    private void Report(string message, SourceLocation location, string code)
    {
        if (!_errors.Exists(error => error.Code == code))
        {
            _errors.Add(new GraphQLError(message, [location], code));
        }
    }
}
