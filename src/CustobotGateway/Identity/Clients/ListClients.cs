using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Identity.Clients;

/// <summary>All clients, page by page, and one by its id.</summary>
public static class ListClients
{
    private const int DefaultSize = 24;
    private const int MaxSize = 100;

    /// <summary>A page of clients.</summary>
    /// <param name="Clients">In the order of their ids.</param>
    /// <param name="Page">Where the list goes on.</param>
    public sealed record Response(IReadOnlyList<RegisteredClient> Clients, PageInfo Page);

    /// <summary>Where a list of clients goes on.</summary>
    /// <param name="Next">Give it as <c>after</c> for the next page; null on the last.</param>
    public sealed record PageInfo(string? Next);

    internal static void Map(RouteGroupBuilder clients)
    {
        clients.MapGet("/", ListAsync).WithName("listClients").RequireAdministrator()
            .WithSummary("List OAuth clients")
            .WithDescription("In the order of ids: those that staff or a seed registered, and those that registered themselves. size is 1 to 100, 24 by default; after is the next of the page before.")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(503);
        clients.MapGet("/{id}", GetAsync).WithName("getClient").RequireAdministrator()
            .WithSummary("Read an OAuth client").WithDescription("Everything but its secret, of which only a hash is kept.")
            .ProducesProblem(401).ProducesProblem(404).ProducesProblem(503);
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> ListAsync(ClientStore store, CancellationToken cancellationToken, string? after = null, int? size = null)
    {
        var count = size ?? DefaultSize;
        if (count is < 1 or > MaxSize)
        {
            return CommonProblems.InvalidRequest.With($"size is 1 to {MaxSize}.", [new("?size", "out_of_range", $"A page has 1 to {MaxSize} clients.")]).ToHttp();
        }
        if (after?.Contains('\0', StringComparison.Ordinal) == true)
        {
            return CommonProblems.InvalidRequest.With("after is not a cursor of this list.", [new("?after", "bad_cursor", "Give the next of an earlier page as it was.")]).ToHttp();
        }
        var clients = await store.ListAsync(after, count + 1, cancellationToken);
        return TypedResults.Ok(new Response([.. clients.Take(count).Select(client => RegisteredClient.Of(client))], new PageInfo(clients.Count > count ? clients[count - 1].ClientId : null)));
    }

    private static async Task<Results<Ok<RegisteredClient>, ProblemHttpResult>> GetAsync(string id, ClientStore store, CancellationToken cancellationToken) =>
        await store.GetAsync(id.Replace("\0", "", StringComparison.Ordinal), cancellationToken) is { } client ? TypedResults.Ok(RegisteredClient.Of(client)) : NotFound(id).ToHttp();

    internal static Problem NotFound(string id) => CommonProblems.NotFound.With($"There is no client '{id}'.", remedy: new Remedy("List the clients.", "/v1/clients"));
}
