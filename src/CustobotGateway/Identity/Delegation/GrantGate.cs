using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Lets an agent bargain and prepare orders as long as its grant lives and is not paused.</summary>
public static class GrantGate
{
    /// <summary>
    /// The refusal; null where the agent may go on. The grant is held against being revoked or paused until the caller's transaction ends, so that whatever comes
    /// of it is either seen by the revocation or not made. Rows of sessions, negotiations and quotes are locked before it.
    /// </summary>
    public static async Task<Problem?> RefusalAsync(NpgsqlTransaction transaction, AgentPrincipal agent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(agent);
        var row = await transaction.Connection!.QuerySingleOrDefaultAsync<(string? Id, DateTime? RevokedAt, DateTime? ExpiresAt, DateTime? PausedAt)>(new CommandDefinition(
            "select id, revoked_at, expires_at, paused_at from identity.grants where id = @GrantId for share", new { agent.GrantId }, transaction, cancellationToken: cancellationToken));
        return row.Id is null ? IdentityProblems.MandateRequired.With("Only an agent with a grant can bargain and buy.", remedy: IdentityProblems.AskPerson)
            : row.RevokedAt is not null || row.ExpiresAt <= now.UtcDateTime
                ? IdentityProblems.GrantRevoked.With("The grant has ended; nothing more can be bought with it.", remedy: IdentityProblems.AskPerson)
            : row.PausedAt is { } since
                ? IdentityProblems.GrantPaused.With($"The person paused the grant at {since:O}. The agent may read, and neither bargain nor buy.", remedy: IdentityProblems.AskToResume)
            : null;
    }
}
