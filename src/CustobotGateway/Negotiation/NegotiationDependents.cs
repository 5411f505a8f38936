using CustobotGateway.Common.Events;
using CustobotGateway.Identity.Delegation;
using Dapper;
using Npgsql;

namespace CustobotGateway.Negotiation;

/// <summary>What of bargaining ends with a grant: open negotiations, and quotes that nobody has redeemed.</summary>
internal sealed class NegotiationDependents : IGrantDependents
{
    private const string OpenNegotiations = "grant_id = @grantId and state in ('open', 'countered')";
    private const string OpenQuotes = "grant_id = @grantId and redeemed_by is null and voided_at is null";

    public int LockOrder => 2;

    public Task LockAsync(NpgsqlTransaction transaction, string grantId, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition($"""
        select 1 from negotiation.negotiations where {OpenNegotiations} order by id for update;
        select 1 from negotiation.quotes where {OpenQuotes} order by id for update
        """, new { grantId }, transaction, cancellationToken: cancellationToken));

    public async ValueTask<IReadOnlyList<GrantDependent>> ListAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string grantId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<(string Kind, string Id, string About, DateTime ExpiresAt)>(new CommandDefinition($"""
            select 'negotiation', id, quantity || ' × ' || product_name, deadline from negotiation.negotiations where {OpenNegotiations} and deadline > @now
            union all
            select 'quote', q.id, q.quantity || ' × ' || n.product_name, q.expires_at from negotiation.quotes q join negotiation.negotiations n on n.id = q.negotiation_id
            where q.{OpenQuotes} and q.expires_at > @now
            order by 2
            """, new { grantId, now }, transaction, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new GrantDependent(row.Kind, row.Id, (row.Kind == "quote" ? "An agreed price for " : "Bargaining about ") + row.About, new DateTimeOffset(row.ExpiresAt)))];
    }

    public async ValueTask<IEnumerable<string>> WithDependentsAsync(NpgsqlTransaction transaction, string[] grantIds, CancellationToken cancellationToken) =>
        await transaction.Connection!.QueryAsync<string>(new CommandDefinition("""
            select grant_id from negotiation.negotiations where grant_id = any(@grantIds) and state in ('open', 'countered')
            union select grant_id from negotiation.quotes where grant_id = any(@grantIds) and redeemed_by is null and voided_at is null
            """, new { grantIds }, transaction, cancellationToken: cancellationToken));

    public async Task EndAsync(NpgsqlTransaction transaction, string grantId, string actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var ended = await connection.QueryAsync<(string Id, int Round)>(new CommandDefinition(
            $"update negotiation.negotiations set state = 'ended', ended_for = '{NegotiationEnded.GrantRevoked}' where {OpenNegotiations} returning id, round",
            new { grantId }, transaction, cancellationToken: cancellationToken));
        foreach (var (id, round) in ended)
        {
            await EventLog.AppendAsync(transaction, id, actor, now, new NegotiationEnded(round, NegotiationEnded.GrantRevoked), cancellationToken);
        }
        await connection.ExecuteAsync(new CommandDefinition(
            $"update negotiation.quotes set voided_at = @now where {OpenQuotes}", new { grantId, now }, transaction, cancellationToken: cancellationToken));
    }
}
