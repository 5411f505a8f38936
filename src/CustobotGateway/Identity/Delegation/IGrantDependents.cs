using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Something that lives from a grant and ends with it.</summary>
/// <param name="Kind"><c>access_token</c>, <c>refresh_token</c>, <c>authorization_code</c>, <c>device_code</c>, <c>approval</c>, <c>hold</c>, <c>negotiation</c>, <c>quote</c> or <c>checkout_session</c>.</param>
/// <param name="Id">Names it among its kind. Of a token, which nobody may see, the id of what it belongs to.</param>
/// <param name="Label">What it is, in words for the person.</param>
/// <param name="ExpiresAt">When it would end by itself; null for never.</param>
public sealed record GrantDependent(string Kind, string Id, string Label, DateTimeOffset? ExpiresAt = null);

/// <summary>Knows and ends what lives from grants in one module. Each module that has such things registers one.</summary>
public interface IGrantDependents
{
    /// <summary>The module's place in the order in which rows are locked everywhere: 1 sessions, 2 negotiations and quotes, 3 what is locked after the grant.</summary>
    int LockOrder => 3;

    /// <summary>
    /// Locks what a purchase or a bargain locks before it locks the grant, in the order of ids: a revocation takes locks in the same order (session, negotiation, quote,
    /// grant, stock) and neither waits for the other in a circle.
    /// </summary>
    Task LockAsync(NpgsqlTransaction transaction, string grantId, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What lives from the grant now.</summary>
    ValueTask<IReadOnlyList<GrantDependent>> ListAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string grantId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Which of the grants something of this module lives from; for whoever ends many at once.</summary>
    ValueTask<IEnumerable<string>> WithDependentsAsync(NpgsqlTransaction transaction, string[] grantIds, CancellationToken cancellationToken) =>
        new(Enumerable.Empty<string>());

    /// <summary>Whether what money would be spent for can still be bought; null where it is none of this module's.</summary>
    ValueTask<bool?> IsOpenAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string reservation, DateTimeOffset now, CancellationToken cancellationToken) => new((bool?)null);

    /// <summary>Ends all of it, in the transaction that revokes the grant, whose row it holds.</summary>
    Task EndAsync(NpgsqlTransaction transaction, string grantId, string actor, DateTimeOffset now, CancellationToken cancellationToken);
}
