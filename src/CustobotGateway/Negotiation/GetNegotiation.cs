using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Negotiation;

/// <summary>Where a negotiation stands.</summary>
public static class GetNegotiation
{
    internal static void Map(RouteGroupBuilder negotiations) => negotiations
        .MapGet("/{id}", HandleAsync).WithName("getNegotiation").RequireScope(Scopes.Negotiations)
        .WithSummary("Read a negotiation")
        .WithDescription("As its buyer sees it.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<NegotiationView>, ProblemHttpResult>> HandleAsync(
        string id, AgentPrincipal agent, NegotiationOptions options, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken) =>
        (await RunAsync(id, agent, options, database, clock, cancellationToken)).ToHttp();

    /// <summary>Reads the negotiation.</summary>
    public static async Task<Outcome<NegotiationView>> RunAsync(
        string id, AgentPrincipal agent, NegotiationOptions options, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(clock);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await NegotiationRow.FindAsync(connection, id, cancellationToken);
        return row is null || (!agent.IsAdministrator && row.GrantId != agent.GrantId)
            ? CommonProblems.NotFound.With($"There is no negotiation {id} of yours.")
            : row.ToView(options, agent.NowBy(clock), await Quotes.OfAsync(connection, row, cancellationToken));
    }
}
