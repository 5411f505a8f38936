using System.Security.Cryptography;
using System.Text.Json;

namespace CustobotGateway.Common.Events;

/// <summary>What a module says of something that happened. Its wire form is JSON, read by other modules and by auditors: members are added, never changed.</summary>
public interface IEventData
{
    /// <summary>The kind, for example <c>order.placed</c>.</summary>
    static abstract string Type { get; }
}

/// <summary>One stored event.</summary>
/// <param name="Position">Unique and growing, but not in the order of commits.</param>
/// <param name="Stream">Whose history it belongs to: the id of a grant, a negotiation, an order.</param>
/// <param name="Version">1, 2, 3 … within the stream.</param>
/// <param name="Type">The kind.</param>
/// <param name="Actor">The client or person that acted.</param>
/// <param name="At">When, to the microsecond, which is what PostgreSQL keeps.</param>
/// <param name="TraceId">The W3C trace in which it happened, or null.</param>
/// <param name="Data">The kind's own members.</param>
/// <param name="PreviousHash">The hash of the event before it in the stream; null for the first.</param>
/// <param name="Hash">See <see cref="EventChain"/>.</param>
public sealed record Event(
    long Position, string Stream, int Version, string Type, string Actor, DateTimeOffset At, string? TraceId, JsonElement Data,
    byte[]? PreviousHash, byte[] Hash)
{
    /// <summary>The members as the record that wrote them; only for its own type.</summary>
    public T Read<T>()
        where T : IEventData =>
        Type == T.Type ? Data.Deserialize<T>(StoredJson.Options)! : throw new InvalidOperationException($"{Type} is not {T.Type}.");
}

/// <summary>The end of a stream, which the next event is chained to.</summary>
/// <param name="Version">The last event's version; zero for a stream without events.</param>
/// <param name="Hash">Its hash; null for a stream without events.</param>
internal readonly record struct EventHead(int Version, byte[]? Hash)
{
    /// <summary>From the row of <see cref="EventLog.HeadSql"/>.</summary>
    public static EventHead Of((int Version, byte[]? Hash) row) => new(row.Version, row.Hash);
}

/// <summary>The hash chain of a stream: each event's hash covers the hash before it, so a change anywhere shows.</summary>
public static class EventChain
{
    /// <summary>SHA-256 over the previous hash and the canonical JSON of everything else but the position.</summary>
    public static byte[] HashOf(Event entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var content = CanonicalJson.Of(new
        {
            entry.Stream,
            entry.Version,
            entry.Type,
            entry.Actor,
            At = entry.At.UtcDateTime.ToString(EventLine.TimeFormat, System.Globalization.CultureInfo.InvariantCulture),
            entry.TraceId,
            entry.Data,
        });
        return SHA256.HashData([.. entry.PreviousHash ?? [], .. content]);
    }

    /// <summary>The version of the first event that does not follow from the one before it, or null when the whole stream holds.</summary>
    public static int? FirstBreak(IEnumerable<Event> stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Event? previous = null;
        foreach (var entry in stream)
        {
            if (FaultOf(entry, previous) is not null)
            {
                return entry.Version;
            }
            previous = entry;
        }
        return null;
    }

    /// <summary>What is wrong with an event that should follow another, in words; null where it does.</summary>
    /// <param name="entry">The event.</param>
    /// <param name="previous">The one before it, which holds; null for the first.</param>
    public static string? FaultOf(Event entry, Event? previous)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var expected = (previous?.Version ?? 0) + 1;
        return previous is not null && entry.Stream != previous.Stream ? $"it belongs to {entry.Stream}, the events before it to {previous.Stream}."
            : entry.Version != expected ? $"version {expected} should stand here: something was taken out, put in or moved."
            : !(previous?.Hash ?? []).AsSpan().SequenceEqual(entry.PreviousHash ?? []) ? "its previous_hash is not the hash of the event before it."
            : !HashOf(entry).AsSpan().SequenceEqual(entry.Hash) ? "its hash does not cover what it says: it was changed."
            : null;
    }
}
