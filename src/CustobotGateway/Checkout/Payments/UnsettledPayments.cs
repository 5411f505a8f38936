using CustobotGateway.Identity.TestMode;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout.Payments;

/// <summary>Payments that nobody is working on: asks the provider what became of each, and settles it.</summary>
internal sealed partial class UnsettledPayments(NpgsqlDataSource database, SettlePayment settle, PaymentProviders providers, PaymentOptions options, TestClocks testClocks, ILogger<UnsettledPayments> logger) : IUnsettled
{
    private const int AtOnce = 16;

    /// <inheritdoc/>
    public async Task<int> SettleAsync(CancellationToken cancellationToken)
    {
        var payments = await LeaseAsync(cancellationToken);
        await Parallel.ForEachAsync(payments, new ParallelOptions { MaxDegreeOfParallelism = AtOnce / 4, CancellationToken = cancellationToken }, async (payment, cancellation) =>
        {
            if (providers.Known(payment.Handler) is { } provider)
            {
                await SettleAsync(payment.IsTest ? payment with { ClockAhead = await testClocks.AheadAsync(payment.ClientId, cancellation) } : payment, provider, cancellation);
            }
            else
            {
                LogUnknownHandler(logger, payment.Id, payment.Handler);
            }
        });
        return payments.Count;
    }

    private async Task<IReadOnlyList<PaymentRow>> LeaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // By the database's clock, which all gateways share. A payment that stays open is looked at ever more seldom, at least once a minute.
        return (await connection.QueryAsync<PaymentRow>(new CommandDefinition($"""
            update checkout.payments set attempt = attempt + 1, leased_until = clock_timestamp() + @Lease + least(40, attempt) * interval '1 second'
            where id in (
                select id from checkout.payments where state in ('pending', 'requires_action', 'authorised', 'voiding') and leased_until <= clock_timestamp()
                order by leased_until limit {AtOnce} for update skip locked)
            returning {PaymentRow.Columns}
            """, new { options.Lease }, cancellationToken: cancellationToken))).AsList();
    }

    private async Task SettleAsync(PaymentRow payment, IPaymentProvider provider, CancellationToken cancellationToken)
    {
        switch (payment.State)
        {
            case PaymentState.Authorised:
                await settle.CaptureAsync(payment, provider, cancellationToken);
                break;
            case PaymentState.Voiding:
                await settle.VoidAsync(payment, provider, cancellationToken);
                break;
            default:
                var answer = await settle.AskAsync(time => provider.FindAsync(payment.Name, time));
                if (answer.Outcome == PaymentOutcome.NotFound)
                {
                    // Nobody will ask for it any more: a request that is still on its way to the provider comes too late.
                    answer = await settle.AskAsync(time => provider.VoidAsync(payment.Name, time));
                }
                await settle.RunAsync(payment, provider, answer, cancellationToken);
                break;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The payment {Payment} waits for a provider {Handler} that is not used here any more")]
    private static partial void LogUnknownHandler(ILogger logger, string payment, string handler);
}
