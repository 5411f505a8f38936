using CustobotGateway.Common.Database;
using CustobotGateway.Common.Http;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity;

/// <summary>Something that gateways hold in memory and read anew when its version in the database has changed.</summary>
internal interface IHeldInMemory
{
    /// <summary>One of the names of <see cref="SharedVersions"/>.</summary>
    string Name { get; }

    /// <summary>Reads it. Also asked every now and then without a change, for what depends on the time.</summary>
    Task ReadAsync(CancellationToken cancellationToken);
}

/// <summary>
/// Watches the versions of what every gateway on the database holds in memory, by one small query twice a second: a client that was disabled here is
/// refused there within the second.
/// </summary>
internal sealed partial class SharedVersions(
    NpgsqlDataSource database, MigrateAtStart migration, IServiceProvider services, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<SharedVersions> logger)
    : BackgroundService
{
    /// <summary>Registered clients.</summary>
    public const string Clients = "clients";

    /// <summary>Resources that tokens are made for.</summary>
    public const string Resources = "resources";

    /// <summary>Keys that tokens are signed with.</summary>
    public const string SigningKeys = "signing_keys";

    /// <summary>Agents whose message signatures are believed.</summary>
    public const string TrustedAgents = "trusted_agents";

    /// <summary>Keys that the gateway signs its own messages with.</summary>
    public const string MessageKeys = "message_keys";

    /// <summary>The shop's settings.</summary>
    public const string Shop = "shop";

    /// <summary>Keys of payment providers.</summary>
    public const string PaymentKeys = "payment_keys";

    private const int CommandTimeoutSeconds = 2;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan MostStale = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Dictionary<string, long> _held = [];
    private long _clientsVersion = -1;
    private long _checkedAt = -1;
    private long _readAllAt = -1;

    /// <summary>
    /// What the version of the clients was a moment ago; null while the database is away and nobody knows. What was read under another version is old.
    /// </summary>
    public long? ClientsVersion => Volatile.Read(ref _checkedAt) is var at and >= 0 && clock.GetElapsedTime(at) < MostStale ? Volatile.Read(ref _clientsVersion) : null;

    /// <summary>Counts a change, in the transaction that makes it.</summary>
    public static async Task CountAsync(NpgsqlTransaction transaction, string name, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "insert into identity.versions as v (name, version) values (@name, 1) on conflict (name) do update set version = v.version + 1", new { name }, transaction, cancellationToken: cancellationToken));

    /// <summary>Reads before requests are answered, where the database is there. What cannot be read then stops the start.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (migration.IsDone)
        {
            await CheckAsync(cancellationToken);
        }
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Looks now: after a change of one's own, so that the next request sees it.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            var at = clock.GetTimestamp();
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var versions = (await connection.QueryAsync<(string Name, long Version)>(new CommandDefinition(
                "select name, version from identity.versions", commandTimeout: CommandTimeoutSeconds, cancellationToken: cancellationToken))).AsList();
            await connection.CloseAsync();
            var isTime = _readAllAt < 0 || clock.GetElapsedTime(_readAllAt) > ReadAgainAfter;
            foreach (var held in services.GetServices<IHeldInMemory>())
            {
                var version = versions.Find(row => row.Name == held.Name).Version;
                if (isTime || !_held.TryGetValue(held.Name, out var known) || known != version)
                {
                    await held.ReadAsync(cancellationToken);
                    _held[held.Name] = version;
                }
            }
            _readAllAt = isTime ? at : _readAllAt;
            Volatile.Write(ref _clientsVersion, versions.Find(row => row.Name == Clients).Version);
            Volatile.Write(ref _checkedAt, at);
        }
        finally
        {
            _reading.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await migration.WhenDoneAsync(stoppingToken);
            while (true)
            {
                try
                {
                    await CheckAsync(stoppingToken);
                }
                catch (Exception exception) when (exception is IOException or TimeoutException || (exception is NpgsqlException database && DatabaseFailures.IsOutage(database)))
                {
                    LogLost(logger, exception.Message);
                }
                await Task.Delay(Period, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
        catch (Exception exception)
        {
            LogFailed(logger, exception);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    [LoggerMessage(1, LogLevel.Warning, "Clients, resources and keys cannot be read just now, trying again: {Reason}")]
    private static partial void LogLost(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Critical, "Clients, resources or keys cannot be read")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
