using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Checkout;

/// <summary>Where a checkout session stands.</summary>
public static class GetCheckoutSession
{
    internal static void Map(RouteGroupBuilder sessions) => sessions
        .MapGet("/{id}", HandleAsync).WithName("getCheckoutSession").RequireScope(Scopes.Checkout)
        .WithSummary("Read a checkout session")
        .WithDescription("A session of the grant that asks.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<CheckoutSession>, ProblemHttpResult>> HandleAsync(
        string id, AgentPrincipal agent, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken) =>
        (await RunAsync(id, agent, database, clock, cancellationToken)).ToHttp();

    /// <summary>Reads the session.</summary>
    public static async Task<Outcome<CheckoutSession>> RunAsync(
        string id, AgentPrincipal agent, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(clock);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await CheckoutSession.FindAsync(connection, null, id, agent, clock.GetUtcNow(), forUpdate: false, cancellationToken) is { } session
            ? session
            : CommonProblems.NotFound.With($"There is no checkout session {id} of yours.");
    }
}
