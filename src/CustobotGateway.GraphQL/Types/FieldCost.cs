using System.Collections.Immutable;
using System.Globalization;
using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Types;

/// <summary>
/// What a field's definition says of its cost, by <c>@cost(weight:)</c> and <c>@listSize</c> (IBM GraphQL Cost Directives specification).
/// </summary>
internal sealed class FieldCost
{
    /// <summary>The weight of the field itself; null where it follows from its type.</summary>
    public double? Weight { get; private init; }

    /// <summary>Whether <c>@listSize</c> is applied.</summary>
    public bool HasListSize { get; private init; }

    /// <summary>How many items are counted when no slicing argument says it; null when not declared.</summary>
    public int? AssumedSize { get; private init; }

    /// <summary>Arguments that say how many items come.</summary>
    public ImmutableArray<string> SlicingArguments { get; private init; } = [];

    /// <summary>Fields of the value that hold the list, where the value is not the list itself (connections).</summary>
    public ImmutableArray<string> SizedFields { get; private init; } = [];

    /// <summary>Whether exactly one slicing argument has to be given.</summary>
    public bool RequiresOneSlicingArgument { get; private init; }

    /// <summary>The weight in <c>@cost(weight:)</c>; null when it is not applied.</summary>
    public static double? ReadWeight(ImmutableArray<DirectiveNode> directives)
    {
        foreach (var directive in directives)
        {
            if (directive.Name == "cost")
            {
                var text = directive.Argument("weight") switch
                {
                    StringValueNode value => value.Value,
                    IntValueNode value => value.Value,
                    FloatValueNode value => value.Value,
                    _ => null,
                };
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) ? weight : null;
            }
        }
        return null;
    }

    public static FieldCost Read(FieldDefinition field)
    {
        var size = field.Directives.FirstOrDefault(directive => directive.Name == "listSize");
        var slicing = Names(size, "slicingArguments");
        return new FieldCost
        {
            Weight = ReadWeight(field.Directives),
            HasListSize = size is not null,
            AssumedSize = size?.Argument("assumedSize") is IntValueNode number && int.TryParse(number.Value, CultureInfo.InvariantCulture, out var assumed)
                ? assumed
                : null,
            SlicingArguments = slicing,
            SizedFields = Names(size, "sizedFields"),
            RequiresOneSlicingArgument = slicing.Length > 0 && size?.Argument("requireOneSlicingArgument") is not BooleanValueNode { Value: false },
        };
    }

    private static ImmutableArray<string> Names(DirectiveNode? directive, string argument) => directive?.Argument(argument) switch
    {
        ListValueNode list => [.. list.Values.OfType<StringValueNode>().Select(value => value.Value)],
        StringValueNode one => [one.Value],
        _ => [],
    };
}
