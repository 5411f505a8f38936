using CustobotGateway.Catalog;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity;
using CustobotGateway.Identity.Delegation;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Negotiation;

/// <summary>A buyer starts to bargain about a product, with a first offer or from the list price.</summary>
public static class OpenNegotiation
{
    /// <param name="Items">What is to be bargained about: exactly one item.</param>
    /// <param name="Offer">The buyer's first offer; when null, the answer shows the list price and waits for one.</param>
    public sealed record Request(IReadOnlyList<NegotiationItem> Items, OpeningOffer? Offer = null);

    /// <param name="Terms">What the buyer offers.</param>
    /// <param name="Message">Words for the merchant's staff, at most 1,000 characters; no machine follows them.</param>
    public sealed record OpeningOffer(Terms Terms, string? Message = null);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>The most of one product that is bargained about or sold at once.</summary>
        public const int MaxQuantity = 10_000;

        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request.Items).Must(items => items is [not null]).WithErrorCode("wrong_length").WithMessage("'items' holds exactly one item.");
            RuleForEach(request => request.Items).ChildRules(item =>
            {
                item.RuleFor(i => i.ProductId).Must(id => Ids.TryGetNumber("prd", id, out _)).WithErrorCode("wrong_form").WithMessage("'product_id' is a product's id: prd_ and 13 characters.");
                item.RuleFor(i => i.Quantity).InclusiveBetween(1, MaxQuantity).WithMessage($"'quantity' is 1 to {MaxQuantity}.");
            });
            RuleFor(request => request.Offer!.Terms).SetValidator(new TermsValidator()).When(request => request.Offer is not null);
            RuleFor(request => request.Offer!.Message).MaximumLength(TermsValidator.MaxMessageLength).When(request => request.Offer is not null);
        }
    }

    internal static void Map(RouteGroupBuilder negotiations) => negotiations
        .MapPost("/", HandleAsync).WithName("openNegotiation").CanDryRun().Validate<Request>().RequireScope(Scopes.Negotiations)
        .WithSummary("Open a negotiation about a price")
        .WithDescription("An opening offer is answered in the same response: by a counter-offer, or by the quote where it meets the price. Without one the list price stands.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Created<NegotiationView>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, NegotiationOptions options, Writes writes, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(request, idempotencyKey, agent, options, writes, clock, cancellationToken);
        return outcome.Succeeded ? TypedResults.Created($"/v1/negotiations/{outcome.Value.Id}", outcome.Value) : outcome.Problem!.ToHttp();
    }

    /// <summary>Opens the negotiation.</summary>
    public static Task<Outcome<NegotiationView>> RunAsync(
        Request request, string? idempotencyKey, AgentPrincipal agent, NegotiationOptions options, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(writes);
        return writes.RunAsync<NegotiationView>(new WriteAttempt(agent, "negotiations", idempotencyKey, request), async transaction =>
        {
            if (agent.GrantId is null)
            {
                return IdentityProblems.MandateRequired.With("Only an agent with a grant can bargain.");
            }
            if (await GrantGate.RefusalAsync(transaction, agent, agent.NowBy(clock), cancellationToken) is { } refusal)
            {
                return refusal;
            }
            var opened = await StartAsync(request.Items[0], agent, options, transaction, clock, cancellationToken);
            if (!opened.Succeeded)
            {
                return opened.Problem!;
            }
            return request.Offer is { } offer
                ? await MakeOffer.AnswerAsync(transaction, opened.Value, offer.Terms, offer.Message, agent, options, clock, cancellationToken)
                : opened.Value.ToView(options, agent.NowBy(clock), null);
        }, cancellationToken);
    }

    private static async Task<Outcome<NegotiationRow>> StartAsync(
        NegotiationItem item, AgentPrincipal agent, NegotiationOptions options, NpgsqlTransaction transaction, TimeProvider clock, CancellationToken cancellationToken)
    {
        _ = Ids.TryGetNumber("prd", item.ProductId, out var number);
        if (!(await FindForSale.RunAsync(transaction, [number], cancellationToken)).TryGetValue(number, out var product))
        {
            return CommonProblems.NotFound.With($"There is no product {item.ProductId}.");
        }
        // One refusal for every reason: which one it is would tell something of the cost.
        if (product is not { Price: { } price, UnitCost: { } cost } || price.Currency != cost.Currency
            || PricePolicy.Floor(options, price.Amount, cost.Amount) is not { } floor)
        {
            return NegotiationProblems.NotNegotiable.With($"The price of {item.ProductId} is not negotiable; buy it as it is, if it has a price.");
        }
        var now = agent.NowBy(clock);
        var row = new NegotiationRow(Ids.New("neg", clock), agent.GrantId!, agent.ClientId!, agent.OnBehalfOf ?? "", number, product.Name, item.Quantity, price.Currency,
            "open", 0, price.Amount, floor, Ids.New("off", clock), price.Amount, (now + options.Deadline).UtcDateTime, now.UtcDateTime, null);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into negotiation.negotiations (id, grant_id, client_id, person, product, product_name, quantity, currency, state, round,
                list_price, floor_price, offer_id, offer_price, deadline, created_at)
            values (@Id, @GrantId, @ClientId, @Person, @Product, @ProductName, @Quantity, @Currency, @State, @Round,
                @ListPrice, @FloorPrice, @OfferId, @OfferPrice, @Deadline, @CreatedAt)
            """, row, transaction, cancellationToken: cancellationToken));
        await EventLog.AppendAsync(transaction, row.Id, agent.ClientId!, now, new NegotiationOpened(item.ProductId, item.Quantity, price), cancellationToken);
        return row;
    }
}
