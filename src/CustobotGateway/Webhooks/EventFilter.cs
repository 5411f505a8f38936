using System.Text.RegularExpressions;
using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;

namespace CustobotGateway.Webhooks;

/// <summary>Which events leave the house, and which of them an endpoint asked for.</summary>
internal static partial class EventFilter
{
    /// <summary>The most patterns of an endpoint.</summary>
    public const int MostPatterns = 50;

    /// <summary>What clients are told of: the families of what they do themselves.</summary>
    public static readonly IReadOnlyList<string> OfClients = ["order", "return", "refund", "case", "cart", "checkout", "payment", "webhook"];

    /// <summary>What the merchant is told of besides. Accounts, clients, rules and what is thought of callers stay inside.</summary>
    public static readonly IReadOnlyList<string> OfMerchant =
        [.. OfClients, "approval", "grant", "inventory", "negotiation", "price", "purchase", "shop", "stock"];

    /// <summary>The family of a type: what stands before the dot.</summary>
    public static string FamilyOf(string type) => type.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? type[..dot] : type;

    /// <summary>Whether one of the patterns covers the type: <c>*</c>, <c>order.*</c> or the type itself.</summary>
    public static bool Covers(IReadOnlyList<string> patterns, string type) =>
        patterns.Any(pattern => pattern == "*" || pattern == type || (pattern.EndsWith(".*", StringComparison.Ordinal) && type.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal)));

    /// <summary>The refusal of patterns that nothing can match; null where all may.</summary>
    public static Problem? RefusalOf(IReadOnlyList<string> patterns, bool isMerchant)
    {
        var families = isMerchant ? OfMerchant : OfClients;
        FieldError[] errors = [.. patterns.Index().Where(one => one.Item != "*" && (!Form().IsMatch(one.Item) || !families.Contains(FamilyOf(one.Item))))
            .Select(one => new FieldError($"/events/{one.Index}", "unknown_event", $"'*', a family such as 'order.*', or a type such as 'order.placed'. The families are {string.Join(", ", families)}."))];
        return errors.Length == 0 ? null : CommonProblems.InvalidRequest.With(errors[0].Detail, errors);
    }

    /// <summary>
    /// Whether the endpoint is told of the event. The merchant is told of every event of the families that leave; a client of its own, by the client and the grant that
    /// the event names.
    /// </summary>
    public static bool Wants(Subscriber endpoint, EventFacts entry) =>
        entry.Position > endpoint.SincePosition && entry.IsTest == endpoint.IsTest && Covers(endpoint.Events, entry.Type)
            && (endpoint.ClientId is null
                ? OfMerchant.Contains(FamilyOf(entry.Type))
                : OfClients.Contains(FamilyOf(entry.Type)) && entry.ClientId == endpoint.ClientId && (endpoint.GrantId is null || entry.GrantId == endpoint.GrantId));

    [GeneratedRegex(@"\A[a-z][a-z_]{0,40}\.(\*|[a-z][a-z_]{0,60})\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}

/// <summary>An endpoint, as far as it matters to what it is told of.</summary>
/// <param name="Id">The endpoint.</param>
/// <param name="ClientId">Whose it is; null for the merchant's.</param>
/// <param name="GrantId">The grant that it is told of alone, or null.</param>
/// <param name="Events">The patterns.</param>
/// <param name="SincePosition">The last event before there was an endpoint.</param>
/// <param name="IsTest">Whether it is told of what is only a test.</param>
internal sealed record Subscriber(string Id, string? ClientId, string? GrantId, string[] Events, long SincePosition, bool IsTest);

/// <summary>What of an event decides who is told of it.</summary>
internal sealed record EventFacts(long Position, string Type, string? ClientId, string? GrantId, bool IsTest)
{
    /// <summary>Reads them. Whoever placed an order is its client, also where the event is from before it said so.</summary>
    public static EventFacts Of(Event entry, IReadOnlySet<string> testClients) => new(
        entry.Position, entry.Type, ClientOf(entry), Text(entry, "grant_id"), testClients.Contains(ClientOf(entry) ?? entry.Actor));

    /// <summary>Whose event it is; null where it is nobody's.</summary>
    public static string? ClientOf(Event entry) => Text(entry, "client_id") ?? (entry.Type == OrderPlaced.Type ? entry.Actor : null);

    private static string? Text(Event entry, string member) =>
        entry.Data.ValueKind == System.Text.Json.JsonValueKind.Object && entry.Data.TryGetProperty(member, out var value) && value.ValueKind == System.Text.Json.JsonValueKind.String ? value.GetString() : null;
}
