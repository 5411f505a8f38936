using CustobotGateway.Common;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQLDoor.Products;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor.Searching;

/// <summary>The search: the same operation as REST's, with its answer as a Relay connection.</summary>
internal static class SearchFields
{
    public static ValueTask<FieldValue> SearchAsync(ResolverContext context, Arguments arguments)
    {
        var request = (DoorRequest)context.State!;
        var asked = SearchInput.Read(arguments, request.Names);
        if (asked.Problem is { } invalid)
        {
            throw Problems.ToException(invalid);
        }
        return asked.Value.ApplyPreferences ? WithPreferencesAsync(context, arguments, asked.Value) : new(Search(context, arguments, asked));
    }

    private static async ValueTask<FieldValue> WithPreferencesAsync(ResolverContext context, Arguments arguments, SearchRequest asked)
    {
        var request = (DoorRequest)context.State!;
        return Search(context, arguments, await DatabaseReads.RunAsync(() => request.Services.Search.WithPreferencesAsync(asked, request.Agent, request.Catalog, context.CancellationToken).AsTask()));
    }

    private static FieldValue Search(ResolverContext context, Arguments arguments, Outcome<SearchRequest> asked)
    {
        var request = (DoorRequest)context.State!;
        var catalog = request.Catalog;
        if (asked.Problem is { } refusal)
        {
            throw Problems.ToException(SearchInput.Place(refusal, arguments, request.Names));
        }
        var result = request.TakeResult();
        var found = request.Services.Search.Evaluate(asked.Value, catalog, request.Sight, result, out var explanation, context.CancellationToken);
        if (found.Problem is { } problem)
        {
            throw Problems.ToException(SearchInput.Place(problem, arguments, request.Names));
        }
        return FieldValue.From(new SearchAnswer(request, found.Value, result, explanation, explanation is null ? null : SearchInput.PlacesOf(arguments, request.Names)));
    }

    public static void Bind(Resolvers resolvers)
    {
        resolvers
            .List<SearchAnswer, IndexedProduct>("ProductConnection", "edges", (in answer) => answer.Products.Length, (in answer, i) => answer.Products[i])
            .List<SearchAnswer, ProductNode>("ProductConnection", "nodes", (in answer) => answer.Products.Length, (in answer, i) => answer.Products[i])
            .Object("ProductConnection", "pageInfo", (in SearchAnswer answer, out SearchAnswer page) => (page = answer) is not null)
            .Leaf<SearchAnswer>("ProductConnection", "totalCount", (in answer, values) => values.Write(answer.TotalCount))
            .Leaf<SearchAnswer>("ProductConnection", "catalogVersion", (in answer, values) => values.WriteAscii(answer.Search.Catalog.Version))
            .List<SearchAnswer, FacetNode>("ProductConnection", "facets", (in answer) => answer.Search.Facets.Count, (in answer, i) => answer.FacetAt(i))
            .Field<SearchAnswer>("ProductConnection", "relaxations", answer => FieldValue.From(answer.Relaxations))
            .Field<SearchAnswer>("ProductConnection", "appliedPreferences", answer => FieldValue.From(answer.AppliedPreferences))
            .Field<SearchAnswer>("ProductConnection", "excludedBy", answer => FieldValue.From(answer.ExcludedBy))
            .Leaf<SearchAnswer>("PageInfo", "hasNextPage", (in answer, values) => values.Write(answer.HasNextPage))
            .Leaf<SearchAnswer>("PageInfo", "hasPreviousPage", (in answer, values) => values.Write(answer.HasPreviousPage))
            .Leaf<SearchAnswer>("PageInfo", "startCursor", (in answer, values) => values.WriteAscii(answer.StartCursor))
            .Leaf<SearchAnswer>("PageInfo", "endCursor", (in answer, values) => values.WriteAscii(answer.EndCursor))
            .Leaf<IndexedProduct>("ProductEdge", "cursor", (in hit, values) => values.WriteAscii(hit.Answer!.CursorOf(hit.Place)))
            .Object("ProductEdge", "node", (in IndexedProduct hit, out ProductNode node) => (node = hit) is not null)
            .Leaf<IndexedProduct>("ProductEdge", "score", (in hit, values) => hit.Answer!.WriteScore(hit.Place, values.Output()))
            .Field<IndexedProduct>("ProductEdge", "explain", hit => FieldValue.From(hit.Answer!.OutcomesOf(hit.Place)));
        FacetNode.Bind(resolvers);
    }
}
