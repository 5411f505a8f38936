using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout.Payments.Stripe;

/// <summary>Whether Stripe is set up, and nothing of its keys but their kind.</summary>
/// <param name="Source">Where the keys come from.</param>
/// <param name="IsTest">Whether they are test keys, with which no money moves; null where there are none.</param>
/// <param name="TakesWebhooks">Whether Stripe's events are taken.</param>
public sealed record StripeKeysView(PaymentKeySource Source, bool? IsTest, bool TakesWebhooks);

/// <summary>The merchant gives the gateway his keys of Stripe.</summary>
public static class SetStripeKeys
{
    /// <param name="SecretKey"><c>sk_test_…</c>, <c>sk_live_…</c>, <c>rk_test_…</c> or <c>rk_live_…</c>; null turns Stripe off.</param>
    /// <param name="WebhookSecret"><c>whsec_…</c>; null takes no webhooks.</param>
    public sealed record Request(string? SecretKey = null, string? WebhookSecret = null)
    {
        /// <summary>Nothing of them.</summary>
        public override string ToString() => "keys";
    }

    /// <summary>Holds the request to its form, and repeats nothing of it.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request.SecretKey).Must(key => key is null || (IsKey(key) && (key[..3] is "sk_" or "rk_") && (key[3..].StartsWith("test_", StringComparison.Ordinal) || key[3..].StartsWith("live_", StringComparison.Ordinal))))
                .WithErrorCode("wrong_form").WithMessage("'secret_key' is sk_test_…, sk_live_…, rk_test_… or rk_live_….");
            RuleFor(request => request.WebhookSecret).Must(secret => secret is null || (IsKey(secret) && secret.StartsWith("whsec_", StringComparison.Ordinal)))
                .WithErrorCode("wrong_form").WithMessage("'webhook_secret' is whsec_….");
        }

        private static bool IsKey(string text) => text.Length is >= 12 and <= 255 && text.All(letter => letter is > ' ' and < '\x7f');
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/v1/payment_keys/stripe").WithTags("Payments");
        keys.MapPut("", HandleAsync).WithName("setStripeKeys").CanDryRun().Validate<Request>().RequireAdministrator()
            .WithSummary("Set the keys of Stripe")
            .WithDescription("Kept sealed, and never shown again. Keys in the environment (STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET) stand whatever is set here. Every gateway follows within a second.")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);
        keys.MapGet("", Handle).WithName("getStripeKeys").RequireAdministrator()
            .WithSummary("Whether Stripe is set up").WithDescription("Where its keys come from and of which kind they are; nothing of the keys themselves.")
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);
    }

    private static Ok<StripeKeysView> Handle(IServiceProvider services) => TypedResults.Ok(ViewOf(services.GetRequiredService<StripeKeys>()));

    private static async Task<Results<Ok<StripeKeysView>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, IServiceProvider services, Writes writes, TimeProvider clock,
        CancellationToken cancellationToken) =>
        (await RunAsync(request, idempotencyKey, agent, services.GetRequiredService<StripeKeys>(), writes, clock, cancellationToken)).ToHttp();

    /// <summary>Sets them.</summary>
    internal static async Task<Outcome<StripeKeysView>> RunAsync(
        Request request, string? idempotencyKey, AgentPrincipal agent, StripeKeys keys, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await writes.RunAsync<StripeKeysView>(new WriteAttempt(agent, "payment_keys/stripe", idempotencyKey, request), async transaction =>
        {
            await keys.KeepAsync(transaction, request.SecretKey, request.WebhookSecret, clock.GetUtcNow(), cancellationToken);
            return keys.Source == PaymentKeySource.Environment ? ViewOf(keys)
                : request.SecretKey is { } key ? new StripeKeysView(PaymentKeySource.Api, key.Contains("_test_", StringComparison.Ordinal), request.WebhookSecret is not null)
                : new StripeKeysView(PaymentKeySource.None, null, false);
        }, cancellationToken);
        if (outcome.Succeeded)
        {
            await keys.ReadAsync(cancellationToken);
        }
        return outcome;
    }

    private static StripeKeysView ViewOf(StripeKeys keys) => new(keys.Source, keys.SecretKey is null ? null : keys.IsTest, keys.WebhookSecret is not null);
}
