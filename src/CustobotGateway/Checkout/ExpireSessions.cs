using CustobotGateway.Common.Database;
using CustobotGateway.Identity.TestMode;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout;

/// <summary>
/// Writes down what time has ended. Sessions are read as canceled the moment they expire; this lets go what they held and tells who wants to know. Gateways share the work.
/// </summary>
internal sealed class ExpireSessions(NpgsqlDataSource database, MigrateAtStart migration, TestClocks testClocks, TimeProvider clock, ILogger<ExpireSessions> logger)
    : RecurringWork(migration, TimeSpan.FromSeconds(2), logger)
{
    /// <summary>The most sessions, and the most carts, of one look.</summary>
    public const int Most = 200;

    /// <summary>Looks once; how many sessions were ended.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var ended = await SweepAsync(null, TimeSpan.Zero, cancellationToken);
        foreach (var (client, ahead) in await testClocks.ListAsync(cancellationToken))
        {
            ended += await SweepAsync(client, ahead, cancellationToken);
        }
        return ended;
    }

    // Of everybody, or of a test client whose time is ahead.
    private async Task<int> SweepAsync(string? testClient, TimeSpan ahead, CancellationToken cancellationToken)
    {
        var ended = 0;
        while (ended < Most && await ExpireOneAsync(testClient, clock.GetUtcNow() + ahead, cancellationToken))
        {
            ended++;
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition($"""
            delete from checkout.carts where id in (select id from checkout.carts where expires_at <= @now and {OfClient} order by expires_at limit @Most for update skip locked)
            """, new { now = clock.GetUtcNow() + ahead, Most, testClient }, cancellationToken: cancellationToken));
        return ended;
    }

    private const string OfClient = "(@testClient::text is null or (is_test and client_id = @testClient))";

    // One at a time: a transaction that held many sessions and waited for many grants would wait in circles.
    private async Task<bool> ExpireOneAsync(string? testClient, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (id, grantId, clientId) = await connection.QuerySingleOrDefaultAsync<(string? Id, string GrantId, string? ClientId)>(new CommandDefinition($"""
            select id, grant_id, client_id from checkout.sessions
            where status in {CheckoutSession.OpenStatuses} and expires_at <= @now and {OfClient} order by expires_at limit 1 for update skip locked
            """, new { now, testClient }, transaction, cancellationToken: cancellationToken));
        if (id is null)
        {
            return false;
        }
        await SessionEnding.EndAsync(transaction, id, grantId, SessionEnding.Gateway, new CheckoutExpired(clientId ?? "", grantId), now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    protected override Task WorkAsync(CancellationToken cancellationToken) => SweepAsync(cancellationToken);
}
