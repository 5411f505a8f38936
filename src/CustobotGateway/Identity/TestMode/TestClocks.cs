using CustobotGateway.Common.TestMode;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.TestMode;

/// <summary>Test clients, and by how much the time of each is ahead. Asked of the database each time: all gateways follow at once.</summary>
public sealed class TestClocks(NpgsqlDataSource database) : ITestClients
{
    /// <summary>By how much the client <c>c</c> is ahead.</summary>
    internal const string AheadSql = "(select coalesce(sum(a.ahead), interval '0') from identity.test_clock_advances a where a.client_id = c.client_id)";

    /// <summary>By how much a client is ahead; zero for one that is not.</summary>
    public async Task<TimeSpan> AheadAsync(string clientId, CancellationToken cancellationToken) => (await AheadAsync(clientId, DateTimeOffset.MinValue, cancellationToken)).All;

    /// <summary>By how much a client is ahead in all, and since that time.</summary>
    public async Task<(TimeSpan All, TimeSpan Since)> AheadAsync(string clientId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<(TimeSpan, TimeSpan)>(new CommandDefinition("""
            select coalesce(sum(ahead), interval '0'), coalesce(sum(ahead) filter (where at > @since), interval '0') from identity.test_clock_advances where client_id = @clientId
            """, new { clientId, since }, cancellationToken: cancellationToken));
    }

    /// <summary>The clients that are ahead, and by how much each.</summary>
    public async Task<IReadOnlyList<(string ClientId, TimeSpan Ahead)>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<(string, TimeSpan)>(new CommandDefinition(
            "select client_id, sum(ahead) from identity.test_clock_advances group by 1", cancellationToken: cancellationToken))).AsList();
    }

    /// <inheritdoc/>
    public async Task<IReadOnlySet<string>> WhichAsync(IReadOnlyCollection<string> clientIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(clientIds);
        if (clientIds.Count == 0)
        {
            return new HashSet<string>();
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<string>(new CommandDefinition(
            "select client_id from identity.clients where client_id = any(@clients) and test_mode", new { clients = clientIds.ToArray() }, cancellationToken: cancellationToken)))
            .ToHashSet(StringComparer.Ordinal);
    }
}
