using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>What a mandate still allows.</summary>
public static class GetRemaining
{
    /// <summary>The budget of a grant at one instant, in whole minor units of <paramref name="Currency"/>.</summary>
    /// <param name="GrantId">The grant.</param>
    /// <param name="Currency">ISO 4217.</param>
    /// <param name="Total">The mandate's limit for all orders.</param>
    /// <param name="Spent">Paid.</param>
    /// <param name="Held">Held for orders that are being paid.</param>
    /// <param name="Remaining">What further orders may come to together.</param>
    /// <param name="PerOrder">What one order may come to.</param>
    /// <param name="Revoked">Whether the grant has ended; nothing can be bought then, whatever remains.</param>
    public sealed record Budget(string GrantId, string Currency, long Total, long Spent, long Held, long Remaining, long PerOrder, bool Revoked);

    internal static void Map(RouteGroupBuilder grants) => grants
        .MapGet("/{id}/remaining", HandleAsync).WithName("getRemaining").RequireScope(Scopes.GrantsRead)
        .WithSummary("Read what a mandate still allows")
        .WithDescription("For the agent that holds the grant and for the administrator.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<Budget>, ProblemHttpResult>> HandleAsync(
        string id, AgentPrincipal agent, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        (await RunAsync(id, agent, database, cancellationToken)).ToHttp();

    /// <summary>Reads the budget.</summary>
    public static async Task<Outcome<Budget>> RunAsync(string id, AgentPrincipal agent, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(database);
        if (!agent.IsAdministrator && agent.GrantId != id)
        {
            return CommonProblems.NotFound.With($"There is no grant {id} that you may know of.");
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // One statement, so that the mandate and the ledger are of one instant.
        var row = await connection.QuerySingleOrDefaultAsync<(string? Currency, long PerOrder, long Total, bool Revoked, long Used, long Spent)>(
            new CommandDefinition($"""
                select m.mandate->>'currency', (m.mandate->'limits'->>'per_order')::bigint, (m.mandate->'limits'->>'total')::bigint,
                       revoked_at is not null, ({Ledger.UsedSql}),
                       (select coalesce(sum(amount), 0)::bigint from identity.ledger l where l.grant_id = g.id and l.entry = 'commit')
                from identity.grants g
                cross join lateral (select coalesce(g.mandate, case when jsonb_array_length(g.details) = 1 then g.details->0 end) as mandate) m
                where g.id = @id and m.mandate->'limits' ?& array['per_order', 'total']
                """, new { id }, cancellationToken: cancellationToken));
        return row.Currency is null
            ? CommonProblems.NotFound.With($"There is no grant {id} that you may know of.")
            : new Budget(id, row.Currency, row.Total, row.Spent, row.Used - row.Spent, row.Total - row.Used, row.PerOrder, row.Revoked);
    }
}
