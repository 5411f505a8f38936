using CustobotGateway.Checkout.Payments.Sandbox;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Checkout.Payments;

/// <summary>A way to pay here.</summary>
/// <param name="Handler">What <c>payment.handler</c> is.</param>
/// <param name="Title">What it is, in words.</param>
/// <param name="IsTest">Whether no money moves.</param>
/// <param name="Tokens">What <c>payment.token</c> may be.</param>
/// <param name="TestTokens">Tokens that need no card, each for another outcome; empty where there are none.</param>
public sealed record PaymentHandler(string Handler, string Title, bool IsTest, IReadOnlyList<TokenForm> Tokens, IReadOnlyList<string> TestTokens);

/// <summary>A form of payment token.</summary>
/// <param name="Form">How it looks: <c>pm_…</c></param>
/// <param name="Meaning">What it is and where it comes from.</param>
public sealed record TokenForm(string Form, string Meaning);

/// <summary>The providers that are set up.</summary>
public sealed class PaymentProviders(IEnumerable<IPaymentProvider> all)
{
    private readonly IReadOnlyList<IPaymentProvider> _all = [.. all];

    /// <summary>The provider of that name, if it takes payments; null otherwise.</summary>
    /// <param name="handler">Its name.</param>
    /// <param name="isTest">Whether test credentials ask.</param>
    public IPaymentProvider? Find(string handler, bool isTest) => _all.FirstOrDefault(provider => provider.Handler == handler && Takes(provider, isTest));

    /// <summary>The provider of that name, whether it takes new payments or not: what it took before is still charged and given back.</summary>
    public IPaymentProvider? Known(string handler) => _all.FirstOrDefault(provider => provider.Handler == handler);

    /// <summary>Those that take payments.</summary>
    public IReadOnlyList<PaymentHandler> Offered(bool isTest) => [.. _all.Where(provider => Takes(provider, isTest)).Select(provider => provider.Describe(isTest)!)];

    // What test credentials pay has to reach nobody's bank.
    private static bool Takes(IPaymentProvider provider, bool isTest) => (!isTest || provider.Handler == SandboxHandler.Name) && provider.Describe(isTest) is not null;
}

/// <summary>What an agent can pay with.</summary>
public static class ListPaymentHandlers
{
    /// <param name="PaymentHandlers">All that are on.</param>
    public sealed record Response(IReadOnlyList<PaymentHandler> PaymentHandlers);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/payment_handlers", Handle).WithName("listPaymentHandlers").WithTags("Payments").AllowPublicRead()
        .WithSummary("List ways to pay")
        .WithDescription("What payment.handler and payment.token may be when a checkout session is completed. A card number is never sent to the gateway: tokens come from the provider.")
        .ProducesProblem(503);

    private static Ok<Response> Handle(PaymentProviders providers, AgentPrincipal agent) => TypedResults.Ok(Run(providers, agent.IsTest));

    /// <summary>Those that are on.</summary>
    /// <param name="providers">Those that are set up.</param>
    /// <param name="isTest">Whether test credentials ask.</param>
    public static Response Run(PaymentProviders providers, bool isTest)
    {
        ArgumentNullException.ThrowIfNull(providers);
        return new(providers.Offered(isTest));
    }
}
