using CustobotGateway.Common.Database;

namespace CustobotGateway.Checkout.Payments;

/// <summary>Something whose outcome at a payment provider is not known, and is found out sooner or later.</summary>
internal interface IUnsettled
{
    /// <summary>Settles what nobody else is working on; how many were looked at. Any number of gateways call it at once.</summary>
    Task<int> SettleAsync(CancellationToken cancellationToken);
}

/// <summary>Settles, about every second, what a crash, a time-out or a lost answer has left open: payments, captures, refunds.</summary>
internal sealed partial class Reconciliation(IEnumerable<IUnsettled> unsettled, MigrateAtStart migration, ILogger<Reconciliation> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migration.WhenDoneAsync(stoppingToken);
        await Task.WhenAll(unsettled.Select(one => FollowAsync(one, stoppingToken)));
    }

    // Each kind by itself: a provider that hangs for payments of one kind keeps no other waiting.
    private async Task FollowAsync(IUnsettled one, CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Pause, stoppingToken);
            try
            {
                while (await one.SettleAsync(stoppingToken) > 0)
                {
                    // There may be more.
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The database is away; or a fault of ours, which must not end the gateway.
                LogPaused(logger, exception.GetType().Name);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Settling payments paused: {Reason}")]
    private static partial void LogPaused(ILogger logger, string reason);
}
