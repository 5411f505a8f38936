using System.Collections.Frozen;
using System.Globalization;
using CustobotGateway.Catalog;
using CustobotGateway.Checkout.Pricing;
using CustobotGateway.Checkout.Returns;
using CustobotGateway.Checkout.Shop;
using CustobotGateway.Common;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Negotiation;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout;

/// <summary>What pricing a session or a cart needs beside the request.</summary>
internal sealed class Pricer(ShopInForce shop, ITaxes taxes, IReturnRules returns)
{
    /// <summary>The shop's settings that hold now.</summary>
    public ShopSettings Shop => shop.Current;

    /// <summary>What is taken back.</summary>
    public ReturnPolicy Returns => returns.Policy;

    /// <summary>Reckons tax.</summary>
    public ITaxes Taxes => taxes;

    /// <summary>Until when prices that are shown now hold: no longer than the quote's does.</summary>
    public DateTimeOffset ExpiryOf(BindingQuote? quote, DateTimeOffset now)
    {
        // PostgreSQL keeps microseconds: what is answered now must be what is read back.
        var expiresAt = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)).AddMinutes(Shop.Checkout.SessionMinutes);
        return quote?.ExpiresAt < expiresAt ? quote.ExpiresAt : expiresAt;
    }
}

/// <summary>What an agent asks for, before it is priced.</summary>
/// <param name="Items">Products and quantities; one with the quote's price where there is a quote.</param>
internal sealed record Asked(IReadOnlyList<RequestedItem> Items)
{
    public BindingQuote? Quote { get; init; }

    /// <summary>The currency that it has to stay in; null where nothing was shown before.</summary>
    public string? Currency { get; init; }

    public DiscountCodes? Discounts { get; init; }

    public FulfillmentRequest? Fulfillment { get; init; }

    public Buyer? Buyer { get; init; }

    public IReadOnlyDictionary<string, string>? Attribution { get; init; }

    /// <summary>What was shown before; null where nothing was. Lines keep their ids, and what changed is told.</summary>
    public SessionDocument? Before { get; init; }
}

/// <summary>Prices what is asked for at the catalogue's prices of now, or the quote's, under the shop's settings.</summary>
internal static class PriceSession
{
    /// <summary>What the session shows; the currency beside it.</summary>
    /// <param name="asked">What is asked for.</param>
    /// <param name="id">The session's or the cart's.</param>
    /// <param name="grantId">The grant that has to live and that is held meanwhile, as by <see cref="GrantGate"/>; null where it was asked or where nothing is written.</param>
    /// <param name="pricer">The shop.</param>
    /// <param name="transaction">The caller's.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="goodsOnly">Whether tax and fulfillment are left out, as in a cart.</param>
    public static async Task<Outcome<(string Currency, SessionDocument Document)>> RunAsync(
        Asked asked, string id, string? grantId, Pricer pricer, NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken, bool goodsOnly = false)
    {
        var shop = pricer.Shop;
        var found = await LinesAsync(asked, grantId, transaction, now, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem!;
        }
        var (currency, lines, gone) = found.Value;
        if (shop.Currencies.Accepted.Count > 0 && !shop.Currencies.Accepted.Contains(currency))
        {
            return CheckoutProblems.CurrencyMismatch.With($"The products are priced in {currency}; this shop sells in {string.Join(", ", shop.Currencies.Accepted)}.");
        }
        var codes = asked.Discounts?.Codes ?? [];
        var outcome = PriceBasket.Run(
            new Basket(currency, lines)
            {
                Codes = codes,
                Fulfillment = asked.Fulfillment,
                Uses = shop.Discounts.Any(one => one.Uses is not null) ? await DiscountUses.CountAsync(transaction, shop, cancellationToken) : FrozenDictionary<string, long>.Empty,
                GoodsOnly = goodsOnly,
            }, shop, pricer.Taxes, now);
        if (!outcome.Succeeded)
        {
            return outcome.Problem!;
        }
        var priced = outcome.Value;
        var document = new SessionDocument(priced.Lines, priced.Totals)
        {
            Taxes = priced.Taxes,
            Discounts = priced.Discounts,
            Fulfillment = priced.Fulfillment,
            Buyer = asked.Buyer?.After(asked.Before?.Buyer),
            Attribution = asked.Attribution,
            Returns = goodsOnly ? null : ReturnTerms.Of(pricer.Returns, lines.Select(line => line.Goods)),
            Links = shop.Checkout.Links.Count == 0 ? null : shop.Checkout.Links,
            ContinueUrl = goodsOnly || shop.Checkout.ContinueUrl is null ? null : new Uri(shop.Checkout.ContinueUrl.Replace("{id}", id, StringComparison.Ordinal)),
        };
        return (currency, document with { Messages = [.. gone, .. ChangesOf(asked.Before, priced.Lines), .. priced.Messages, .. goodsOnly ? [] : MissingIn(document, shop)] });
    }

    private static readonly string GatedSql = $"{GrantGate.Sql};\n{FindForSale.WithStockSql}";

