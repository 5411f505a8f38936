using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustobotGateway.Common.Events;

/// <summary>An event as a line of an export: everything that its hash covers, and the hashes in hexadecimal.</summary>
/// <param name="Stream">Whose history it belongs to.</param>
/// <param name="Version">1, 2, 3 … within the stream.</param>
/// <param name="Type">The kind.</param>
/// <param name="Actor">Who acted.</param>
/// <param name="At">When, in UTC to the microsecond.</param>
/// <param name="TraceId">The W3C trace in which it happened, or null.</param>
/// <param name="Data">The kind's own members.</param>
/// <param name="PreviousHash">The hash of the event before it; null for the first.</param>
/// <param name="Hash">SHA-256 over the previous hash and the canonical JSON (RFC 8785) of the members before it but that one.</param>
public sealed record EventLine(
    string Stream, int Version, string Type, string Actor, string At, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? TraceId, JsonElement Data,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? PreviousHash, string Hash)
{
    private const int HashCharacters = 64;

    /// <summary>How <see cref="At"/> is written.</summary>
    internal const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>The line of an event.</summary>
    public static EventLine Of(Event entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new EventLine(entry.Stream, entry.Version, entry.Type, entry.Actor, entry.At.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture), entry.TraceId,
            entry.Data, entry.PreviousHash is null ? null : Convert.ToHexStringLower(entry.PreviousHash), Convert.ToHexStringLower(entry.Hash));
    }

    /// <summary>The event of the line; null if a member has not the form that it must have.</summary>
    public Event? ToEvent() =>
        DateTimeOffset.TryParseExact(At, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
        && IsHash(Hash) && (PreviousHash is null || IsHash(PreviousHash))
            ? new Event(0, Stream, Version, Type, Actor, at, TraceId, Data, PreviousHash is null ? null : Convert.FromHexString(PreviousHash), Convert.FromHexString(Hash))
            : null;

    private static bool IsHash(string text) => text.Length == HashCharacters && text.All(char.IsAsciiHexDigitLower);
}
