using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.TrustedAgents;

/// <summary>The agents whose signatures are believed: in the database, and in every gateway's memory until one of them changes anywhere.</summary>
public sealed class TrustedAgentStore(NpgsqlDataSource database, IServiceProvider services, TimeProvider clock) : IHeldInMemory
{
    /// <summary>More than that are not held.</summary>
    public const int Most = 10_000;

    private const string Columns = "id, agent, authority, keys::text as keys, directory, created_by, created_at";

    private volatile IReadOnlyList<TrustedAgent> _current = [];

    /// <inheritdoc/>
    string IHeldInMemory.Name => SharedVersions.TrustedAgents;

    /// <summary>All of them. The same object until one changes.</summary>
    public IReadOnlyList<TrustedAgent> Current => _current;

    /// <inheritdoc/>
    async Task IHeldInMemory.ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var read = await ReadAsync(connection, $"select {Columns} from identity.trusted_agents order by id limit @Most", new { Most }, null, cancellationToken);
        // Also asked every minute without a change: what was made of the agents then stays as it is.
        if (!read.Select(Text).SequenceEqual(_current.Select(Text)))
        {
            _current = read;
        }
    }

    /// <summary>The agents after that id, in the order of their ids.</summary>
    public async Task<IReadOnlyList<TrustedAgent>> ListAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await ReadAsync(connection, $"select {Columns} from identity.trusted_agents where id > @after order by id limit @limit", new { after = after ?? "", limit }, null, cancellationToken);
    }

    /// <summary>
    /// Adds the agent in the caller's transaction, or gives the one of that address and authority other keys or another directory; the same again changes nothing. Call
    /// <see cref="WhenChangedAsync"/> after the commit.
    /// </summary>
    /// <returns>The agent as it is kept, and whether it is new or changed.</returns>
    public async Task<(TrustedAgent Agent, bool IsChanged)> SaveAsync(
        NpgsqlTransaction transaction, string agent, string authority, JsonElement keys, string? directory, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var now = clock.GetUtcNow();
        var connection = transaction.Connection!;
        var values = new { id = Ids.New("agt", clock), agent, authority, keys = keys.GetRawText(), directory, actor, now };
        if (await ReadAsync(connection, $"""
            insert into identity.trusted_agents as a (id, agent, authority, keys, directory, created_by, created_at)
            values (@id, @agent, @authority, @keys::jsonb, @directory, @actor, @now)
            on conflict (agent, authority) do update set keys = excluded.keys, directory = coalesce(excluded.directory, a.directory)
            where a.keys <> excluded.keys or a.directory is distinct from coalesce(excluded.directory, a.directory)
            returning {Columns}
            """, values, transaction, cancellationToken) is not [var saved])
        {
            return ((await ReadAsync(connection, $"select {Columns} from identity.trusted_agents where agent = @agent and authority = @authority", values, transaction, cancellationToken))[0], false);
        }
        await SharedVersions.CountAsync(transaction, SharedVersions.TrustedAgents, cancellationToken);
        var count = keys.GetProperty("keys").GetArrayLength();
        await EventLog.AppendAsync(transaction, StreamOf(saved.Id), actor, now, new TrustedAgentSaved(saved.Id, agent, authority, count, saved.Directory), cancellationToken);
        return (saved, true);
    }

    /// <summary>Takes the agent away in the caller's transaction; null if there is none. Call <see cref="WhenChangedAsync"/> after the commit.</summary>
    public async Task<TrustedAgent?> RemoveAsync(NpgsqlTransaction transaction, string id, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(id);
        if ((await ReadAsync(transaction.Connection!, $"delete from identity.trusted_agents where id = @id returning {Columns}", new { id }, transaction, cancellationToken)) is not [var removed])
        {
            return null;
        }
        await SharedVersions.CountAsync(transaction, SharedVersions.TrustedAgents, cancellationToken);
        await EventLog.AppendAsync(transaction, StreamOf(id), actor, clock.GetUtcNow(), new TrustedAgentRemoved(id, removed.Agent), cancellationToken);
        return removed;
    }

    /// <summary>Looks at the table anew, so that this gateway knows at once; the others do within the second.</summary>
    public Task WhenChangedAsync(CancellationToken cancellationToken) => services.GetRequiredService<SharedVersions>().CheckAsync(cancellationToken);

    private static string StreamOf(string id) => "trusted_agent:" + id;

    private static string Text(TrustedAgent agent) => $"{agent.Id} {agent.Agent} {agent.Authority} {agent.Directory} {agent.Keys.GetRawText()}";

    private static async Task<IReadOnlyList<TrustedAgent>> ReadAsync(
        NpgsqlConnection connection, string sql, object parameters, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<(string Id, string Agent, string Authority, string Keys, string? Directory, string CreatedBy, DateTime CreatedAt)>(
            new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new TrustedAgent(row.Id, row.Agent, row.Authority, JsonElement.Parse(row.Keys), row.Directory, row.CreatedBy, new DateTimeOffset(row.CreatedAt)))];
    }
}
