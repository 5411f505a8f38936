using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout.Shop;

/// <summary>The merchant sells in another way.</summary>
public static class SetShop
{
    private const string Stream = "checkout/shop";

    internal static void Map(RouteGroupBuilder shop) => shop
        .MapPut("/", HandleAsync).WithName("setShop").CanDryRun().Validate<ShopSettings>().RequireAdministrator()
        .WithSummary("Set the shop's settings")
        .WithDescription("Replaces all of them, on every gateway of the database within a second. Send If-Match with the ETag that was read, so that two people do not undo each other's change. Sessions that are open keep what they show until they are changed.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<StandingShop>, ProblemHttpResult>> HandleAsync(
        ShopSettings settings, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, HttpContext context, AgentPrincipal agent, Writes writes, ShopInForce shop, SharedVersions versions,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(settings, ETags.Of(context.Request), idempotencyKey, agent, writes, shop, versions, clock, cancellationToken);
        if (outcome.Succeeded)
        {
            context.Response.Headers.ETag = ETags.Tag(outcome.Value.Version);
        }
        return outcome.ToHttp();
    }

    internal static async Task<Outcome<StandingShop>> RunAsync(
        ShopSettings settings, ETags tags, string? idempotencyKey, AgentPrincipal agent, Writes writes, ShopInForce shop, SharedVersions versions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var outcome = await writes.RunAsync<StandingShop>(new WriteAttempt(agent, "shop", idempotencyKey, settings), async transaction =>
        {
            var connection = transaction.Connection!;
            // First, since its row makes changes come one after another.
            await SharedVersions.CountAsync(transaction, SharedVersions.Shop, cancellationToken);
            var standing = await shop.FindAsync(connection, transaction, cancellationToken);
            if (!tags.Allows(standing.Version))
            {
                return CommonProblems.PreconditionFailed.With($"The settings are at version {standing.Version}. Read them again, then repeat the change.", remedy: new Remedy("Read the settings that are in force.", "/v1/shop"));
            }
            var (now, actor) = (clock.GetUtcNow(), agent.Subject ?? agent.ClientId ?? "administrator");
            var next = new StandingShop(standing.Version + 1, settings, now, actor);
            await connection.ExecuteAsync(new CommandDefinition(
                "insert into checkout.shop_settings (version, settings, at, actor) values (@Version, @settings::jsonb, @now, @actor)",
                new { next.Version, settings = JsonSerializer.Serialize(settings, Json.Options), now, actor }, transaction, cancellationToken: cancellationToken));
            await EventLog.AppendAsync(transaction, Stream, actor, now, new ShopChanged(next.Version), cancellationToken);
            return next with { Settings = settings.Shown() };
        }, cancellationToken);
        if (outcome.Succeeded)
        {
            await versions.CheckAsync(cancellationToken);
        }
        return outcome;
    }
}

/// <summary>The shop's settings were changed. What they are is read from the settings, where secrets are kept from view.</summary>
/// <param name="Version">Their number.</param>
public sealed record ShopChanged(long Version) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "shop.changed";
}
