using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout.Payments;

/// <summary>Whoever holds a means of payment lets an agent pay with it once, without showing it.</summary>
public static class CreatePaymentToken
{
    /// <param name="PaymentMethod">What is paid with: a provider and its own token. The agent never sees it.</param>
    /// <param name="Allowance">What may be paid.</param>
    public sealed record Request(Payment PaymentMethod, Allowance Allowance)
    {
        /// <summary>Leaves the token out.</summary>
        public override string ToString() => "a payment token";
    }

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator(TimeProvider clock)
        {
            RuleFor(request => request.PaymentMethod.Handler).NotEmpty().MaximumLength(64);
            RuleFor(request => request.PaymentMethod.Token).NotEmpty().MaximumLength(255);
            RuleFor(request => request.PaymentMethod.Token).Must(token => !token.StartsWith(PaymentTokens.Prefix, StringComparison.Ordinal))
                .WithErrorCode("wrong_form").WithMessage("'token' is the provider's own, not another payment token.");
            RuleFor(request => request.Allowance.MaxAmount).InclusiveBetween(1, 1_000_000_000_000).WithMessage("'max_amount' is 1 to 1,000,000,000,000 minor units.");
            RuleFor(request => request.Allowance.Currency).Must(currency => Currencies.TryGetDigits(currency, out _)).WithErrorCode("unknown_value").WithMessage("'currency' is an ISO 4217 code in upper case.");
            RuleFor(request => request.Allowance.CheckoutSessionId).Must(id => id.Length is >= 5 and <= 64 && id.StartsWith("cks_", StringComparison.Ordinal))
                .WithErrorCode("wrong_form").WithMessage("'checkout_session_id' is a session's id: cks_…");
            RuleFor(request => request.Allowance.MerchantId).NotEmpty().MaximumLength(256);
            RuleFor(request => request.Allowance.ExpiresAt).Must(at => at > clock.GetUtcNow()).WithErrorCode("out_of_range").WithMessage("'expires_at' lies ahead.");
        }
    }

    /// <summary>The longest that a token can be used, whatever its allowance says.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    internal static void Map(RouteGroupBuilder tokens) => tokens
        .MapPost("/", HandleAsync).WithName("createPaymentToken").CanDryRun().Validate<Request>().RequireScope(Scopes.PaymentsDelegate)
        .WithSummary("Make a payment token")
        .WithDescription("A token that pays one checkout session, once, up to an amount. Give it to the agent as payment.token, with the same handler: the agent never holds what it pays with. The token is shown in this answer alone.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Created<PaymentToken>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, PaymentProviders providers, PaymentTokens tokens, Writes writes,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(request, idempotencyKey, agent, providers, tokens, writes, clock, cancellationToken);
        return outcome.Succeeded ? TypedResults.Created($"/v1/payment_tokens/{outcome.Value.Id}", outcome.Value) : outcome.Problem!.ToHttp();
    }

    /// <summary>Makes the token.</summary>
    public static Task<Outcome<PaymentToken>> RunAsync(
        Request request, string? idempotencyKey, AgentPrincipal agent, PaymentProviders providers, PaymentTokens tokens, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(providers);
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(clock);
        return writes.RunAsync<PaymentToken>(new WriteAttempt(agent, "payment_tokens", idempotencyKey, request), async transaction =>
        {
            if (providers.Find(request.PaymentMethod.Handler, agent.IsTest) is null)
            {
                return CheckoutProblems.PaymentHandlerUnknown.With($"Payment handlers here: {string.Join(", ", providers.Offered(agent.IsTest).Select(known => known.Handler))}.");
            }
            var (now, allowance, secret) = (agent.NowBy(clock), request.Allowance, PaymentTokens.NewToken());
            var expiresAt = allowance.ExpiresAt <= now + Longest ? allowance.ExpiresAt.ToUniversalTime() : now + Longest;
            var token = new PaymentToken(Ids.New("ptk", clock), request.PaymentMethod.Handler, allowance with { ExpiresAt = expiresAt }, PaymentTokenState.Active, now, secret);
            await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
                insert into checkout.payment_tokens
                    (id, hash, client_id, person, handler, sealed, max_amount, currency, checkout_session_id, merchant_id, expires_at, created_at, is_test)
                values (@Id, @hash, @client, @OnBehalfOf, @Handler, @provider, @MaxAmount, @Currency, @CheckoutSessionId, @MerchantId, @ExpiresAt, @now, @IsTest)
                """,
                new
                {
                    token.Id,
                    hash = PaymentTokens.HashOf(secret),
                    client = agent.ClientId ?? "administrator",
                    agent.OnBehalfOf,
                    token.Handler,
                    provider = tokens.Seal(request.PaymentMethod.Token),
                    allowance.MaxAmount,
                    allowance.Currency,
                    allowance.CheckoutSessionId,
                    allowance.MerchantId,
                    expiresAt,
                    now,
                    agent.IsTest,
                }, transaction, cancellationToken: cancellationToken));
            return token;
        }, cancellationToken, keep: token => token with { Token = null });
    }
}
