using System.Security.Cryptography;
using CustobotGateway.OAuth.Jose;
using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace CustobotGateway.Identity.Keys;

/// <summary>
/// The keys that tokens are signed with, in memory. They lie in PostgreSQL, sealed by the data protection keys that lie there too, so that every gateway
/// of the database signs and verifies with the same ones. A key that signs and cannot be opened stops the start: nobody could verify what another would do.
/// </summary>
public sealed class SigningKeyRing : IHeldInMemory, IDisposable
{
    // One gateway at a time makes keys.
    private const long AdvisoryLock = 0x43555354_4B455953;

    private readonly NpgsqlDataSource _database;
    private readonly IDataProtector _protector;
    private readonly KeyOptions _options;
    private readonly KeySchedule _schedule;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, (SigningKey Key, KeyPeriod Period)> _opened = [];
    private volatile Held? _held;

    /// <summary>Reads nothing yet.</summary>
    public SigningKeyRing(NpgsqlDataSource database, IDataProtectionProvider protection, KeyOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        _database = database;
        _protector = protection.CreateProtector("CustobotGateway.Identity.SigningKeys");
        (_options, _schedule, _clock) = (options, options.ToSchedule(), clock);
    }

    /// <inheritdoc/>
    string IHeldInMemory.Name => SharedVersions.SigningKeys;

    /// <summary>Whether there is a key to sign with; false until the database was reached.</summary>
    public bool IsReady => _held is not null;

    /// <summary>What tokens are signed with by the settings.</summary>
    public string Algorithm => _options.Algorithm;

    /// <summary>How long a cache may hold the key set: less than a key is announced before it signs.</summary>
    public TimeSpan CacheTime => TimeSpan.FromHours(Math.Min(_options.AnnouncedHours / 2.0, 1));

    /// <summary>Every key that signs, will sign, or has signed what may still be valid.</summary>
    public JwkSet Published => (_held ?? throw NotReady()).Keys.Published(_clock.GetUtcNow());

    /// <summary>The published keys, ready to verify with. The same object until one of them changes.</summary>
    public VerificationKeys Verification => (_held ?? throw NotReady()).Verification;

    /// <summary>The key to sign with now.</summary>
    public SigningKey Current(string? algorithm = null) =>
        (_held ?? throw NotReady()).Keys.Current(algorithm ?? _options.Algorithm, _clock.GetUtcNow()) ?? throw NotReady();

    /// <summary>The keys with their times, the oldest first.</summary>
    public IReadOnlyList<KeyPeriod> Periods => [.. (_held ?? throw NotReady()).Periods];

    /// <summary>Reads the keys, makes the first one or the next one when it is time, and drops those that are gone.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var rows = await RowsAsync(connection, null, cancellationToken);
        if (_schedule.NextSignsFrom(rows.Select(row => row.Period), _options.Algorithm, now) is not null || rows.Any(row => row.Period.StateAt(now) == KeyState.Gone))
        {
            await using var transaction = await LockAsync(connection, cancellationToken);
            rows = await RowsAsync(connection, transaction, cancellationToken);
            if (_schedule.NextSignsFrom(rows.Select(row => row.Period), _options.Algorithm, now) is { } from)
            {
                await AddAsync(transaction, _options.Algorithm, from, cancellationToken);
            }
            await connection.ExecuteAsync(new CommandDefinition(
                "delete from identity.signing_keys where published_until <= @now", new { now }, transaction, cancellationToken: cancellationToken));
            rows = await RowsAsync(connection, transaction, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        Hold(rows, now);
    }

    /// <summary>
    /// Makes a new key now, in whatever state the others are. By default it is announced first and takes over when every cache knows it; with
    /// <paramref name="atOnce"/> it signs from now on, and with <paramref name="drop"/> the others are gone besides, with all that they signed.
    /// </summary>
    public async Task<KeyPeriod> RotateAsync(bool atOnce, bool drop, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        KeyPeriod made;
        await using (var connection = await _database.OpenConnectionAsync(cancellationToken))
        {
            await using var transaction = await LockAsync(connection, cancellationToken);
            if (drop)
            {
                await connection.ExecuteAsync(new CommandDefinition("delete from identity.signing_keys", transaction: transaction, cancellationToken: cancellationToken));
            }
            var from = atOnce || drop ? now : now + _schedule.Announced;
            made = await AddAsync(transaction, _options.Algorithm, from, cancellationToken);
            // Keys that would have come after it are not needed; those that signed until then retire.
            await connection.ExecuteAsync(new CommandDefinition("""
                delete from identity.signing_keys where algorithm = @Algorithm and key_id <> @KeyId and signs_from >= @from;
                update identity.signing_keys set signs_until = @from, published_until = @from + @Retired
                where algorithm = @Algorithm and key_id <> @KeyId and signs_until > @from
                """, new { made.Algorithm, made.KeyId, from, _schedule.Retired }, transaction, cancellationToken: cancellationToken));
            await transaction.CommitAsync(cancellationToken);
        }
        await ReadAsync(cancellationToken);
        return made;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (key, _) in _opened.Values)
        {
            key.Dispose();
        }
    }

