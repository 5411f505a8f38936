using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>Staff changes a rule, or deletes it.</summary>
public static class ChangeRule
{
    /// <param name="Mode">What it does from now on; null leaves it.</param>
    /// <param name="Name">Its new name; null leaves it.</param>
    /// <param name="When">Another condition, all of it; null leaves it.</param>
    /// <param name="Lane">Another lane; null leaves it.</param>
    public sealed record Request(RuleMode? Mode = null, string? Name = null, CallerCondition? When = null, string? Lane = null);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(request => request).Must(request => request != new Request()).OverridePropertyName("").WithErrorCode("required").WithMessage("Say what is to change: 'mode', 'name', 'when' or 'lane'.");
            RuleFor(request => request.Name).Length(1, 120);
            RuleFor(request => request.When!).SetValidator(new CallerCondition.Validator()).When(request => request.When is not null);
        }
    }

    internal static void Map(RouteGroupBuilder rules)
    {
        rules.MapPatch("/{id}", HandleAsync).WithName("changeRule").CanDryRun().Validate<Request>().RequireRole(LanesModule.Editors)
            .WithSummary("Change a rule")
            .WithDescription("Enables it, puts it back into shadow mode, disables it, or changes what it says. Send If-Match with the ETag that was read, so that what is enabled is what was previewed.")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422).ProducesProblem(503);
        rules.MapDelete("/{id}", DeleteAsync).WithName("deleteRule").CanDryRun().RequireRole(LanesModule.Editors)
            .WithSummary("Delete a rule").WithDescription("Its history stays in the events. If-Match is held.")
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422).ProducesProblem(503);
    }

    private static async Task<Results<Ok<LaneRule>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, HttpContext context, AgentPrincipal agent, Writes writes, LanesInForce lanes, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(id, request, ETags.Of(context.Request), idempotencyKey, agent, writes, lanes, clock, cancellationToken);
        if (outcome.Succeeded)
        {
            context.Response.Headers.ETag = ETags.Tag(outcome.Value.Version);
        }
        return outcome.ToHttp();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string id, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, HttpContext context, AgentPrincipal agent, Writes writes, LanesInForce lanes, TimeProvider clock,
        CancellationToken cancellationToken) =>
        await RunAsync(id, null, ETags.Of(context.Request), idempotencyKey, agent, writes, lanes, clock, cancellationToken) is { Succeeded: false } refused ? refused.Problem!.ToHttp() : TypedResults.NoContent();

    /// <summary>Changes the rule, or deletes it where there is no request; the rule as it is or was.</summary>
    internal static async Task<Outcome<LaneRule>> RunAsync(
        string id, Request? request, ETags tags, string? idempotencyKey, AgentPrincipal agent, Writes writes, LanesInForce lanes, TimeProvider clock, CancellationToken cancellationToken)
    {
        id = id.Replace("\0", "", StringComparison.Ordinal);
        var outcome = await writes.RunAsync<LaneRule>(new WriteAttempt(agent, $"bot-detection/rules/{id}{(request is null ? "/deletion" : "")}", idempotencyKey, (object?)request ?? id), async transaction =>
        {
            await LaneStore.NextVersionAsync(transaction, LaneStore.Rules, cancellationToken);
            if (await LaneStore.RuleAsync(transaction.Connection!, transaction, id, cancellationToken) is not { } rule)
            {
                return ListRules.NotFound(id);
            }
            if (!tags.Allows(rule.Version))
            {
                return CommonProblems.PreconditionFailed.With($"The rule is at version {rule.Version}. Read it again, then repeat the change.", remedy: new Remedy("Read the rule.", "/v1/bot-detection/rules/" + id));
            }
            var (now, actor) = (clock.GetUtcNow(), LanesModule.ActorOf(agent));
            if (request is null)
            {
                await transaction.Connection!.ExecuteAsync(new CommandDefinition("delete from botdetection.rules where id = @id", new { id }, transaction, cancellationToken: cancellationToken));
                await EventLog.AppendAsync(transaction, id, actor, now, new RuleDeleted(rule), cancellationToken);
                return rule;
            }
            rule = rule with
            {
                Mode = request.Mode ?? rule.Mode,
                Name = request.Name ?? rule.Name,
                When = request.When ?? rule.When,
                Lane = request.Lane ?? rule.Lane,
                Version = rule.Version + 1,
                ChangedAt = now,
                ChangedBy = actor,
            };
            if (rule.Mode != RuleMode.Disabled && await CreateRule.UnknownLaneAsync(transaction, rule.Lane, lanes, cancellationToken) is { } unknown)
            {
                return unknown;
            }
            await LaneStore.SaveAsync(transaction, rule, cancellationToken);
            await EventLog.AppendAsync(transaction, id, actor, now, new RuleSaved(rule), cancellationToken);
            return rule;
        }, cancellationToken);
        if (outcome.Succeeded)
        {
            await lanes.CheckAsync(cancellationToken);
        }
        return outcome;
    }
}
