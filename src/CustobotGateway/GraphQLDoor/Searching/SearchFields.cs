using CustobotGateway.AttributeIndex;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQLDoor.Products;

namespace CustobotGateway.GraphQLDoor.Searching;

/// <summary>The search: the same operation as REST's, with its answer as a Relay connection.</summary>
internal static class SearchFields
{
    public static FieldValue Search(ResolverContext context, Arguments arguments)
    {
        var request = (DoorRequest)context.State!;
        var catalog = request.Catalog;
        var asked = SearchInput.Read(arguments, request.Names);
        if (asked.Problem is { } invalid)
        {
            throw Problems.ToException(invalid);
        }
        var result = new SearchResult();
        var found = request.Services.Search.Evaluate(asked.Value, catalog, request.Agent.IsAdministrator, result, out var explanation, context.CancellationToken);
        if (found.Problem is { } problem)
        {
            throw Problems.ToException(SearchInput.Place(problem, arguments, request.Names));
        }
        return FieldValue.From(new SearchAnswer(request, found.Value, result, explanation, explanation is null ? null : SearchInput.PlacesOf(arguments, request.Names)));
    }

    public static void Bind(Resolvers resolvers) => resolvers
        .Field<SearchAnswer>("ProductConnection", "edges", answer => FieldValue.From(answer.Products))
        .Field<SearchAnswer>("ProductConnection", "nodes", answer => FieldValue.From(answer.Products))
        .Field<SearchAnswer>("ProductConnection", "pageInfo", answer => FieldValue.From(answer))
        .Field<SearchAnswer>("ProductConnection", "totalCount", answer => answer.TotalCount)
        .Field<SearchAnswer>("ProductConnection", "catalogVersion", answer => answer.CatalogVersion)
        .Field<SearchAnswer>("ProductConnection", "facets", answer => FieldValue.From(answer.Facets))
        .Field<SearchAnswer>("ProductConnection", "relaxations", answer => FieldValue.From(answer.Relaxations))
        .Field<SearchAnswer>("ProductConnection", "excludedBy", answer => FieldValue.From(answer.ExcludedBy))
        .Field("PageInfo", "hasNextPage", (_, page, _) => page is SearchAnswer answer ? answer.HasNextPage : Member(page, "hasNextPage"))
        .Field("PageInfo", "hasPreviousPage", (_, page, _) => page is SearchAnswer answer ? answer.HasPreviousPage : Member(page, "hasPreviousPage"))
        .Field("PageInfo", "startCursor", (_, page, _) => page is SearchAnswer answer ? answer.StartCursor : Member(page, "startCursor"))
        .Field("PageInfo", "endCursor", (_, page, _) => page is SearchAnswer answer ? answer.EndCursor : Member(page, "endCursor"))
        .Field<IndexedProduct>("ProductEdge", "cursor", hit => hit.Answer!.CursorOf(hit.Place))
        .Field<IndexedProduct>("ProductEdge", "node", hit => FieldValue.From(hit))
        .Field<IndexedProduct>("ProductEdge", "score", hit => hit.Answer!.RoundedScoreOf(hit.Place))
        .Field<IndexedProduct>("ProductEdge", "explain", hit => FieldValue.From(hit.Answer!.OutcomesOf(hit.Place)))
        .Field<FacetNode>("Facet", "attribute", facet => facet.Attribute)
        .Field<FacetNode>("Facet", "unit", facet => facet.Unit)
        .Field<FacetNode>("Facet", "values", facet => facet.Values)
        .Field<FacetNode>("Facet", "other", facet => facet.Other)
        .Field<FacetNode>("Facet", "missing", facet => facet.Missing)
        .Field<FacetNode>("Facet", "ranges", facet => facet.Ranges)
        .Field<FacetNode>("Facet", "stats", facet => facet.Stats)
        .Field<FacetNode.ValueNode>("FacetValue", "value", value => value.Value)
        .Field<FacetNode.ValueNode>("FacetValue", "name", value => value.Name)
        .Field<FacetNode.ValueNode>("FacetValue", "count", value => value.Count)
        .Field<FacetNode.RangeNode>("FacetRange", "from", range => range.From)
        .Field<FacetNode.RangeNode>("FacetRange", "to", range => range.To)
        .Field<FacetNode.RangeNode>("FacetRange", "count", range => range.Count)
        .Field<FacetNode.StatsNode>("FacetStats", "count", stats => stats.Count)
        .Field<FacetNode.StatsNode>("FacetStats", "min", stats => stats.Min)
        .Field<FacetNode.StatsNode>("FacetStats", "max", stats => stats.Max);

    private static FieldValue Member(object? parent, string name) => FieldValue.From(((IReadOnlyDictionary<string, object?>)parent!)[name]);
}
