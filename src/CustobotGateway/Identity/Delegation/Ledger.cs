using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Spends from a grant's budget, inside the transaction of the order that is paid with it.</summary>
public static class Ledger
{
    // Of the grant g: all that is held or paid.
    internal const string UsedSql = """
        select coalesce(sum(case l.entry when 'authorise' then l.amount when 'release' then -l.amount else 0 end), 0)::bigint
        from identity.ledger l where l.grant_id = g.id
        """;

    /// <summary>Holds the amount for the reservation, or says why the mandate does not cover it.</summary>
    public static async Task<Problem?> AuthoriseAsync(
        NpgsqlTransaction transaction, AgentPrincipal agent, Money amount, string reservation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(amount);
        if (agent.GrantId is null)
        {
            return IdentityProblems.MandateRequired.With("Only an agent with a grant can buy.", remedy: IdentityProblems.AskPerson);
        }
        var connection = transaction.Connection!;
        // The lock first, the sum in a later statement: one statement would sum what it saw before it had to wait for the lock.
        var row = await connection.QuerySingleAsync<(string? Mandate, string? Details, DateTime? RevokedAt, DateTime? ExpiresAt)>(new CommandDefinition(
            "select mandate::text, details::text, revoked_at, expires_at from identity.grants where id = @GrantId for update",
            new { agent.GrantId }, transaction, cancellationToken: cancellationToken));
        if (row.RevokedAt is not null || row.ExpiresAt <= now.UtcDateTime)
        {
            return IdentityProblems.GrantRevoked.With("The grant was revoked; nothing more can be bought with it.", remedy: IdentityProblems.AskPerson);
        }
        // An access token may hold less than the grant that it came from.
        var mandate = MandateInForce.Read(row.Mandate, row.Details, agent.TokenId is null ? null : agent.Details?.Elements ?? []);
        if (!mandate.Succeeded)
        {
            return mandate.Problem;
        }
        var used = await connection.QuerySingleAsync<long>(new CommandDefinition(
            $"select ({UsedSql}) from identity.grants g where g.id = @GrantId", new { agent.GrantId }, transaction, cancellationToken: cancellationToken));
        if (mandate.Value.Refuse(amount, used, now) is { } refusal)
        {
            return refusal;
        }
        await AddAsync(transaction, agent.GrantId, reservation, "authorise", amount.Amount, now, cancellationToken);
        return null;
    }

    /// <summary>Says that what was held for the reservation has been paid.</summary>
    public static async Task CommitAsync(
        NpgsqlTransaction transaction, AgentPrincipal agent, Money amount, string reservation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(amount);
        await AddAsync(transaction, agent.GrantId!, reservation, "commit", amount.Amount, now, cancellationToken);
        await EventLog.AppendAsync(transaction, agent.GrantId!, agent.ClientId!, now, new GrantSpent(reservation, amount), cancellationToken);
    }

    private static async Task AddAsync(
        NpgsqlTransaction transaction, string grant, string reservation, string entry, long amount, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "insert into identity.ledger (grant_id, reservation, entry, amount, at) values (@grant, @reservation, @entry, @amount, @now)",
            new { grant, reservation, entry, amount, now }, transaction, cancellationToken: cancellationToken));
}
