using CustobotGateway.Common.Database;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>
/// Deletes what is past its time, a thousand rows of a table at once and without waiting for locks, so that any number of gateways may do it together
/// and no request notices.
/// </summary>
internal sealed class ForgetExpired(NpgsqlDataSource database, MigrateAtStart migration, AuthorizationServerOptions options, TimeProvider clock, ILogger<ForgetExpired> logger)
    : RecurringWork(migration, TimeSpan.FromSeconds(30), logger)
{
    private const int AtOnce = 1_000;
    // A gateway deletes at most this often as many in one round; what is left waits for the next.
    private const int MostRounds = 50;

    // Used codes stay as long as a token that came from one, so that a late reuse still revokes it.
    private static readonly (string Table, string Condition)[] Tables =
    [
        ("identity.replays", "expires_at <= @now"),
        ("identity.pushed_requests", "expires_at <= @now"),
        ("identity.codes", "expires_at <= @yesterday"),
        ("identity.device_requests", "expires_at <= @yesterday"),
        ("identity.refresh_families", "expires_at <= @yesterday"),
        ("identity.sign_ups", "expires_at <= @now"),
        ("identity.password_resets", "expires_at <= @now"),
        ("identity.audit", "at <= @oldestAudit"),
        ("identity.clients", "created_by = 'registration' and used_at <= @idle"),
    ];

    /// <summary>One round over every table; how many rows went.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var times = new { now, yesterday = now.AddDays(-1), oldestAudit = now.AddDays(-options.AuditDays), idle = now.AddDays(-options.IdleClientDays), AtOnce };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var all = 0;
        foreach (var (table, condition) in Tables)
        {
            for (var round = 0; round < MostRounds; round++)
            {
                var gone = await connection.ExecuteAsync(new CommandDefinition(
                    $"delete from {table} where ctid = any(array(select ctid from {table} where {condition} limit @AtOnce for update skip locked))", times, cancellationToken: cancellationToken));
                all += gone;
                if (gone < AtOnce)
                {
                    break;
                }
            }
        }
        return all;
    }

    protected override Task WorkAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);
}
