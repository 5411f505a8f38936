using System.Text.Json;
using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Checkout.Cases;

/// <summary>An agent asks about an order, or disputes something, and is answered at once with what happened and what can be done.</summary>
public static class OpenCase
{
    /// <param name="Subject">In a line, 1 to 200 characters.</param>
    /// <param name="Text">In words, 1 to 4,000 characters.</param>
    /// <param name="Kind">What it is about; told by the words when null.</param>
    public sealed record Request(string Subject, string Text, CaseKind? Kind = null);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request.Subject).NotEmpty().MaximumLength(200);
            RuleFor(request => request.Text).NotEmpty().MaximumLength(Case.MaxText);
            RuleFor(request => request.Kind).IsInEnum();
        }
    }

    internal static void Map(RouteGroupBuilder orders) => orders
        .MapPost("/{id}/cases", HandleAsync).WithName("openCase").CanDryRun().WithTags("Cases").Validate<Request>().RequireBuyerOrDecider()
        .WithSummary("Ask about an order")
        .WithDescription("A question or a dispute. The answer tells what it is taken for and why, what happened to the order on one page, and ways to settle it, each with the request to send; the last one hands it to a person. The text is kept as it is, and nothing in it is followed.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Created<Case>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(id, request, idempotencyKey, agent, orders, cancellationToken);
        return outcome.Succeeded ? TypedResults.Created($"/v1/cases/{outcome.Value.Id}", outcome.Value) : outcome.Problem!.ToHttp();
    }

    /// <summary>Opens the case.</summary>
    public static Task<Outcome<Case>> RunAsync(string id, Request request, string? idempotencyKey, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(orders);
        return OrderWrite.RunAsync<Case>(id, "cases", request, idempotencyKey, agent, OrderAccess.VoiceOf(agent), orders.Writes, async (transaction, stored) =>
        {
            var connection = transaction.Connection!;
            if (await connection.QuerySingleAsync<int>(new CommandDefinition("select count(*)::int from checkout.cases where order_id = @id", new { id }, transaction, cancellationToken: cancellationToken))
                >= Case.MaxOfOrder)
            {
                return OrderProblems.TooManyActs.With($"An order has at most {Case.MaxOfOrder} cases. Go on with one that is there.");
            }
            var (now, actor) = (agent.NowBy(orders.Clock), OrderAccess.ActorOf(agent));
            var classified = request.Kind is { } named ? new Classified(named, []) : CaseKinds.Of(request.Subject, request.Text);
            var caseId = Ids.New("cas", now);
            var events = await EventLog.ReadNextAsync(connection, id, 0, Summarise.MaxEvents, cancellationToken);
            var made = new Case(
                caseId, id, stored.Order.ClientId, stored.Order.Person, classified.Kind, request.Kind is null ? CaseKinds.Explain(classified) : "The caller named it.", request.Subject, request.Text,
                CaseState.Open, CaseProposals.Of(caseId, classified.Kind, stored, stored.PolicyOf(orders.Rules), now), Summarise.Of(stored, events, now), [], null, now, now, null);
            await StoreAsync(transaction, stored, made, request.Kind is null ? [.. classified.Matched] : null, actor, cancellationToken);
            return made;
        }, cancellationToken);
    }

    private static async Task StoreAsync(NpgsqlTransaction transaction, StoredOrder stored, Case made, string[]? matched, string actor, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into checkout.cases (id, order_id, grant_id, client_id, person, kind, matched, subject, text, state, proposals, actor, created_at, updated_at, is_test)
            select @Id, @OrderId, o.grant_id, o.client_id, o.person, @kind, @matched, @Subject, @Text, 'open', @proposals::jsonb, @actor, @CreatedAt, @CreatedAt, o.is_test
            from checkout.orders o where o.id = @OrderId
            """,
            new { made.Id, made.OrderId, kind = Wire.Of(made.Kind), matched, made.Subject, made.Text, proposals = JsonSerializer.Serialize(made.Proposals, Json.Options), actor, made.CreatedAt },
            transaction, cancellationToken: cancellationToken));
        await EventLog.AppendAsync(transaction, made.Id, actor, made.CreatedAt, new CaseOpened(stored.Order.ClientId, stored.GrantId, made.OrderId, made.Kind), cancellationToken);
    }
}
