using System.Security.Cryptography;
using System.Text.Json;
using CustobotGateway.Common;

namespace CustobotGateway.Identity.Delegation;

/// <summary>One product of a purchase, with what a mandate may ask of it.</summary>
/// <param name="ProductId"><c>prd_…</c></param>
/// <param name="Name">The product's name, as it is shown to the person.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">What one costs, in minor units of the purchase's currency.</param>
/// <param name="Attributes">The product's attributes by their keys in the registry, an object; <c>category</c> among them where the product has one.</param>
public sealed record PurchaseLine(string ProductId, string Name, int Quantity, long UnitPrice, JsonElement Attributes);

/// <summary>What an agent is about to buy for its person.</summary>
/// <param name="Reservation">What the money is for: the checkout session's id. Each is paid once.</param>
/// <param name="Total">What is charged.</param>
/// <param name="Lines">What is bought.</param>
/// <param name="Offer">What a person is shown and approves: line items, totals, currency, quote. Whatever of it changes makes it another offer.</param>
public sealed record Purchase(string Reservation, Money Total, IReadOnlyList<PurchaseLine> Lines, JsonElement Offer)
{
    /// <summary>SHA-256 of the offer's canonical JSON: the same for the same offer, however it is spelled.</summary>
    public byte[] OfferHash { get; } = SHA256.HashData(CanonicalJson.Of(Offer));
}
