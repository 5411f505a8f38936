using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;

namespace CustobotGateway.Checkout.Orders;

/// <summary>A place in the feed of orders as callers hold it: opaque, and looked at closely when it comes back, since PostgreSQL reads what it holds.</summary>
internal static class FeedCursor
{
    private const int Longest = 16_384;

    private sealed record Written(string F, long P, string? U = null);

    /// <summary>The cursor as text.</summary>
    public static string ToText(EventCursor cursor) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new Written(cursor.From, cursor.Position, cursor.Until), Json.Options));

    /// <summary>The cursor of a text; null if it is none.</summary>
    public static EventCursor? Read(string text)
    {
        if (text.Length is 0 or > Longest || !Base64Url.IsValid(text))
        {
            return null;
        }
        try
        {
            var written = JsonSerializer.Deserialize<Written>(Base64Url.DecodeFromChars(text), Json.Options);
            return written is not null && written.P >= 0 && IsSnapshot(written.F) && (written.U is null || IsSnapshot(written.U)) ? new EventCursor(written.F, written.U, written.P) : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or Common.Http.WireException)
        {
            return null;
        }
    }

    // As PostgreSQL writes a snapshot: xmin:xmax:those in progress, in order, between the two.
    private static bool IsSnapshot(string text)
    {
        if (text.Split(':') is not [var low, var high, var open] || !IsId(low, out var from) || !IsId(high, out var until) || from > until)
        {
            return false;
        }
        var last = from;
        foreach (var (index, one) in (open.Length == 0 ? [] : open.Split(',')).Index())
        {
            if (!IsId(one, out var id) || id < last || (index > 0 && id == last) || id >= until)
            {
                return false;
            }
            last = id;
        }
        return true;
    }

    private static bool IsId(string text, out long id) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id > 0;
}
