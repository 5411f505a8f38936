using CustobotGateway.Catalog;
using CustobotGateway.Catalog.Inventory;
using CustobotGateway.Catalog.Products;
using CustobotGateway.Checkout;
using CustobotGateway.Checkout.Carts;
using CustobotGateway.Checkout.Cases;
using CustobotGateway.Checkout.Evidence;
using CustobotGateway.Checkout.Orders;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Checkout.Returns;
using CustobotGateway.Common;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.GraphQLDoor.Delegation;
using CustobotGateway.Identity;
using CustobotGateway.Negotiation;
using Npgsql;

namespace CustobotGateway.GraphQLDoor.Operations;

/// <summary>Which of REST's operations are fields, besides those of the catalogue. A function that takes something else than REST's own is written out here.</summary>
internal static class GatewayOperations
{
    /// <summary>All of them; made once, since they do not depend on the attributes.</summary>
    public static readonly OperationFields Fields = Orders(Payments(Checkout(GrantFields.Add(new OperationFields()))));

    private static OperationFields Checkout(OperationFields fields) => fields
        .Mutation("openNegotiation", OpenNegotiation.RunAsync)
        .Query("getNegotiation", GetNegotiation.RunAsync)
        .Mutation("makeOffer", MakeOffer.RunAsync)
        .Mutation("acceptOffer", AcceptOffer.RunAsync)
        .Mutation("createCart", CreateCart.RunAsync)
        .Query("getCart", GetCart.RunAsync)
        .Mutation("replaceCart", ReplaceCart.RunAsync)
        .Mutation("deleteCart", DeleteCart.RunAsync)
        .Mutation("openCheckoutSession", OpenAsync, typeof(OpenCheckoutSession))
        .Query("getCheckoutSession", GetCheckoutSession.RunAsync)
        .Mutation("updateCheckoutSession", UpdateCheckoutSession.RunAsync)
        .Mutation("cancelCheckoutSession", CancelCheckoutSession.RunAsync)
        .Mutation("completeCheckoutSession", CompleteAsync, typeof(CompleteCheckoutSession));

    private static OperationFields Payments(OperationFields fields) => fields
        .Query("listPaymentHandlers", (PaymentProviders providers, AgentPrincipal agent) => ListPaymentHandlers.Run(providers, agent.IsTest), typeof(ListPaymentHandlers))
        .Query("listPaymentTokens", ListPaymentTokens.RunAsync)
        .Mutation("createPaymentToken", CreatePaymentToken.RunAsync)
        .Mutation("revokePaymentToken", RevokePaymentToken.RunAsync)
        .Query("getCreditAccount", GetCreditAccount.RunAsync)
        .Mutation("setCreditAccount", SetCreditAccount.RunAsync)
        .Query("listInvoices", ListInvoices.RunAsync)
        .Mutation("settleInvoice", SettleInvoice.RunAsync);

    private static OperationFields Orders(OperationFields fields) => fields
        .Query("listOrders", ListOrders.RunAsync)
        .Query("getOrder", GetOrder.RunAsync)
        .Mutation("shipOrder", ShipOrder.RunAsync)
        .Mutation("addShipmentEvent", AddShipmentEvent.RunAsync)
        .Mutation("cancelOrder", CancelOrder.RunAsync)
        .Mutation("refundOrder", RefundOrder.RunAsync)
        .Query("getRefund", GetRefund.RunAsync)
        .Query("getEvidence", GetEvidence.RunAsync)
        .Query("getOrderFeed", GetOrderFeed.RunAsync)
        .Mutation("acknowledgeOrderFeed", AcknowledgeOrderFeed.RunAsync)
        .Query("getReturnPolicy", GetReturnPolicy.RunAsync)
        .Query("listReturns", ListReturns.RunAsync)
        .Query("getReturn", GetReturn.RunAsync)
        .Mutation("requestReturn", RequestReturn.RunAsync)
        .Mutation("decideReturn", DecideReturn.RunAsync)
        .Mutation("receiveReturn", ReceiveReturn.RunAsync)
        .Query("listCases", ListCases.RunAsync)
        .Query("getCase", GetCase.RunAsync)
        .Mutation("openCase", OpenCase.RunAsync)
        .Mutation("addCaseMessage", AddCaseMessage.RunAsync)
        .Mutation("escalateCase", EscalateCase.RunAsync)
        .Mutation("resolveCase", ResolveCase.RunAsync)
        .Query("getStock", (string id, NpgsqlDataSource database, CancellationToken cancellationToken) =>
            GetStock.RunAsync(ProductReference.Parse(id, null), database, cancellationToken), typeof(GetStock))
        .Mutation("setStock", SetStock.RunAsync)
        .Mutation("setPrices", (SetPrices.Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, AttributeRegistryStore registry, TimeProvider clock, CancellationToken cancellationToken) =>
            SetPrices.RunAsync(request, idempotencyKey, agent, writes, registry.Current, clock, cancellationToken), typeof(SetPrices));

    // Whether the session was there before is what REST's status tells.
    private static async Task<Outcome<CheckoutSession>> OpenAsync(
        OpenCheckoutSession.Request request, string? idempotencyKey, AgentPrincipal agent, Pricer pricer, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await OpenCheckoutSession.RunAsync(request, idempotencyKey, agent, pricer, writes, clock, cancellationToken);
        return outcome.Succeeded ? outcome.Value.Session : outcome.Problem!;
    }

    private static async Task<Outcome<CompleteCheckoutSession.Completion>> CompleteAsync(
        string id, CompleteCheckoutSession.Request request, string? idempotencyKey, AgentPrincipal agent, CompletionContext checkout, AuditTrail audit, HttpContext context,
        CancellationToken cancellationToken)
    {
        var outcome = await CompleteCheckoutSession.RunAsync(id, request, idempotencyKey, agent, checkout, cancellationToken);
        PurchaseAudit.Note(audit, context, agent, id, outcome);
        return outcome;
    }
}