    private static async Task<NpgsqlTransaction> LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("select pg_advisory_xact_lock(@AdvisoryLock)", new { AdvisoryLock }, transaction, cancellationToken: cancellationToken));
        return transaction;
    }

    private async Task<KeyPeriod> AddAsync(NpgsqlTransaction transaction, string algorithm, DateTimeOffset from, CancellationToken cancellationToken)
    {
        using var key = SigningKey.Create(algorithm);
        var period = _schedule.Plan(key.Public.KeyId!, algorithm, from);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into identity.signing_keys (key_id, algorithm, sealed, signs_from, signs_until, published_until)
            values (@KeyId, @Algorithm, @sealed, @SignsFrom, @SignsUntil, @PublishedUntil)
            """,
            new { period.KeyId, period.Algorithm, @sealed = _protector.Protect(key.ExportPkcs8()), period.SignsFrom, period.SignsUntil, period.PublishedUntil },
            transaction, cancellationToken: cancellationToken));
        await SharedVersions.CountAsync(transaction, SharedVersions.SigningKeys, cancellationToken);
        return period;
    }

    private void Hold(IReadOnlyList<Row> rows, DateTimeOffset now)
    {
        lock (_opened)
        {
            foreach (var row in rows.Where(row => !_opened.ContainsKey(row.Period.KeyId)))
            {
                try
                {
                    _opened[row.Period.KeyId] = (SigningKey.Import(row.Period.Algorithm, _protector.Unprotect(row.Sealed)), row.Period);
                }
                catch (CryptographicException failure)
                {
                    throw new InvalidOperationException(
                        $"The signing key {row.Period.KeyId} cannot be opened: the data protection keys (console.protection_keys) are not those that sealed it. "
                        + "Restore them with it, or drop the signing keys with './gateway keys rotate --drop', which ends every token.", failure);
                }
            }
            // Keys that went are not disposed: a request may be signing with one.
            List<(SigningKey Key, KeyPeriod Period)> keys = [.. rows.Select(row => (_opened[row.Period.KeyId].Key, row.Period))];
            var before = _held;
            var published = keys.Where(key => key.Period.StateAt(now) != KeyState.Gone).Select(key => key.Period.KeyId).ToHashSet();
            var verification = before is not null && published.SetEquals(before.Published) ? before.Verification : new VerificationKeys(new JwkSet([.. keys.Where(key => published.Contains(key.Period.KeyId)).Select(key => key.Key.Public)]));
            _held = new Held(new SigningKeys(keys), [.. keys.Select(key => key.Period)], published, verification);
        }
    }

    private static async Task<IReadOnlyList<Row>> RowsAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<(string KeyId, string Algorithm, byte[] Sealed, DateTime SignsFrom, DateTime SignsUntil, DateTime PublishedUntil)>(new CommandDefinition(
            "select key_id, algorithm, sealed, signs_from, signs_until, published_until from identity.signing_keys order by signs_from, key_id",
            transaction: transaction, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new Row(new KeyPeriod(row.KeyId, row.Algorithm, new(row.SignsFrom), new(row.SignsUntil), new(row.PublishedUntil)), row.Sealed))];
    }

    private static InvalidOperationException NotReady() => new("The signing keys were not read yet.");

    private sealed record Row(KeyPeriod Period, byte[] Sealed);

    private sealed record Held(SigningKeys Keys, IReadOnlyList<KeyPeriod> Periods, HashSet<string> Published, VerificationKeys Verification);
}
