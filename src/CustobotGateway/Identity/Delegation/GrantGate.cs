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
        await using var answers = await transaction.Connection!.QueryMultipleAsync(new CommandDefinition(Sql, new { agent.GrantId }, transaction, cancellationToken: cancellationToken));
        return await ReadAsync(answers, now);
    }

    /// <summary>Holds the grant <c>@GrantId</c>, for whoever asks for more in the same round trip.</summary>
    internal const string Sql = "select id, revoked_at, expires_at, paused_at from identity.grants where id = @GrantId for share";

    /// <summary>The refusal, from the rows of <see cref="Sql"/>.</summary>
    internal static async Task<Problem?> ReadAsync(SqlMapper.GridReader answers, DateTimeOffset now)
    {
        var row = await answers.ReadSingleOrDefaultAsync<(string? Id, DateTime? RevokedAt, DateTime? ExpiresAt, DateTime? PausedAt)>();
        return row.Id is null ? IdentityProblems.MandateRequired.With("Only an agent with a grant can bargain and buy.", remedy: IdentityProblems.AskPerson)
            : row.RevokedAt is not null || row.ExpiresAt <= now.UtcDateTime
                ? IdentityProblems.GrantRevoked.With("The grant has ended; nothing more can be bought with it.", remedy: IdentityProblems.AskPerson)
            : row.PausedAt is { } since
                ? IdentityProblems.GrantPaused.With($"The person paused the grant at {since:O}. The agent may read, and neither bargain nor buy.", remedy: IdentityProblems.AskToResume)
            : null;
    }
}
