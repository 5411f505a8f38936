using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>Staff sets another lane policy.</summary>
public static class SetLanes
{
    internal static void Map(RouteGroupBuilder lanes) => lanes
        .MapPut("/lanes", HandleAsync).WithName("setLanes").CanDryRun().Validate<LanePolicy>().RequireRole(LanesModule.Editors)
        .WithSummary("Set the lane policy")
        .WithDescription("Replaces all of it, on every gateway of the database within a second. Send If-Match with the ETag that was read, so that two people do not undo each other's change. A policy with a lane that does not read products, or that shuts off the way into a better lane, is refused.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<StandingPolicy>, ProblemHttpResult>> HandleAsync(
        LanePolicy policy, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, HttpContext context, AgentPrincipal agent, Writes writes, LanesInForce lanes, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(policy, ETags.Of(context.Request), idempotencyKey, agent, writes, lanes, clock, cancellationToken);
        if (outcome.Succeeded)
        {
            context.Response.Headers.ETag = ETags.Tag(outcome.Value.Version);
        }
        return outcome.ToHttp();
    }

    internal static async Task<Outcome<StandingPolicy>> RunAsync(
        LanePolicy policy, ETags tags, string? idempotencyKey, AgentPrincipal agent, Writes writes, LanesInForce lanes, TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await writes.RunAsync<StandingPolicy>(new WriteAttempt(agent, "bot-detection/lanes", idempotencyKey, policy), async transaction =>
        {
            var connection = transaction.Connection!;
            var version = await LaneStore.NextVersionAsync(transaction, LaneStore.Policy, cancellationToken);
            var standing = await LaneStore.PolicyAsync(connection, transaction, cancellationToken) ?? lanes.Configured;
            if (!tags.Allows(standing.Version))
            {
                return CommonProblems.PreconditionFailed.With($"The policy is at version {standing.Version}. Read it again, then repeat the change.", remedy: new Remedy("Read the policy that is in force.", "/v1/bot-detection/lanes"));
            }
            var rules = await LaneStore.RulesAsync(connection, transaction, cancellationToken);
            if (rules.FirstOrDefault(rule => rule.Mode == RuleMode.Enabled && policy.Lanes.All(lane => lane.Name != rule.Lane)) is { } led)
            {
                return LaneProblems.LaneUnknown.With($"The rule {led.Id} leads to the lane '{led.Lane}', which the policy lacks. Disable the rule first.", [new FieldError("/lanes", "lane_in_use", $"The rule {led.Id} leads to '{led.Lane}'.")]);
            }
            var (now, actor) = (clock.GetUtcNow(), LanesModule.ActorOf(agent));
            await connection.ExecuteAsync(new CommandDefinition(
                "insert into botdetection.lane_policies (version, policy, at, actor) values (@version, @policy::jsonb, @now, @actor)",
                new { version, policy = JsonSerializer.Serialize(policy, Json.Options), now, actor }, transaction, cancellationToken: cancellationToken));
            await EventLog.AppendAsync(transaction, LaneStore.Stream, actor, now, new LanesChanged(version, policy), cancellationToken);
            return new StandingPolicy(version, policy, now, actor);
        }, cancellationToken);
        if (outcome.Succeeded)
        {
            await lanes.CheckAsync(cancellationToken);
        }
        return outcome;
    }
}
