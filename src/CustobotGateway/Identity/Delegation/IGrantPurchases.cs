using CustobotGateway.Common;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Something that was bought under a grant, as its person reads it.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="What">The goods, in words.</param>
/// <param name="Paid">What was paid.</param>
/// <param name="PlacedAt">When.</param>
/// <param name="State">Where it stands, in words.</param>
/// <param name="Since">What became of it since, in words: what was canceled, sent back, paid back.</param>
public sealed record GrantPurchase(string OrderId, string What, Money Paid, DateTimeOffset PlacedAt, string State, IReadOnlyList<string> Since);

/// <summary>Knows what was bought under grants, so that a person's page can tell. Whoever keeps orders registers one.</summary>
public interface IGrantPurchases
{
    /// <summary>The latest, the newest first.</summary>
    ValueTask<IReadOnlyList<GrantPurchase>> LatestAsync(NpgsqlConnection connection, string grantId, int count, CancellationToken cancellationToken);
}
