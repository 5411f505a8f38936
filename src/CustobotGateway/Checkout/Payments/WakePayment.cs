using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout.Payments;

/// <summary>Something has happened to a payment elsewhere: it is settled now instead of at its time. What happened is asked of the provider, never taken from who said so.</summary>
internal static class WakePayment
{
    /// <summary>Wakes the payment by its id or by the provider's name for it; whether one was waiting.</summary>
    public static async Task<bool> RunAsync(NpgsqlDataSource database, string handler, string? paymentId, string? reference, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition("""
            update checkout.payments set leased_until = clock_timestamp()
            where handler = @handler and state in ('pending', 'requires_action', 'authorised', 'voiding') and (id = @paymentId or reference = @reference)
            """, new { handler, paymentId, reference }, cancellationToken: cancellationToken)) > 0;
    }
}
