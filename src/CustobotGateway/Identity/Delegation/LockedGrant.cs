using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>A grant that may spend, with its row locked until the transaction ends.</summary>
/// <param name="Mandates">What it was granted.</param>
/// <param name="Zone">Where its days begin.</param>
internal sealed record LockedGrant(IReadOnlyList<GrantedMandate> Mandates, TimeZoneInfo Zone)
{
    // Rows that only refer to the grant may be written meanwhile; who spends, revokes or pauses it waits. A statement of its own: one that also summed would sum what
    // it saw before it had to wait.
    private const string Lock = "for no key update";

    /// <summary>Locks the grant; refused where it has ended or is paused.</summary>
    public static async Task<Outcome<LockedGrant>> FindAsync(NpgsqlTransaction transaction, string grantId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = await transaction.Connection!.QuerySingleAsync<(string? Mandate, string? Details, DateTime? RevokedAt, DateTime? ExpiresAt, DateTime? PausedAt, string TimeZone)>(
            new CommandDefinition(
                $"select mandate::text, details::text, revoked_at, expires_at, paused_at, time_zone from identity.grants where id = @grantId {Lock}", new { grantId }, transaction,
                cancellationToken: cancellationToken));
        if (new State(row.RevokedAt, row.ExpiresAt, row.PausedAt).RefusalAt(now) is { } refusal)
        {
            return refusal;
        }
        return new LockedGrant(GrantedMandates.Of(grantId, row.Mandate, row.Details), TimeZones.Find(row.TimeZone));
    }

    /// <summary>Locks the grant <c>@grantId</c> and reads its <see cref="State"/>.</summary>
    public const string StateSql = $"select revoked_at as revokedat, expires_at as expiresat, paused_at as pausedat from identity.grants where id = @grantId {Lock}";

    /// <summary>Whether a grant may spend.</summary>
    public sealed record State(DateTime? RevokedAt, DateTime? ExpiresAt, DateTime? PausedAt)
    {
        /// <summary>Why it may not; null where it may.</summary>
        public Problem? RefusalAt(DateTimeOffset now) =>
            RevokedAt is not null || ExpiresAt <= now.UtcDateTime ? IdentityProblems.GrantRevoked.With("The grant has ended; nothing more can be bought with it.", remedy: IdentityProblems.AskPerson)
            : PausedAt is { } since ? IdentityProblems.GrantPaused.With($"The person paused the grant at {since:O}. It reads, and neither bargains nor buys.", remedy: IdentityProblems.AskToResume)
            : null;
    }

    /// <summary>Locks the grant, whatever its state.</summary>
    public static Task LockAsync(NpgsqlTransaction transaction, string grantId, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            $"select 1 from identity.grants where id = @grantId {Lock}", new { grantId }, transaction, cancellationToken: cancellationToken));
}

/// <summary>Time zones by their IANA names.</summary>
public static class TimeZones
{
    /// <summary>The longest name that is looked up.</summary>
    public const int LongestName = 64;

    /// <summary>Whether there is a time zone of that name, such as <c>Europe/Berlin</c>.</summary>
    public static bool Exists(string name) => name is { Length: > 0 and <= LongestName } && !name.Contains('\0', StringComparison.Ordinal) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);

    /// <summary>The time zone; UTC where the data of this system lacks it.</summary>
    public static TimeZoneInfo Find(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
}
