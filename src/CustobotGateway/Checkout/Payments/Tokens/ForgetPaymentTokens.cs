using CustobotGateway.Common.Database;

namespace CustobotGateway.Checkout.Payments;

/// <summary>Deletes, once a minute, what is kept of payment tokens whose time is over.</summary>
internal sealed class ForgetPaymentTokens(PaymentTokens tokens, MigrateAtStart migration, ILogger<ForgetPaymentTokens> logger) : RecurringWork(migration, TimeSpan.FromMinutes(1), logger)
{
    protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (await tokens.ForgetAsync(cancellationToken) > 0)
        {
            // As many as there are, a hundred at a time.
        }
    }
}
