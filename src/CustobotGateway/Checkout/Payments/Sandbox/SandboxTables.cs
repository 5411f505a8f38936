using System.Collections.Concurrent;
using System.Text.Json;
using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout.Payments.Sandbox;

/// <summary>
/// The sandbox's payments in tables of their own, written on connections of their own and one statement at a time, as a provider elsewhere would: what it holds and
/// charges does not wait for the gateway's transactions. Commits do not wait for the disk, since no money moves; they survive the gateway.
/// </summary>
internal sealed class SandboxTables : ISandboxStore, IAsyncDisposable
{
    private const int MostConnections = 8;
    private const int MostTries = 50;

    private const int MostRemembered = 10_000;

    private readonly NpgsqlDataSource _database;

    // What was made here a moment ago and is most likely charged next, without reading it again; whether it still stands so is asked by the write itself.
    private readonly ConcurrentDictionary<string, SandboxPayment> _made = new(StringComparer.Ordinal);

    public SandboxTables(GatewaySettings settings)
    {
        var connection = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { ApplicationName = "custobot-sandbox", MaxPoolSize = MostConnections, Timeout = 3, NoResetOnClose = true };
        connection.Options = $"{connection.Options} -c synchronous_commit=off".Trim();
        if (!connection.ShouldSerialize("Max Auto Prepare"))
        {
            connection.MaxAutoPrepare = 20;
        }
        _database = NpgsqlDataSource.Create(connection.ConnectionString);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    public async ValueTask<SandboxPayment?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        return (await ReadAsync(connection, id, cancellationToken)).Payment;
    }

    public async ValueTask<SandboxPayment?> ChangeAsync(string id, SandboxAct act, bool isNew, Func<SandboxPayment?, SandboxPayment?> change, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var (payment, version) = isNew ? default : _made.TryRemove(id, out var made) ? (made, 1) : await ReadAsync(connection, id, cancellationToken);
        for (var tries = 0; tries < MostTries; tries++)
        {
            var next = change(payment);
            if (next is null || ReferenceEquals(next, payment))
            {
                return next;
            }
            if (await WriteAsync(connection, next, version, cancellationToken))
            {
                if (version == 0 && next is { State: SandboxState.Authorised, Behaviour: SandboxBehaviour.Approves } && _made.Count < MostRemembered)
                {
                    _made[id] = next;
                }
                return next;
            }
            // Somebody else was faster: what they made of it is what counts.
            (payment, version) = await ReadAsync(connection, id, cancellationToken);
        }
        throw new TimeoutException($"The sandbox's payment {id} is changed too often at once.");
    }

    public async ValueTask KeepTokenAsync(byte[] hash, SandboxCard card, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        // Each new token drops a few that are past their time, so that the table stays bounded.
        await connection.ExecuteAsync(new CommandDefinition("""
            with old as (delete from checkout.sandbox_tokens where hash in (select hash from checkout.sandbox_tokens where expires_at < now() - interval '1 day' limit 20))
            insert into checkout.sandbox_tokens (hash, brand, last_four, means, expires_at) values (@hash, @Brand, @LastFour, @means::jsonb, @expiresAt)
            """, new { hash, card.Brand, card.LastFour, means = JsonSerializer.Serialize(card.Means, StoredJson.Options), expiresAt }, cancellationToken: cancellationToken));
    }

    public async ValueTask<SandboxMeans?> UseTokenAsync(byte[] hash, string paymentId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var means = await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition("""
            update checkout.sandbox_tokens set used_by = @paymentId
            where hash = @hash and (used_by = @paymentId or (used_by is null and expires_at > @now)) returning means::text
            """, new { hash, paymentId, now }, cancellationToken: cancellationToken));
        return means is null ? null : JsonSerializer.Deserialize<SandboxMeans>(means, StoredJson.Options);
    }

    private static async Task<(SandboxPayment? Payment, int Version)> ReadAsync(NpgsqlConnection connection, string id, CancellationToken cancellationToken)
    {
        var (document, version) = await connection.QuerySingleOrDefaultAsync<(string? Document, int Version)>(new CommandDefinition(
            "select document::text, version from checkout.sandbox_payments where id = @id", new { id }, cancellationToken: cancellationToken));
        return (document is null ? null : JsonSerializer.Deserialize<SandboxPayment>(document, StoredJson.Options), version);
    }

    private static async Task<bool> WriteAsync(NpgsqlConnection connection, SandboxPayment payment, int version, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(
            version == 0
                ? "insert into checkout.sandbox_payments (id, document, version) values (@Id, @document::jsonb, 1) on conflict do nothing"
                : "update checkout.sandbox_payments set document = @document::jsonb, version = version + 1 where id = @Id and version = @version",
            new { payment.Id, document = JsonSerializer.Serialize(payment, StoredJson.Options), version }, cancellationToken: cancellationToken)) == 1;
}
