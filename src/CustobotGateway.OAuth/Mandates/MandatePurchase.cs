using System.Text.Json;

namespace CustobotGateway.OAuth.Mandates;

/// <summary>What is judged: an order, in whole minor units.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Total">What it comes to.</param>
/// <param name="Merchant">Who sells.</param>
/// <param name="Lines">What it is made of.</param>
public sealed record MandatePurchase(string Currency, long Total, string Merchant, IReadOnlyList<MandateLine> Lines);

/// <summary>One product of an order.</summary>
/// <param name="ProductId">Its id, for the refusal.</param>
/// <param name="UnitPrice">What one piece costs.</param>
/// <param name="Attributes">Its attributes by key, <c>category</c> among them.</param>
public sealed record MandateLine(string ProductId, long UnitPrice, JsonElement Attributes);

/// <summary>What of a mandate is used, at one instant.</summary>
/// <param name="Spent">Paid and not refunded.</param>
/// <param name="Held">Held for orders that are being paid.</param>
/// <param name="SpentInPeriod">Of what was spent, what was paid in the mandate's current period.</param>
/// <param name="Orders">How many orders were paid or are held.</param>
public sealed record MandateUsage(long Spent = 0, long Held = 0, long SpentInPeriod = 0, int Orders = 0);
