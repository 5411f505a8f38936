using System.Globalization;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor.Searching;

/// <summary>
/// Says where in the arguments of <c>products</c> something lies that REST's pointer names: <c>/must/0/value/currency</c> is
/// <c>/must/0/price/lte/currency</c>.
/// </summary>
internal static class ArgumentPointers
{
    public static string Of(string pointer, SearchRequest request, Dictionary<Constraint, string> places)
    {
        var steps = pointer.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return steps switch
        {
            ["must", ..] => OfConstraint(steps.AsSpan(1), request.Must, places) ?? "/must",
            ["should", ..] => OfConstraint(steps.AsSpan(1), request.Should, places) ?? "/should",
            ["must_not", ..] => OfConstraint(steps.AsSpan(1), request.MustNot, places) ?? "/mustNot",
            ["page", "size"] => "/first",
            ["page"] => "/offset",
            ["page", var member] => "/" + member,
            ["query_mode"] => "/queryMode",
            ["facets", var index, "exclude_own"] => $"/facets/{index}/excludeOwn",
            _ => pointer,
        };
    }

    private static string? OfConstraint(ReadOnlySpan<string> steps, IReadOnlyList<Constraint> constraints, Dictionary<Constraint, string> places)
    {
        if (steps.IsEmpty || !int.TryParse(steps[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= constraints.Count)
        {
            return null;
        }
        var constraint = constraints[index];
        var place = places.GetValueOrDefault(constraint);
        steps = steps[1..];
        // A group that stands for a filter with several conditions has no step of its own.
        if (!steps.IsEmpty && steps[0] is "any" or "all" or "not" && constraint.Parts is { } parts)
        {
            return OfConstraint(steps[1..], parts, places) ?? place;
        }
        return place is null || steps.IsEmpty ? place : steps[0] switch
        {
            "attribute" => Parent(place),
            "op" => place,
            "unit" => Parent(place) + "/unit",
            "unknown" => Parent(place) + "/unknown",
            "value" or "values" => Join(place, steps[1..]),
            _ => Join(place, steps),
        };
    }

    private static string Parent(string place) => place[..place.LastIndexOf('/')];

    private static string Join(string place, ReadOnlySpan<string> steps)
    {
        foreach (var step in steps)
        {
            place += "/" + step;
        }
        return place;
    }
}
