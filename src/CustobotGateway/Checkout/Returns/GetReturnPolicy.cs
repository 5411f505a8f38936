using CustobotGateway.Catalog;
using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout.Returns;

/// <summary>What the merchant takes back and how, to be known before buying.</summary>
public static class GetReturnPolicy
{
    /// <summary>The policy, for one product or in general.</summary>
    /// <param name="ProductId">The product; null in general.</param>
    /// <param name="Category">The product's category, or null.</param>
    /// <param name="WindowDays">Days after delivery in which it can be sent back for no reason; 0 for never.</param>
    /// <param name="CountedFrom">What the days are counted from: <c>delivery</c>.</param>
    /// <param name="FinalSale">Whether it is sold for good: it comes back only if something is wrong with it.</param>
    /// <param name="Reasons">What holds for each reason.</param>
    /// <param name="Conditions">What has to be so, in words.</param>
    /// <param name="Instructions">Where and how to send goods back, in words.</param>
    /// <param name="SendBackDays">Days in which goods have to be on their way once a return is approved.</param>
    /// <param name="CancelHours">Hours after the order in which its agent may cancel what has not shipped; 0 for never, null until it ships.</param>
    public sealed record Response(
        string? ProductId, string? Category, int WindowDays, string CountedFrom, bool FinalSale, IReadOnlyList<ReasonTerms> Reasons, IReadOnlyList<string> Conditions, string Instructions,
        int SendBackDays, int? CancelHours);

    /// <summary>What holds for a reason.</summary>
    /// <param name="Code">The reason as a return names it.</param>
    /// <param name="Returnable"><c>yes</c>, <c>no</c>, or <c>staff</c> where staff decides.</param>
    /// <param name="WindowDays">Days after delivery; 0 where it is not returnable.</param>
    /// <param name="RestockingFeePercent">Hundredths of the price that are kept.</param>
    /// <param name="ShippingPaidBy">Who pays for sending it back.</param>
    /// <param name="Why">In words, where it is not returnable or staff decides; else null.</param>
    public sealed record ReasonTerms(ReturnReason Code, string Returnable, int WindowDays, int RestockingFeePercent, ReturnPayer ShippingPaidBy, string? Why);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/return_policy", HandleAsync).WithName("getReturnPolicy").WithTags("Returns").AllowPublicRead()
        .WithSummary("Ask what can be sent back")
        .WithDescription("Before buying: for one product by product_id, or in general. A return is decided by the policy that held when the order was priced.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        OrderContext orders, CancellationToken cancellationToken, [FromQuery(Name = "product_id")] string? productId = null) =>
        (await RunAsync(productId, orders, cancellationToken)).ToHttp();

    /// <summary>Reads the policy.</summary>
    public static async Task<Outcome<Response>> RunAsync(string? productId, OrderContext orders, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(orders);
        string? category = null;
        if (productId is not null)
        {
            if (!Ids.TryGetNumber("prd", productId, out var number))
            {
                return CommonProblems.InvalidRequest.With("product_id is a product's id.", [new("?product_id", "wrong_form", "prd_ and 13 characters.")]);
            }
            await using var connection = await orders.Database.OpenConnectionAsync(cancellationToken);
            var found = await ProductCategories.ReadAsync(connection, null, [number], cancellationToken);
            if (!found.TryGetValue(number, out category))
            {
                return CommonProblems.NotFound.With($"There is no product {productId}.");
            }
        }
        return Of(orders.Rules.Policy, productId, category);
    }

    internal static Response Of(ReturnPolicy policy, string? productId, string? category)
    {
        var isFinal = productId is not null && policy.FinalSale.Contains(productId);
        var isExcluded = category is not null && policy.ExcludedCategories.Contains(category);
        var terms = Enum.GetValues<ReturnReason>().Select(reason =>
        {
            var isFault = ReturnDecisions.IsFault(reason);
            var days = ReturnDecisions.WindowDays(policy, category, isFault);
            var why = !isFault && isFinal ? "It is sold for good." : !isFault && isExcluded ? $"Goods of the category {category} are not taken back for no reason." : days == 0 ? "Nothing is taken back." : null;
            return why is not null
                ? new ReasonTerms(reason, "no", 0, 0, isFault ? ReturnPayer.Merchant : policy.ShippingPaidBy, why)
                : new ReasonTerms(reason, reason == ReturnReason.Other ? "staff" : "yes", days, isFault ? 0 : policy.RestockingFeePercent, isFault ? ReturnPayer.Merchant : policy.ShippingPaidBy,
                    reason == ReturnReason.Other ? "Staff looks at the comment." : null);
        }).ToList();
        return new Response(productId, category, terms[0].WindowDays, "delivery", isFinal, terms, policy.Conditions, policy.Instructions, policy.SendBackDays, policy.CancelHours);
    }
}
