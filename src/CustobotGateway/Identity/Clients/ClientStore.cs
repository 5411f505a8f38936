using System.Collections.Concurrent;
using CustobotGateway.Common.Events;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.Identity.ResourceServer;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Jose;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.Clients;

/// <summary>
/// The clients: registered ones from the table, held in memory until one of them changes anywhere; others whose id is the address of their metadata.
/// </summary>
public sealed class ClientStore
{
    /// <summary>The longest id that is looked up.</summary>
    public const int LongestId = 2_048;

    private const int MostHeld = 10_000;

    private readonly NpgsqlDataSource _database;
    private readonly ServerPolicySource _policies;
    private readonly ClientDocuments _documents;
    private readonly SharedVersions _versions;
    private readonly AuthorizationServerOptions _options;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, Held> _held = new(StringComparer.Ordinal);

    internal ClientStore(
        NpgsqlDataSource database, ServerPolicySource policies, ClientDocuments documents, SharedVersions versions, AuthorizationServerOptions options, TimeProvider clock) =>
        (_database, _policies, _documents, _versions, _options, _clock) = (database, policies, documents, versions, options, clock);

    /// <summary>The client as the protocol sees it, enabled or not; null if there is none.</summary>
    public ValueTask<Client?> FindAsync(string clientId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(clientId);
        return _held.TryGetValue(clientId, out var held) && held.Version == _versions.ClientsVersion && ReferenceEquals(held.Policy, _policies.Current) && held.Record.JwksUri is null
            ? new(held.Client)
            : FindSlowlyAsync(clientId, cancellationToken);
    }

    /// <summary>The same with keys fetched anew, for an assertion that names a key which is not known.</summary>
    public async Task<Client?> FindWithNewKeysAsync(string clientId, CancellationToken cancellationToken) =>
        await RecordAsync(clientId, cancellationToken) is { JwksUri: { } address } record
            ? record.ToClient(_policies.Current, await _documents.KeysAsync(address, anew: true, cancellationToken))
            : null;

    /// <summary>The client as it is kept; null if there is none in the table.</summary>
    public async Task<ClientRecord?> GetAsync(string clientId, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        return await ClientRows.FindAsync(connection, clientId, null, cancellationToken);
    }

    /// <summary>The clients after that id, in the order of their ids.</summary>
    public async Task<IReadOnlyList<ClientRecord>> ListAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        return await ClientRows.ListAsync(connection, after, limit, cancellationToken);
    }

    /// <summary>
    /// Stores the client, new or changed, in the caller's transaction, with the event of it. Call <see cref="ForgetAsync"/> after the commit, so that this
    /// gateway sees it at once; the others do within the second.
    /// </summary>
    public static async Task SaveAsync(NpgsqlTransaction transaction, ClientRecord client, string actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(client);
        // The events of one client are in line; a new one has nobody else to write them.
        var isNew = !await LockAsync(transaction, client.ClientId, cancellationToken);
        await ClientRows.SaveAsync(transaction, client, now, cancellationToken);
        await EventLog.AppendAsync(transaction, StreamOf(client.ClientId), actor, now,
            new ClientSaved(client.ClientId, client.CreatedBy, client.Enabled, client.AuthMethod, client.GrantTypes, client.Scopes.Values, client.RedirectUris), cancellationToken);
        if (!isNew)
        {
            await SharedVersions.CountAsync(transaction, SharedVersions.Clients, cancellationToken);
        }
    }

    /// <summary>Locks the client's row until the transaction ends; false if there is none.</summary>
    internal static async Task<bool> LockAsync(NpgsqlTransaction transaction, string clientId, CancellationToken cancellationToken) =>
        !clientId.Contains('\0', StringComparison.Ordinal) && await transaction.Connection!.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "select client_id from identity.clients where client_id = @clientId for update", new { clientId }, transaction, cancellationToken: cancellationToken)) is not null;

    /// <summary>Refuses the client from now on and ends every token that it holds; false if there is none.</summary>
    public async Task<bool> DisableAsync(string clientId, string actor, CancellationToken cancellationToken)
    {
        await using (var connection = await _database.OpenConnectionAsync(cancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (await ClientRows.FindAsync(connection, clientId, transaction, cancellationToken) is not { } client)
            {
                return false;
            }
            await SaveAsync(transaction, client with { Enabled = false }, actor, _clock.GetUtcNow(), cancellationToken);
            await Revocations.AddAsync(transaction, RevocationKind.Client, clientId, _clock.GetUtcNow(), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        await ForgetAsync(clientId, cancellationToken);
        return true;
    }

    /// <summary>Looks at the table anew for that client.</summary>
    public async Task ForgetAsync(string clientId, CancellationToken cancellationToken)
    {
        _held.TryRemove(clientId, out _);
        await _versions.CheckAsync(cancellationToken);
    }

    /// <summary>The stream of a client's events.</summary>
    public static string StreamOf(string clientId) => "client:" + clientId;

    private async ValueTask<Client?> FindSlowlyAsync(string clientId, CancellationToken cancellationToken)
    {
        if (await RecordAsync(clientId, cancellationToken) is not { } record)
        {
            return null;
        }
        var keys = record.Keys ?? (record.JwksUri is { } address ? await _documents.KeysAsync(address, anew: false, cancellationToken) : JwkSet.Empty);
        var policy = _policies.Current;
        var client = record.ToClient(policy, keys);
        if (_held.TryGetValue(clientId, out var held) && ReferenceEquals(held.Record, record))
        {
            _held[clientId] = held with { Client = client, Policy = policy };
        }
        return client;
    }

    private async Task<ClientRecord?> RecordAsync(string clientId, CancellationToken cancellationToken)
    {
        if (clientId.Length is 0 or > LongestId || clientId.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }
        var version = _versions.ClientsVersion;
        if (_held.TryGetValue(clientId, out var held) && held.Version == version && version is not null)
        {
            return held.Record;
        }
        // What is read under a version that was known before is at least as new as it.
        var record = await GetAsync(clientId, cancellationToken);
        if (record is null)
        {
            return _options.ClientIdDocuments ? await _documents.FindClientAsync(clientId, cancellationToken) : null;
        }
        if (_held.Count >= MostHeld)
        {
            _held.Clear();
        }
        _held[clientId] = new Held(record, null, null, version);
        return record;
    }

    private sealed record Held(ClientRecord Record, Client? Client, OAuth.Messages.ServerPolicy? Policy, long? Version);
}

/// <summary>A client was registered or changed. Of its secrets and keys nothing is said.</summary>
public sealed record ClientSaved(
    string ClientId, ClientOrigin CreatedBy, bool Enabled, string AuthMethod, IReadOnlyList<string> GrantTypes, IReadOnlyList<string> Scopes, IReadOnlyList<string> RedirectUris) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "client.saved";
}
