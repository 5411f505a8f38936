using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Negotiation;

/// <summary>Holds terms to what can be a price.</summary>
public sealed class TermsValidator : AbstractValidator<Terms>
{
    /// <summary>The highest price of one, in minor units, that is bargained about.</summary>
    public const long MaxPrice = Catalog.FindForSale.MaxPrice;

    /// <summary>Characters that a message may have.</summary>
    public const int MaxMessageLength = 1_000;

    /// <summary>Sets the rules.</summary>
    public TermsValidator() => RuleFor(terms => terms.UnitPrice).InclusiveBetween(1, MaxPrice).WithMessage($"'unit_price' is 1 to {MaxPrice} minor units.");
}

/// <summary>The buyer makes another offer and gets our answer at once.</summary>
public static class MakeOffer
{
    /// <param name="Round">The round that the buyer saw; a stale one is refused.</param>
    /// <param name="Terms">What the buyer offers: a value for every issue.</param>
    /// <param name="Message">Words for the merchant's staff, at most 1,000 characters; no machine follows them.</param>
    public sealed record Request(int Round, Terms Terms, string? Message = null);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request.Round).GreaterThanOrEqualTo(0);
            RuleFor(request => request.Terms).SetValidator(new TermsValidator());
            RuleFor(request => request.Message).MaximumLength(TermsValidator.MaxMessageLength);
        }
    }

    internal static void Map(RouteGroupBuilder negotiations) => negotiations
        .MapPost("/{id}/offers", HandleAsync).WithName("makeOffer").CanDryRun().Validate<Request>().RequireScope(Scopes.Negotiations)
        .WithSummary("Make an offer")
        .WithDescription("Answered in the same response. An offer below the limits of the merchant is answered like any other, by a counter-offer. A stale round is refused with 409.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<NegotiationView>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, NegotiationOptions options, Writes writes,
        TimeProvider clock, CancellationToken cancellationToken) =>
        (await RunAsync(id, request, idempotencyKey, agent, options, writes, clock, cancellationToken)).ToHttp();

    /// <summary>Makes the offer.</summary>
    public static Task<Outcome<NegotiationView>> RunAsync(
        string id, Request request, string? idempotencyKey, AgentPrincipal agent, NegotiationOptions options, Writes writes, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(writes);
        return writes.RunAsync<NegotiationView>(new WriteAttempt(agent, $"negotiations/{id}/offers", idempotencyKey, request), async transaction =>
        {
            var negotiation = await NegotiationRow.LockAsync(transaction, id, agent, agent.NowBy(clock), cancellationToken);
            if (!negotiation.Succeeded)
            {
                return negotiation.Problem!;
            }
            return negotiation.Value.Round != request.Round
                ? NegotiationProblems.OfferSuperseded.With($"The negotiation is in round {negotiation.Value.Round}: read it again.")
                : await AnswerAsync(transaction, negotiation.Value, request.Terms, request.Message, agent, options, clock, cancellationToken);
        }, cancellationToken);
    }

    /// <summary>Records the buyer's offer and our answer to it. The negotiation's row is locked or has just been made.</summary>
    internal static async Task<NegotiationView> AnswerAsync(
        NpgsqlTransaction transaction, NegotiationRow negotiation, Terms offered, string? message, AgentPrincipal agent, NegotiationOptions options, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var now = agent.NowBy(clock);
        var round = negotiation.Round + 1;
        await EventLog.AppendAsync(transaction, negotiation.Id, agent.ClientId!, now, new OfferReceived(round, offered, message), cancellationToken);
        if (offered.UnitPrice >= negotiation.OfferPrice)
        {
            return await Quotes.AgreeAsync(transaction, negotiation with { Round = round }, agent, options, clock, cancellationToken);
        }
        var answered = negotiation with
        {
            State = round > options.MaxRounds ? "ended" : "countered",
            Round = round,
            OfferId = Ids.New("off", clock),
            OfferPrice = PricePolicy.Answer(negotiation.FloorPrice, negotiation.OfferPrice, offered.UnitPrice),
        };
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update negotiation.negotiations set state = @State, round = @Round, offer_id = @OfferId, offer_price = @OfferPrice where id = @Id",
            answered, transaction, cancellationToken: cancellationToken));
        if (answered.State == "ended")
        {
            await EventLog.AppendAsync(transaction, negotiation.Id, Merchant, now, new NegotiationEnded(round), cancellationToken);
        }
        else
        {
            await EventLog.AppendAsync(transaction, negotiation.Id, Merchant, now, new OfferMade(round, answered.OfferId, answered.Terms), cancellationToken);
        }
        return answered.ToView(options, now, null);
    }

    // The actor of what our policy decides.
    private const string Merchant = "merchant";
}
