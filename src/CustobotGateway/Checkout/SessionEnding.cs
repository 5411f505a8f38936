using CustobotGateway.Checkout.Payments;
using CustobotGateway.Common.Events;
using CustobotGateway.Identity.Delegation;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout;

/// <summary>Ends sessions that became no order. The session's row is locked by the caller; the grant's is locked after it.</summary>
internal static class SessionEnding
{
    /// <summary>Who ends what nobody ends.</summary>
    public const string Gateway = "gateway";

    /// <summary>Ends an open session: what a person was asked about it, or approved, counts no more, and budget that was held for it is free.</summary>
    public static async Task EndAsync<T>(NpgsqlTransaction transaction, string id, string grantId, string actor, T told, DateTimeOffset now, CancellationToken cancellationToken)
        where T : IEventData
    {
        await LetGoAsync(transaction, id, cancellationToken);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update checkout.sessions set status = 'canceled', escalation = null where id = @id", new { id }, transaction, cancellationToken: cancellationToken));
        await Ledger.EndOfSessionAsync(transaction, grantId, id, actor, now, cancellationToken);
        await EventLog.AppendAsync(transaction, id, actor, now, told, cancellationToken);
    }

    /// <summary>A payment that waits for the buyer's confirmation is made no more: what would be paid is no longer what is bought.</summary>
    public static async Task LetGoAsync(NpgsqlTransaction transaction, string id, CancellationToken cancellationToken)
    {
        if (await PaymentRow.FindOpenAsync(transaction, id, cancellationToken) is { } payment)
        {
            await SettlePayment.GiveUpAsync(transaction, payment, cancellationToken);
        }
    }
}
