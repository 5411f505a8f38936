using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>All rules, and one by its id.</summary>
public static class ListRules
{
    /// <summary>All rules: there are at most 200.</summary>
    /// <param name="Rules">The oldest first, which is the order in which they are asked.</param>
    public sealed record Response(IReadOnlyList<LaneRule> Rules);

    internal static void Map(RouteGroupBuilder rules)
    {
        rules.MapGet("/", ListAsync).WithName("listRules").RequireRole(LanesModule.Readers)
            .WithSummary("List rules").WithDescription("The oldest first: of several enabled rules that hold, the oldest decides.")
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);
        rules.MapGet("/{id}", GetAsync).WithName("getRule").RequireRole(LanesModule.Readers)
            .WithSummary("Read a rule").WithDescription("The ETag is for If-Match of the next change.")
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);
    }

    private static async Task<Ok<Response>> ListAsync(NpgsqlDataSource database, CancellationToken cancellationToken) => TypedResults.Ok(new Response(await RunAsync(database, cancellationToken)));

    private static async Task<Results<Ok<LaneRule>, ProblemHttpResult>> GetAsync(string id, HttpContext context, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, database, cancellationToken) is not { } rule)
        {
            return NotFound(id).ToHttp();
        }
        context.Response.Headers.ETag = ETags.Tag(rule.Version);
        return TypedResults.Ok(rule);
    }

    /// <summary>All rules, the oldest first.</summary>
    public static async Task<IReadOnlyList<LaneRule>> RunAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await LaneStore.RulesAsync(connection, null, cancellationToken);
    }

    /// <summary>One rule; null if there is none of that id.</summary>
    public static async Task<LaneRule?> FindAsync(string id, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(database);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await LaneStore.RuleAsync(connection, null, id.Replace("\0", "", StringComparison.Ordinal), cancellationToken);
    }

    internal static Problem NotFound(string id) => LaneProblems.RuleNotFound.With($"There is no rule '{id}'.", remedy: new Remedy("List the rules.", "/v1/bot-detection/rules"));
}
