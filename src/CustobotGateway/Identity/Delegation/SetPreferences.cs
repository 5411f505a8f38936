using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Common.Preferences;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>The person says what they would rather have.</summary>
public static class SetPreferences
{
    internal static void Map(RouteGroupBuilder grants) => grants
        .MapPut("/{id}/preferences", HandleAsync).WithName("setPreferences").CanDryRun().Validate<BuyingPreferences>().RequireScope(Scopes.GrantsManage)
        .WithSummary("Set the preferences of a grant")
        .WithDescription("Replaces all of them; an empty object forgets them. For the person, through a client with the scope grants:manage. Attributes that the catalogue does not have, values of the wrong type and directions that make no sense are refused, each with its pointer.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<BuyingPreferences>, ProblemHttpResult>> HandleAsync(
        string id, BuyingPreferences preferences, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, GrantContext grants,
        CancellationToken cancellationToken) =>
        (await RunAsync(grants, GrantActor.Of(agent), id, preferences, cancellationToken, idempotencyKey)).ToHttp();

    /// <summary>Sets them; what is kept then.</summary>
    public static async Task<Outcome<BuyingPreferences>> RunAsync(
        GrantContext grants, GrantActor actor, string id, BuyingPreferences preferences, CancellationToken cancellationToken, string? idempotencyKey = null)
    {
        ArgumentNullException.ThrowIfNull(grants);
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(preferences);
        return grants.Note("grant.set_preferences", actor, id, await grants.Writes.RunAsync<BuyingPreferences>(
            new WriteAttempt(actor.Caller, $"grants/{id}/preferences", idempotencyKey, preferences),
            transaction => SetAsync(grants, transaction, actor, id, preferences, cancellationToken), cancellationToken));
    }

    /// <summary>Why they cannot be kept; null if they can. Checked here too, for doors whose bodies are not validated by the route.</summary>
    internal static Problem? FaultOf(BuyingPreferences preferences, IPreferenceRules rules) =>
        Validation.Check(new BuyingPreferencesValidator(), preferences)
        ?? (rules.FaultsOf(preferences) is { Count: > 0 } faults
            ? IdentityProblems.PreferenceUnknown.With(faults[0].Detail, faults, new Remedy("See what attributes there are.", "/v1/attributes"))
            : null);

    private static async Task<Outcome<BuyingPreferences>> SetAsync(
        GrantContext grants, NpgsqlTransaction transaction, GrantActor actor, string id, BuyingPreferences preferences, CancellationToken cancellationToken)
    {
        var grant = await GrantRow.LockAsync(transaction, id, actor, GrantRight.Decide, cancellationToken);
        if (!grant.Succeeded)
        {
            return grant.Problem!;
        }
        var now = actor.Caller.NowBy(grants.Clock);
        if (grant.Value.StatusAt(now) is GrantStatus.Revoked or GrantStatus.Expired)
        {
            return IdentityProblems.GrantEnded.With("The grant has ended; nobody searches under it any more.");
        }
        if (FaultOf(preferences, grants.Rules) is { } fault)
        {
            return fault;
        }
        await KeepAsync(transaction, id, actor.Name, preferences, now, cancellationToken);
        return preferences;
    }

    /// <summary>Keeps what was checked with a grant that the transaction holds, or has just made.</summary>
    internal static async Task KeepAsync(
        NpgsqlTransaction transaction, string id, string actor, BuyingPreferences preferences, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update identity.grants set preferences = @kept::jsonb where id = @id",
            new { id, kept = JsonSerializer.Serialize(preferences, Json.Options) }, transaction, cancellationToken: cancellationToken));
        await EventLog.AppendAsync(transaction, id, actor, now, new GrantPreferencesSet(preferences), cancellationToken);
    }
}

/// <summary>The person said what they would rather have.</summary>
/// <param name="Preferences">All of it.</param>
public sealed record GrantPreferencesSet(BuyingPreferences Preferences) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "grant.preferences_set";
}
