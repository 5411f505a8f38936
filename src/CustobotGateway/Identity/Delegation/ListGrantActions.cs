using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Something that happened under a grant.</summary>
/// <param name="Version">Its number in the grant's history.</param>
/// <param name="Type">What, as the history names it: <c>grant.given</c>, <c>approval.asked</c>, <c>budget.committed</c> …</param>
/// <param name="Actor">Who did it: a client, a person, staff.</param>
/// <param name="At">When.</param>
/// <param name="Amount">The money that it was about; null where it was about none.</param>
/// <param name="Reservation">The checkout session that it was about; null where it was about none.</param>
/// <param name="Data">All that was written down of it.</param>
public sealed record GrantAction(int Version, string Type, string Actor, DateTimeOffset At, Money? Amount, string? Reservation, JsonElement Data);

/// <summary>The latest of what happened under a grant; however long its history is, only these are read.</summary>
public static class ListGrantActions
{
    /// <summary>The most that are read at once.</summary>
    public const int MaxCount = 100;

    private static readonly string[] AmountMembers = ["total", "paid", "amount", "held", "released", "refunded"];

    /// <summary>Reads them, the newest first.</summary>
    /// <param name="grants">The operations' context.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="id">The grant.</param>
    /// <param name="count">How many, 1 to <see cref="MaxCount"/>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="before">Only versions below it; the newest when null.</param>
    public static async Task<Outcome<IReadOnlyList<GrantAction>>> RunAsync(
        GrantContext grants, GrantActor actor, string id, int count, CancellationToken cancellationToken, int? before = null)
    {
        ArgumentNullException.ThrowIfNull(grants);
        ArgumentNullException.ThrowIfNull(actor);
        await using var connection = await grants.Database.OpenConnectionAsync(cancellationToken);
        var grant = grants.Note("grant.read_actions", actor, id, await GrantRow.AllowAsync(connection, null, id, actor, GrantRight.Audit, cancellationToken));
        if (!grant.Succeeded)
        {
            return grant.Problem!;
        }
        var events = await EventLog.ReadLastAsync(connection, id, Math.Clamp(count, 1, MaxCount), before, cancellationToken);
        return new List<GrantAction>(events.Select(Of));
    }

    private static GrantAction Of(Event entry) => new(entry.Version, entry.Type, entry.Actor, entry.At, AmountOf(entry.Data),
        entry.Data.TryGetProperty("reservation", out var reservation) ? reservation.GetString() : null, entry.Data);

    private static Money? AmountOf(JsonElement data)
    {
        foreach (var name in AmountMembers)
        {
            if (data.TryGetProperty(name, out var money) && money.ValueKind == JsonValueKind.Object
                && money.TryGetProperty("amount", out var amount) && amount.TryGetInt64(out var minor) && money.TryGetProperty("currency", out var currency))
            {
                return new Money(minor, currency.GetString()!);
            }
        }
        return null;
    }
}
