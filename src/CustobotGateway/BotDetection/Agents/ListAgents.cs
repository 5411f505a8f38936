using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.TrustedAgents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>The agents whose signatures are believed, page by page.</summary>
public static class ListAgents
{
    private const int DefaultSize = 24;
    private const int MaxSize = 100;

    /// <summary>A page of agents.</summary>
    /// <param name="Agents">In the order of their ids.</param>
    /// <param name="Page">Where the list goes on.</param>
    public sealed record Response(IReadOnlyList<AgentView> Agents, PageInfo Page);

    /// <summary>Where a list of agents goes on.</summary>
    /// <param name="Next">Give it as <c>after</c> for the next page; null on the last.</param>
    public sealed record PageInfo(string? Next);

    internal static void Map(RouteGroupBuilder agents) => agents
        .MapGet("/", HandleAsync).WithName("listAgents").RequireAdministrator()
        .WithSummary("List trusted agents")
        .WithDescription("Agents whose message signatures are believed, in the order of ids. size is 1 to 100, 24 by default; after is the next of the page before.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(TrustedAgentStore store, CancellationToken cancellationToken, string? after = null, int? size = null)
    {
        var count = size ?? DefaultSize;
        if (count is < 1 or > MaxSize)
        {
            return CommonProblems.InvalidRequest.With($"size is 1 to {MaxSize}.", [new("?size", "out_of_range", $"A page has 1 to {MaxSize} agents.")]).ToHttp();
        }
        if (after?.Contains('\0', StringComparison.Ordinal) == true)
        {
            return CommonProblems.InvalidRequest.With("after is not a cursor of this list.", [new("?after", "bad_cursor", "Give the next of an earlier page as it was.")]).ToHttp();
        }
        var agents = await store.ListAsync(after, count + 1, cancellationToken);
        return TypedResults.Ok(new Response([.. agents.Take(count).Select(AgentView.Of)], new PageInfo(agents.Count > count ? agents[count - 1].Id : null)));
    }
}
