using CustobotGateway.Common.Pages;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>The budget that is held under a grant: it is free again when the grant ends, and nothing that it was held for is charged.</summary>
internal sealed class HoldDependents : IGrantDependents
{
    public async ValueTask<IReadOnlyList<GrantDependent>> ListAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string grantId, DateTimeOffset now, CancellationToken cancellationToken) =>
    [
        .. (await Ledger.ListHeldAsync(connection, transaction, grantId, now, cancellationToken)).Select(held => new GrantDependent(
            "hold", held.Reservation, $"A purchase of {Written.Amount(held.Amount)} that is being paid", held.ExpiresAt)),
    ];

    public async ValueTask<IEnumerable<string>> WithDependentsAsync(NpgsqlTransaction transaction, string[] grantIds, CancellationToken cancellationToken) =>
        await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            "select distinct grant_id from identity.holds where grant_id = any(@grantIds)", new { grantIds }, transaction, cancellationToken: cancellationToken));

    public Task EndAsync(NpgsqlTransaction transaction, string grantId, string actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        Ledger.ReleaseAllAsync(transaction, grantId, actor, now, cancellationToken);
}
