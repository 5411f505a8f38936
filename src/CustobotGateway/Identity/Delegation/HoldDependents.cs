using System.Globalization;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>The budget that is held under a grant: it is free again when the grant ends, and nothing that it was held for is charged.</summary>
internal sealed class HoldDependents : IGrantDependents
{
    public async ValueTask<IReadOnlyList<GrantDependent>> ListAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string grantId, DateTimeOffset now, CancellationToken cancellationToken) =>
    [
        .. (await Ledger.ListHeldAsync(connection, transaction, grantId, now, cancellationToken)).Select(held => new GrantDependent(
            "hold", held.Reservation, string.Create(CultureInfo.InvariantCulture, $"A purchase of {held.Amount.Amount} {held.Amount.Currency} (minor units) that is being paid"), held.ExpiresAt)),
    ];

    public Task EndAsync(NpgsqlTransaction transaction, string grantId, string actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        Ledger.ReleaseAllAsync(transaction, grantId, actor, now, cancellationToken);
}
