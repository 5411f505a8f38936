using System.Text.Json;

namespace CustobotGateway.OAuth.Mandates;

/// <summary>
/// What an agent may spend for its person: authorization details (RFC 9396) of the type <c>purchase_mandate</c>. Amounts are whole minor units of its currency.
/// A member that is absent limits nothing; one that is not listed here is refused, never ignored.
/// </summary>
public sealed record PurchaseMandate
{
    /// <summary>The only type that is granted.</summary>
    public const string TypeName = "purchase_mandate";

    /// <summary>To ask for prices and bargain.</summary>
    public const string Quote = "quote";

    /// <summary>To buy.</summary>
    public const string Purchase = "purchase";

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Always <c>purchase_mandate</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The id that the server gave it, by which its budget is counted; never sent when a mandate is asked for.</summary>
    public string? MandateId { get; init; }

    /// <summary>What may be done: <c>quote</c>, <c>purchase</c>, or both.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    /// <summary>ISO 4217 code of all amounts; nothing in another currency can be bought.</summary>
    public required string Currency { get; init; }

    /// <summary>How much.</summary>
    public MandateLimits? Limits { get; init; }

    /// <summary>How many orders, paid and held.</summary>
    public int? MaxOrders { get; init; }

    /// <summary>The categories of which each product must have one; all when null.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Conditions that every product has to meet, all of them.</summary>
    public IReadOnlyList<MandateRule>? Rules { get; init; }

    /// <summary>Where may be bought.</summary>
    public MandateMerchants? Merchants { get; init; }

    /// <summary>A purchase of more than this waits until the person approves it; none waits when null.</summary>
    public long? ApprovalAbove { get; init; }

    /// <summary>Nothing can be bought before this instant; at once when null.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Nothing can be bought after this instant; until revoked when null.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>Reads an element of the details that was checked against <see cref="PurchaseMandateType"/>.</summary>
    public static PurchaseMandate Of(JsonElement element) => element.Deserialize<PurchaseMandate>(Options)!;
}

/// <summary>The limits of a mandate, in whole minor units of its currency; null limits nothing.</summary>
/// <param name="PerItem">What one piece of a product may cost.</param>
/// <param name="PerOrder">What one order may come to.</param>
/// <param name="Total">What all orders may come to together; at least <paramref name="PerOrder"/>.</param>
/// <param name="Period">What the orders of a period may come to.</param>
public sealed record MandateLimits(long? PerItem = null, long? PerOrder = null, long? Total = null, MandatePeriod? Period = null);

/// <summary>The merchants at which may be bought.</summary>
/// <param name="Allow">Only there; anywhere when null or empty.</param>
/// <param name="Deny">Never there.</param>
public sealed record MandateMerchants(IReadOnlyList<string>? Allow = null, IReadOnlyList<string>? Deny = null)
{
    /// <summary>Whether may be bought at this one.</summary>
    public bool Allows(string merchant) => (Allow is null or { Count: 0 } || Allow.Contains(merchant)) && Deny?.Contains(merchant) != true;
}