    private static async Task<Outcome<(string Currency, IReadOnlyList<BasketLine> Lines, IReadOnlyList<Message> Gone)>> LinesAsync(
        Asked asked, string? grantId, NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var numbers = asked.Items.Select(NumberOf).ToArray();
        await using var answers = await transaction.Connection!.QueryMultipleAsync(new CommandDefinition(
            grantId is null ? FindForSale.WithStockSql : GatedSql, new { GrantId = grantId, numbers, keys = Goods.Keys }, transaction, cancellationToken: cancellationToken));
        if (grantId is not null && await GrantGate.ReadAsync(answers, now) is { } ended)
        {
            return ended;
        }
        var products = await FindForSale.ReadAsync(answers);
        var ids = new LineIds(asked.Before);
        var (lines, gone) = (new List<BasketLine>(numbers.Length), new List<Message>());
        var currency = asked.Quote?.UnitPrice.Currency ?? asked.Currency;
        foreach (var (i, (item, number)) in asked.Items.Zip(numbers).Index())
        {
            var agreed = asked.Quote is { } quote ? new AgreedPrice(quote.ListPrice.Amount, quote.UnitPrice.Amount) : null;
            if (products.TryGetValue(number, out var product) && (product.Price ?? asked.Quote?.ListPrice) is { } price)
            {
                if (agreed is null && price.Currency != (currency ??= price.Currency))
                {
                    return CheckoutProblems.CurrencyMismatch.With($"{item.ProductId} is priced in {price.Currency}, the products before it in {currency}.",
                        [new FieldError($"/line_items/{i}/product_id", "currency_mismatch", $"The session is in {currency}.")]);
                }
                lines.Add(new BasketLine(ids.Of(item.ProductId), Goods.Of(product with { Price = price }), item.Quantity, agreed));
            }
            else if (asked.Before?.LineItems.FirstOrDefault(line => line.ProductId == item.ProductId) is { } before)
            {
                // What the session held already stays in it, so that the agent sees which line to remove.
                gone.Add(Message.Fault("item_unavailable", $"{before.Title} is no longer sold.", $"$.line_items[{i}]", "Remove the line."));
                lines.Add(new BasketLine(before.Id, Goods.Gone(number, before, currency!), item.Quantity, agreed));
            }
            else
            {
                return asked.Quote is not null ? CheckoutProblems.ProductUnavailable.With("The product of the quote was withdrawn.")
                    : product is null ? CommonProblems.NotFound.With($"There is no product {item.ProductId}.", [new FieldError($"/line_items/{i}/product_id", "unknown_product", "There is no such product.")])
                    : CheckoutProblems.NotBuyable.With($"{item.ProductId} has no price and cannot be bought.", [new FieldError($"/line_items/{i}/product_id", "not_buyable", "The product has no price.")]);
            }
        }
        return (currency!, lines, gone);
    }

    // Prices hold while nothing is changed; whoever changes a session buys at the prices of that moment and is told what moved.
    private static IEnumerable<Message> ChangesOf(SessionDocument? before, IReadOnlyList<LineItem> lines)
    {
        foreach (var (i, line) in lines.Index())
        {
            if (before?.LineItems.FirstOrDefault(one => one.Id == line.Id) is { } old && (old.ListPrice != line.ListPrice || (old.Quantity == line.Quantity && old.UnitPrice != line.UnitPrice)))
            {
                yield return Message.Warning("price_changed", $"{line.Title} cost {old.UnitPrice} minor units each and costs {line.UnitPrice} now.", $"$.line_items[{i}]",
                    "Show the new total to the buyer, then complete the session, or cancel it.", new() { Old = old.UnitPrice, New = line.UnitPrice });
            }
        }
    }

    private static IEnumerable<Message> MissingIn(SessionDocument document, ShopSettings shop)
    {
        if (shop.Checkout.RequireEmail && string.IsNullOrEmpty(document.Buyer?.Email))
        {
            yield return Message.Fault("email_required", "The buyer's email address is not known.", "$.buyer.email", "Give it in buyer.email.");
        }
        if (document.Payable == 0)
        {
            yield return Message.Fault("nothing_to_pay", "The order comes to nothing, and what costs nothing cannot be bought here.", "$.totals", "Leave a discount out, or add a product.");
        }
    }

    private static long NumberOf(RequestedItem item) => Ids.TryGetNumber("prd", item.ProductId, out var number) ? number : -1;

    // A product keeps its line's id as long as it is in the session.
    private sealed class LineIds(SessionDocument? before)
    {
        private int _last = before?.LineItems.Select(line => int.Parse(line.Id.AsSpan("li_".Length), CultureInfo.InvariantCulture)).DefaultIfEmpty().Max() ?? 0;

        public string Of(string productId) =>
            before?.LineItems.FirstOrDefault(line => line.ProductId == productId)?.Id ?? "li_" + (++_last).ToString(CultureInfo.InvariantCulture);
    }
}
