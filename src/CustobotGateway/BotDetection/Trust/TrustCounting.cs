using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common.Events;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Negotiation;
using Dapper;
using Npgsql;

namespace CustobotGateway.BotDetection.Trust;

/// <summary>
/// What a batch of events says of operators: held against what is known of their holds and negotiations, counted in memory, and written in two statements however many
/// the events are.
/// </summary>
internal sealed class TrustCounting
{
    private const string Hold = "hold";
    private const string Bargain = "negotiation";

    private readonly Dictionary<string, Subject> _subjects;
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Operator, TrustComponent Component), TrustCount> _counts = [];
    private readonly double _halfLifeDays;

    private TrustCounting(IEnumerable<Subject> subjects, double halfLifeDays) =>
        (_subjects, _halfLifeDays) = (subjects.ToDictionary(one => one.Id, StringComparer.Ordinal), halfLifeDays);

    /// <summary>Reads what is known of what the events speak of.</summary>
    public static async Task<TrustCounting> BeginAsync(NpgsqlTransaction transaction, IReadOnlyList<Event> events, double halfLifeDays, CancellationToken cancellationToken)
    {
        var ids = events.Select(SubjectOf).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        return new TrustCounting(ids.Length == 0 ? [] : await transaction.Connection!.QueryAsync<Subject>(new CommandDefinition(
            "select subject as id, operator, state, expires_at as expiresat from botdetection.trust_subjects where subject = any(@ids)", new { ids }, transaction,
            cancellationToken: cancellationToken)), halfLifeDays);
    }

    /// <summary>Counts an event.</summary>
    public void Count(Event entry)
    {
        if (entry.Type == OrderPlaced.Type)
        {
            Add(entry.Actor, TrustComponent.CompletedOrders, entry.At);
        }
        else if (entry.Type == PurchaseRefused.Type)
        {
            Add(entry.Actor, TrustComponent.LimitBreaches, entry.At);
        }
        else if (entry.Type == GrantHeld.Type)
        {
            var held = entry.Read<GrantHeld>();
            Remember(new Subject(held.Reservation, entry.Actor, Hold, held.ExpiresAt.UtcDateTime));
        }
        else if (entry.Type == GrantSpent.Type)
        {
            Settle(entry.Read<GrantSpent>().Reservation, "paid");
        }
        else if (entry.Type == GrantReleased.Type)
        {
            // What the person or the merchant gave back was not abandoned by the agent.
            if (Settle(entry.Read<GrantReleased>().Reservation, "ended") is { } holder && holder == entry.Actor)
            {
                Add(holder, TrustComponent.AbandonedHolds, entry.At);
            }
        }
        else if (entry.Type == GrantRefunded.Type)
        {
            if (_subjects.GetValueOrDefault(entry.Read<GrantRefunded>().Reservation) is { } bought)
            {
                Add(bought.Operator, TrustComponent.Returns, entry.At);
            }
        }
        else if (entry.Type == NegotiationOpened.Type)
        {
            Remember(new Subject(entry.Stream, entry.Actor, Bargain, null));
        }
        else if (entry.Type == NegotiationAgreed.Type)
        {
            Add(entry.Actor, TrustComponent.Agreements, entry.At);
        }
        else if (entry.Type == NegotiationEnded.Type && entry.Read<NegotiationEnded>().Reason is null && _subjects.GetValueOrDefault(entry.Stream) is { } bargain)
        {
            Add(bargain.Operator, TrustComponent.Probing, entry.At);
        }
    }

    /// <summary>Adds one to a component of an operator, as of that time.</summary>
    public void Add(string name, TrustComponent component, DateTimeOffset at) =>
        _counts[(name, component)] = _counts.TryGetValue((name, component), out var known) ? known.And(at, _halfLifeDays) : new TrustCount(1, at, at);

    /// <summary>Writes what was counted.</summary>
    public async Task WriteAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        if (_changed.Count > 0)
        {
            var changed = _changed.Order(StringComparer.Ordinal).Select(id => _subjects[id]).ToArray();
            await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
                insert into botdetection.trust_subjects (subject, operator, state, expires_at)
                select * from unnest(@subjects, @operators, @states, @expiries)
                on conflict (subject) do update set operator = excluded.operator, state = excluded.state, expires_at = excluded.expires_at
                """,
                new
                {
                    subjects = changed.Select(one => one.Id).ToArray(),
                    operators = changed.Select(one => one.Operator).ToArray(),
                    states = changed.Select(one => one.State).ToArray(),
                    // With an offset, since of an array that begins with null the kind of a plain time is not known.
                    expiries = changed.Select(one => one.ExpiresAt is { } at ? new DateTimeOffset(at) : (DateTimeOffset?)null).ToArray(),
                }, transaction, cancellationToken: cancellationToken));
        }
        await TrustStore.AddAsync(transaction, _counts, _halfLifeDays, cancellationToken);
    }

    // Whose hold or negotiation an event speaks of.
    private static string? SubjectOf(Event entry) =>
        entry.Type == GrantHeld.Type ? entry.Read<GrantHeld>().Reservation
        : entry.Type == GrantSpent.Type ? entry.Read<GrantSpent>().Reservation
        : entry.Type == GrantReleased.Type ? entry.Read<GrantReleased>().Reservation
        : entry.Type == GrantRefunded.Type ? entry.Read<GrantRefunded>().Reservation
        : entry.Type == NegotiationOpened.Type || entry.Type == NegotiationEnded.Type ? entry.Stream
        : null;

    private void Remember(Subject subject)
    {
        _subjects[subject.Id] = subject;
        _changed.Add(subject.Id);
    }

    // Who held it, where it was still held.
    private string? Settle(string id, string state)
    {
        if (_subjects.GetValueOrDefault(id) is not { State: Hold } held)
        {
            return null;
        }
        Remember(held with { State = state, ExpiresAt = null });
        return held.Operator;
    }

    private sealed record Subject(string Id, string Operator, string State, DateTime? ExpiresAt);
}

/// <summary>A count of what was done, decayed to a time.</summary>
/// <param name="Amount">How much.</param>
/// <param name="AsOf">The time of the last of it.</param>
/// <param name="Since">The time of the first.</param>
internal readonly record struct TrustCount(double Amount, DateTimeOffset AsOf, DateTimeOffset Since)
{
    /// <summary>With one more.</summary>
    public TrustCount And(DateTimeOffset at, double halfLifeDays)
    {
        var asOf = at > AsOf ? at : AsOf;
        return new TrustCount(TrustMath.Decayed(Amount, asOf - AsOf, halfLifeDays) + TrustMath.Decayed(1, asOf - at, halfLifeDays), asOf, at < Since ? at : Since);
    }
}
