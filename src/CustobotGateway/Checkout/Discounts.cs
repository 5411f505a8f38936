namespace CustobotGateway.Checkout;

/// <summary>The discount codes that the agent enters.</summary>
/// <param name="Codes">Up to 20 codes; capital and small letters are the same. They replace those before; an empty list clears them.</param>
public sealed record DiscountCodes(IReadOnlyList<string> Codes)
{
    /// <summary>The most codes of one session.</summary>
    internal const int Most = 20;

    /// <summary>Whether they have the form of codes.</summary>
    internal static bool AreValid(DiscountCodes? given) => given is null || (given.Codes.Count <= Most && given.Codes.All(code => code is { Length: > 0 and <= 64 }));
}

/// <summary>Codes that were entered, and what is taken off.</summary>
/// <param name="Codes">As they were entered, those that did not help included; messages say why.</param>
/// <param name="Applied">Discounts that are taken off, by code or by themselves.</param>
public sealed record AppliedDiscounts(IReadOnlyList<string> Codes, IReadOnlyList<AppliedDiscount> Applied);

/// <summary>A discount that is taken off.</summary>
/// <param name="Id">The discount in the shop's settings.</param>
/// <param name="Title">What people are shown.</param>
/// <param name="Amount">How much, in minor units; positive.</param>
/// <param name="Allocations">Where it is taken off; they add up to the amount.</param>
/// <param name="Code">The code, as the shop writes it; null for one that applies by itself.</param>
/// <param name="Automatic">Whether it applies by itself.</param>
public sealed record AppliedDiscount(string Id, string Title, long Amount, IReadOnlyList<DiscountAllocation> Allocations, string? Code = null, bool Automatic = false);

/// <summary>A part of a discount.</summary>
/// <param name="Path">JSONPath (RFC 9535) to what it is taken off: <c>$.line_items[0]</c>, or the fulfillment.</param>
/// <param name="Amount">Minor units; positive.</param>
public sealed record DiscountAllocation(string Path, long Amount);
