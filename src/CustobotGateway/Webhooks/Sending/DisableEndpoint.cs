using CustobotGateway.Common.Events;
using Dapper;
using Npgsql;

namespace CustobotGateway.Webhooks.Sending;

/// <summary>Nothing is sent to an endpoint any more; what was pending is among its dead letters.</summary>
internal static class DisableEndpoint
{
    private const string Actor = "gateway";

    /// <summary>Disables the endpoint and says so by an event; whether it was enabled.</summary>
    public static async Task<bool> RunAsync(NpgsqlTransaction transaction, string endpointId, DisabledReason reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = await transaction.Connection!.QuerySingleOrDefaultAsync<EndpointRow?>(new CommandDefinition(
            $"select {EndpointRow.Columns} from webhooks.endpoints where id = @endpointId and enabled for no key update", new { endpointId }, transaction, cancellationToken: cancellationToken));
        if (row is null)
        {
            return false;
        }
        await StopAsync(transaction, endpointId, reason, cancellationToken);
        await EventLog.AppendAsync(transaction, endpointId, Actor, now,
            new WebhookEndpointDisabled(row.ClientId, row.GrantId, row.Url, reason, row.ToEndpoint(now).FailingSince), cancellationToken);
        return true;
    }

    /// <summary>Disables the endpoint, whose row the caller has locked.</summary>
    public static async Task StopAsync(NpgsqlTransaction transaction, string endpointId, DisabledReason reason, CancellationToken cancellationToken)
    {
        await DeliveryQueue.LockAllAsync(transaction, endpointId, cancellationToken);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            update webhooks.endpoints set enabled = false, disabled_reason = @reason where id = @endpointId;
            delete from webhooks.queues where endpoint_id = @endpointId;
            update webhooks.deliveries set state = 'dead_letter' where endpoint_id = @endpointId and state = 'pending'
            """, new { endpointId, reason = reason.ToString() }, transaction, cancellationToken: cancellationToken));
    }
}
