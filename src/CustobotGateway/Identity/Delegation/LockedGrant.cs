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
        if (row.RevokedAt is not null || row.ExpiresAt <= now.UtcDateTime)
        {
            return IdentityProblems.GrantRevoked.With("The grant has ended; nothing more can be bought with it.", remedy: IdentityProblems.AskPerson);
        }
        return row.PausedAt is { } since
            ? IdentityProblems.GrantPaused.With($"The person paused the grant at {since:O}. It reads, and neither bargains nor buys.", remedy: IdentityProblems.AskToResume)
            : new LockedGrant(GrantedMandates.Of(grantId, row.Mandate, row.Details), TimeZones.Find(row.TimeZone));
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
