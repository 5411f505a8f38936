using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>Staff makes a rule. It begins in shadow mode unless it says otherwise, so that its effect is known before it has one.</summary>
public static class CreateRule
{
    /// <summary>The most rules that a gateway holds: each is asked of every request.</summary>
    public const int MostRules = 200;

    /// <param name="Name">What people call it, 1 to 120 characters.</param>
    /// <param name="When">Which requests. Every request, when it is empty.</param>
    /// <param name="Lane">The lane that they are put into.</param>
    /// <param name="Mode">What it does; <c>shadow</c> when null.</param>
    public sealed record Request(string Name, CallerCondition When, string Lane, RuleMode? Mode = null);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(request => request.Name).Length(1, 120);
            RuleFor(request => request.When).SetValidator(new CallerCondition.Validator());
        }
    }

    internal static void Map(RouteGroupBuilder rules) => rules
        .MapPost("/", HandleAsync).WithName("createRule").CanDryRun().Validate<Request>().RequireRole(LanesModule.Editors)
        .WithSummary("Create a rule")
        .WithDescription("A rule puts the requests that it describes into another lane than the policy would. In shadow mode, the default, it only counts: decisions name it, and the preview tells its effect on stored traffic. Holds on every gateway within a second.")
        .Produces<LaneRule>(201).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Created<LaneRule>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, HttpContext context, AgentPrincipal agent, Writes writes, LanesInForce lanes, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(request, idempotencyKey, agent, writes, lanes, clock, cancellationToken);
        if (!outcome.Succeeded)
        {
            return outcome.Problem!.ToHttp();
        }
        context.Response.Headers.ETag = ETags.Tag(outcome.Value.Version);
        return TypedResults.Created($"/v1/bot-detection/rules/{outcome.Value.Id}", outcome.Value);
    }

    internal static async Task<Outcome<LaneRule>> RunAsync(
        Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, LanesInForce lanes, TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await writes.RunAsync<LaneRule>(new WriteAttempt(agent, "bot-detection/rules", idempotencyKey, request), async transaction =>
        {
            await LaneStore.NextVersionAsync(transaction, LaneStore.Rules, cancellationToken);
            if ((await LaneStore.RulesAsync(transaction.Connection!, transaction, cancellationToken)).Count >= MostRules)
            {
                return LaneProblems.TooManyRules.With($"There are {MostRules} rules. Delete those that are not used any more.");
            }
            if (await UnknownLaneAsync(transaction, request.Lane, lanes, cancellationToken) is { } unknown)
            {
                return unknown;
            }
            var (now, actor) = (clock.GetUtcNow(), LanesModule.ActorOf(agent));
            var rule = new LaneRule(Ids.New("rul", now), request.Name, request.When, request.Lane, request.Mode ?? RuleMode.Shadow, 1, now, actor, now, actor);
            await LaneStore.SaveAsync(transaction, rule, cancellationToken);
            await EventLog.AppendAsync(transaction, rule.Id, actor, now, new RuleSaved(rule), cancellationToken);
            return rule;
        }, cancellationToken);
        if (outcome.Succeeded)
        {
            await lanes.CheckAsync(cancellationToken);
        }
        return outcome;
    }

    /// <summary>The refusal of a lane that the policy lacks; null where it has it.</summary>
    internal static async Task<Problem?> UnknownLaneAsync(NpgsqlTransaction transaction, string lane, LanesInForce lanes, CancellationToken cancellationToken)
    {
        var policy = (await LaneStore.PolicyAsync(transaction.Connection!, transaction, cancellationToken) ?? lanes.Configured).Policy;
        if (policy.Lanes.Any(one => one.Name == lane))
        {
            return null;
        }
        var detail = $"The policy has the lanes {string.Join(", ", policy.Lanes.Select(one => one.Name))}.";
        return LaneProblems.LaneUnknown.With(detail, [new FieldError("/lane", "unknown_lane", detail)], new Remedy("Read the policy.", "/v1/bot-detection/lanes"));
    }
}
