using CustobotGateway.Common.Events;
using CustobotGateway.Common.Pages;
using CustobotGateway.Identity.Delegation;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout;

/// <summary>What of checkout ends with a grant: sessions that have not become an order.</summary>
internal sealed class CheckoutDependents : IGrantDependents
{
    private const string OpenSessions = $"grant_id = @grantId and status in {CheckoutSession.OpenStatuses}";

    public int LockOrder => 1;

    public Task LockAsync(NpgsqlTransaction transaction, string grantId, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
        $"select 1 from checkout.sessions where {OpenSessions} order by id for update", new { grantId }, transaction, cancellationToken: cancellationToken));

    public async ValueTask<IReadOnlyList<GrantDependent>> ListAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string grantId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<(string Id, long Total, string Currency, DateTime ExpiresAt)>(new CommandDefinition(
            $"select id, total, currency, expires_at from checkout.sessions where {OpenSessions} and expires_at > @now order by id",
            new { grantId, now }, transaction, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new GrantDependent(
            "checkout_session", row.Id, $"An order of {Written.Amount(row.Total, row.Currency)} that is not placed", new DateTimeOffset(row.ExpiresAt)))];
    }

    public async ValueTask<IEnumerable<string>> WithDependentsAsync(NpgsqlTransaction transaction, string[] grantIds, CancellationToken cancellationToken) =>
        await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            $"select distinct grant_id from checkout.sessions where grant_id = any(@grantIds) and status in {CheckoutSession.OpenStatuses}", new { grantIds }, transaction, cancellationToken: cancellationToken));

    public async ValueTask<bool?> IsOpenAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string reservation, DateTimeOffset now, CancellationToken cancellationToken) =>
        await connection.QuerySingleOrDefaultAsync<bool?>(new CommandDefinition(
            $"select status = 'complete_in_progress' or (status in {CheckoutSession.OpenStatuses} and expires_at > @now) from checkout.sessions where id = @reservation", new { reservation, now }, transaction, cancellationToken: cancellationToken));

    // What is being paid is left alone: whether the money was taken decides what becomes of it, and no order is placed before the grant was asked again.
    public async Task EndAsync(NpgsqlTransaction transaction, string grantId, string actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ended = await transaction.Connection!.QueryAsync<(string Id, string? ClientId)>(new CommandDefinition(
            $"update checkout.sessions set status = 'canceled', escalation = null where {OpenSessions} returning id, client_id", new { grantId }, transaction, cancellationToken: cancellationToken));
        foreach (var (id, clientId) in ended)
        {
            await SessionEnding.LetGoAsync(transaction, id, cancellationToken);
            await EventLog.AppendAsync(transaction, id, actor, now, new CheckoutCanceled(clientId ?? "", grantId, "grant_revoked"), cancellationToken);
        }
    }
}
