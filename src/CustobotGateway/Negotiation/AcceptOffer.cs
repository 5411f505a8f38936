using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Negotiation;

/// <summary>The buyer takes the offer that stands.</summary>
public static class AcceptOffer
{
    /// <param name="OfferId">The offer that is taken.</param>
    /// <param name="Round">The round the buyer saw; a later offer refuses the acceptance.</param>
    public sealed record Request(string OfferId, int Round);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request.OfferId).NotEmpty().MaximumLength(64);
            RuleFor(request => request.Round).GreaterThanOrEqualTo(0);
        }
    }

    internal static void Map(RouteGroupBuilder negotiations) => negotiations
        .MapPost("/{id}/acceptance", HandleAsync).WithName("acceptOffer").CanDryRun().Validate<Request>().RequireScope(Scopes.Negotiations)
        .WithSummary("Accept the standing offer")
        .WithDescription("The answer holds a quote that binds the merchant until it expires; a checkout session redeems it. An offer that another one replaced is refused with 409.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<NegotiationView>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, NegotiationOptions options, Writes writes,
        TimeProvider clock, CancellationToken cancellationToken) =>
        (await RunAsync(id, request, idempotencyKey, agent, options, writes, clock, cancellationToken)).ToHttp();

    /// <summary>Accepts the offer.</summary>
    public static Task<Outcome<NegotiationView>> RunAsync(
        string id, Request request, string? idempotencyKey, AgentPrincipal agent, NegotiationOptions options, Writes writes, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(writes);
        return writes.RunAsync<NegotiationView>(new WriteAttempt(agent, $"negotiations/{id}/acceptance", idempotencyKey, request), async transaction =>
        {
            var negotiation = await NegotiationRow.LockAsync(transaction, id, agent, agent.NowBy(clock), cancellationToken);
            if (!negotiation.Succeeded)
            {
                return negotiation.Problem!;
            }
            return negotiation.Value.Round != request.Round || negotiation.Value.OfferId != request.OfferId
                ? NegotiationProblems.OfferSuperseded.With($"The offer {negotiation.Value.OfferId} of round {negotiation.Value.Round} stands now: read the negotiation again.")
                : await Quotes.AgreeAsync(transaction, negotiation.Value, agent, options, clock, cancellationToken);
        }, cancellationToken);
    }
}
