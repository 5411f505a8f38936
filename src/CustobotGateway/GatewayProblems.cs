using CustobotGateway.BotDetection.Lanes;
using CustobotGateway.BotDetection.Trust;
using CustobotGateway.Catalog;
using CustobotGateway.Catalog.Import;
using CustobotGateway.Catalog.Products;
using CustobotGateway.Checkout;
using CustobotGateway.Checkout.Orders;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Common;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity;
using CustobotGateway.Identity.Clients;
using CustobotGateway.Identity.TestMode;
using CustobotGateway.Negotiation;
using CustobotGateway.Search;
using CustobotGateway.Webhooks;

namespace CustobotGateway;

/// <summary>The kinds of problem of every module, published at <c>/problems</c>.</summary>
public static class GatewayProblems
{
    /// <summary>In the order of their codes.</summary>
    public static IReadOnlyList<ProblemType> All { get; } =
    [
        .. new[] { CommonProblems.All, IdempotencyProblems.All, AttributeProblems.All, ProductProblems.All, ImportProblems.All, IdentityProblems.All, TestModeProblems.All, ClientProblems.All, SearchProblems.All, NegotiationProblems.All, CheckoutProblems.All, PaymentProblems.All, OrderProblems.All, LaneProblems.All, TrustProblems.All, WebhookProblems.All }
            .SelectMany(problems => problems).OrderBy(problem => problem.Code, StringComparer.Ordinal),
    ];
}
