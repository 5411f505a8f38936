using System.Security.Cryptography;
using CustobotGateway.Identity;
using CustobotGateway.OAuth.Jose;
using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using SigningKey = CustobotGateway.MessageSignatures.Keys.SigningKey;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>
/// The keys that the gateway signs its own messages with: Ed25519, made by the first gateway of the database, sealed by data protection, read by all. One that cannot be
/// opened is left aside and a new one is made, since signatures live for minutes and whoever verifies them fetches the directory.
/// </summary>
public sealed partial class MessageKeyRing : IHeldInMemory, IDisposable
{
    // One gateway at a time makes keys.
    private const long AdvisoryLock = 0x43555354_4D4B4559;
    // Keys of either kind follow each other on one line.
    private const string Line = "message";

    private readonly NpgsqlDataSource _database;
    private readonly IDataProtector _protector;
    private readonly KeySchedule _schedule;
    private readonly TimeProvider _clock;
    private readonly ILogger<MessageKeyRing> _logger;
    private readonly Dictionary<string, SigningKey> _opened = [];
    private volatile IReadOnlyList<(SigningKey Key, KeyPeriod Period)> _keys = [];

    /// <summary>Reads nothing yet.</summary>
    public MessageKeyRing(NpgsqlDataSource database, IDataProtectionProvider protection, AgentOptions options, TimeProvider clock, ILogger<MessageKeyRing> logger)
    {
        ArgumentNullException.ThrowIfNull(protection);
        ArgumentNullException.ThrowIfNull(options);
        (_database, _clock, _logger) = (database, clock, logger);
        _protector = protection.CreateProtector("CustobotGateway.BotDetection.MessageKeys");
        var signs = TimeSpan.FromHours(options.KeySignsHours);
        _schedule = new KeySchedule { Announced = signs > 2 * CacheTime * 24 ? CacheTime * 24 : signs / 2, Signs = signs, Retired = TimeSpan.FromDays(1) };
    }

    /// <summary>How long a cache may hold the directory: far less than a key is announced before it signs.</summary>
    public static TimeSpan CacheTime { get; } = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    string IHeldInMemory.Name => SharedVersions.MessageKeys;

    /// <summary>Every key that signs, will sign, or has signed what may still be looked at; none until the database was reached.</summary>
    public IReadOnlyList<SigningKey> Published => [.. _keys.Where(one => one.Period.StateAt(_clock.GetUtcNow()) != KeyState.Gone).Select(one => one.Key)];

    /// <summary>The key to sign with now; null until the database was reached.</summary>
    public SigningKey? Current
    {
        get
        {
            var now = _clock.GetUtcNow();
            SigningKey? last = null;
            foreach (var (key, period) in _keys)
            {
                // The newest that may sign; where none may any more, the last one goes on until its successor is there.
                last = period.StateAt(now) != KeyState.Announced || last is null ? key : last;
            }
            return last;
        }
    }

    /// <summary>The keys' times, the oldest first.</summary>
    public IReadOnlyList<KeyPeriod> Periods => [.. _keys.Select(one => one.Period)];

    /// <inheritdoc/>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var rows = await RowsAsync(connection, null, cancellationToken);
        if (_schedule.NextSignsFrom(Usable(rows), Line, now) is not null || rows.Any(row => row.Period.StateAt(now) == KeyState.Gone))
        {
            await using var transaction = await LockAsync(connection, cancellationToken);
            rows = await RowsAsync(connection, transaction, cancellationToken);
            if (_schedule.NextSignsFrom(Usable(rows), Line, now) is { } from)
            {
                await AddAsync(transaction, from, cancellationToken);
            }
            await connection.ExecuteAsync(new CommandDefinition("delete from botdetection.message_keys where published_until <= @now", new { now }, transaction, cancellationToken: cancellationToken));
            rows = await RowsAsync(connection, transaction, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        _keys = [.. rows.Where(row => Open(row) is not null).Select(row => (Open(row)!, row.Period))];
    }

    /// <summary>Makes a key that signs from now on; those that signed until now are published for another day. The ring is read anew after the commit.</summary>
    public async Task<KeyPeriod> RotateAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        await LockAsync(transaction, cancellationToken);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            delete from botdetection.message_keys where signs_from > @now;
            update botdetection.message_keys set signs_until = @now, published_until = @now + @Retired where signs_until > @now
            """, new { now, _schedule.Retired }, transaction, cancellationToken: cancellationToken));
        return await AddAsync(transaction, now, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in _opened.Values)
        {
            key.Dispose();
        }
    }

    private static Task<int> LockAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition("select pg_advisory_xact_lock(@AdvisoryLock)", new { AdvisoryLock }, transaction, cancellationToken: cancellationToken));

    private static async Task<NpgsqlTransaction> LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(transaction, cancellationToken);
        return transaction;
    }

    private async Task<KeyPeriod> AddAsync(NpgsqlTransaction transaction, DateTimeOffset from, CancellationToken cancellationToken)
    {
        using var key = SigningKey.Create();
        var period = _schedule.Plan(key.Public.Thumbprint, Line, from);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into botdetection.message_keys (key_id, algorithm, sealed, signs_from, signs_until, published_until)
            values (@KeyId, @algorithm, @sealed, @SignsFrom, @SignsUntil, @PublishedUntil)
            """,
            new { period.KeyId, algorithm = key.Algorithm.Name, @sealed = _protector.Protect(key.Export()), period.SignsFrom, period.SignsUntil, period.PublishedUntil },
            transaction, cancellationToken: cancellationToken));
        await SharedVersions.CountAsync(transaction, SharedVersions.MessageKeys, cancellationToken);
        return period;
    }

    private IEnumerable<KeyPeriod> Usable(IEnumerable<Row> rows) => rows.Where(row => Open(row) is not null).Select(row => row.Period);

    private SigningKey? Open(Row row)
    {
        lock (_opened)
        {
            if (_opened.TryGetValue(row.Period.KeyId, out var opened))
            {
                return opened;
            }
            try
            {
                return _opened[row.Period.KeyId] = SigningKey.Import(_protector.Unprotect(row.Sealed));
            }
            catch (Exception failure) when (failure is CryptographicException or PlatformNotSupportedException)
            {
                LogNotOpened(_logger, row.Period.KeyId, failure.Message);
                return null;
            }
        }
    }

    private static async Task<IReadOnlyList<Row>> RowsAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<(string KeyId, byte[] Sealed, DateTime SignsFrom, DateTime SignsUntil, DateTime PublishedUntil)>(new CommandDefinition(
            "select key_id, sealed, signs_from, signs_until, published_until from botdetection.message_keys order by signs_from, key_id", transaction: transaction, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new Row(new KeyPeriod(row.KeyId, Line, new(row.SignsFrom), new(row.SignsUntil), new(row.PublishedUntil)), row.Sealed))];
    }

    [LoggerMessage(1, LogLevel.Warning, "The message key {KeyId} cannot be opened and is left aside: {Reason}")]
    private static partial void LogNotOpened(ILogger logger, string keyId, string reason);

    private sealed record Row(KeyPeriod Period, byte[] Sealed);
}
