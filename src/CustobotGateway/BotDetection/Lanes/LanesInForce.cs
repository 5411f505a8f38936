using CustobotGateway.BotDetection.Trust;
using CustobotGateway.Common.Database;
using CustobotGateway.Common.Http;
using Npgsql;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>
/// The policy and the rules that this gateway holds callers to, read anew when another gateway changed them: one small query about twice a second, so that
/// all gateways of a database follow within the second.
/// </summary>
internal sealed partial class LanesInForce : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(400);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly NpgsqlDataSource _database;
    private readonly MigrateAtStart _migration;
    private readonly TrustScores _trust;
    private readonly StandingPolicy _configured;
    private readonly ILogger<LanesInForce> _logger;
    private (long Policy, long Rules)? _held;
    private volatile CompiledLanes _current;

    public LanesInForce(NpgsqlDataSource database, MigrateAtStart migration, LaneOptions options, TrustScores trust, ILogger<LanesInForce> logger)
    {
        (_database, _migration, _trust, _logger) = (database, migration, trust, logger);
        _configured = new StandingPolicy(0, options.ToPolicy(), null, null);
        _current = new CompiledLanes(_configured, [], trust);
    }

    /// <summary>What holds now.</summary>
    public CompiledLanes Current => _current;

    /// <summary>The configuration's policy, which stands until staff set another.</summary>
    public StandingPolicy Configured => _configured;

    /// <summary>Reads before requests are answered, where the database is there.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_migration.IsDone)
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
            await using var connection = await _database.OpenConnectionAsync(cancellationToken);
            // The versions first: what changes while the rest is read is read again the next time.
            var versions = await LaneStore.VersionsAsync(connection, cancellationToken);
            if (versions != _held)
            {
                _current = new CompiledLanes(
                    await LaneStore.PolicyAsync(connection, null, cancellationToken) ?? _configured, await LaneStore.RulesAsync(connection, null, cancellationToken), _trust);
                _held = versions;
            }
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
            await _migration.WhenDoneAsync(stoppingToken);
            while (true)
            {
                try
                {
                    await CheckAsync(stoppingToken);
                }
                catch (Exception exception) when (exception is IOException or TimeoutException || (exception is NpgsqlException database && DatabaseFailures.IsOutage(database)))
                {
                    LogLost(_logger, exception.Message);
                }
                await Task.Delay(Period, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    [LoggerMessage(1, LogLevel.Warning, "Lanes cannot be read just now, those known stay in force: {Reason}")]
    private static partial void LogLost(ILogger logger, string reason);
}
