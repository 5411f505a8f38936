using CustobotGateway.Common.Database;
using Npgsql;

namespace CustobotGateway.Checkout.Payments;

/// <summary>Deletes, once a minute, what is kept of payment tokens whose time is over.</summary>
internal sealed class ForgetPaymentTokens(PaymentTokens tokens, MigrateAtStart migration) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migration.WhenDoneAsync(stoppingToken);
        using var timer = new PeriodicTimer(Pause);
        do
        {
            try
            {
                while (await tokens.ForgetAsync(stoppingToken) > 0)
                {
                    // As many as there are, a hundred at a time.
                }
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
            {
                // The database is away: in a minute, then.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
