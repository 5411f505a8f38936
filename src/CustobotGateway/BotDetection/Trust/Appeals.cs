using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity.People;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.BotDetection.Trust;

/// <summary>An operator objects to how far it is trusted, and staff decide.</summary>
public static class Appeals
{
    private const int MostOpen = 5;
    private const int LongestText = 4_000;

    /// <param name="Text">What is wrong, 1 to 4,000 characters.</param>
    public sealed record Request(string Text);

    /// <param name="Decision"><c>granted</c> or <c>refused</c>.</param>
    /// <param name="Note">What the operator is told, 1 to 4,000 characters.</param>
    /// <param name="Components">What is taken back where it is granted; everything that counts against the operator when null.</param>
    public sealed record DecisionRequest(AppealStatus Decision, string Note, IReadOnlyList<TrustComponent>? Components = null);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(request => request.Text).Length(1, LongestText);
    }

    internal sealed class DecisionValidator : AbstractValidator<DecisionRequest>
    {
        public DecisionValidator()
        {
            RuleFor(request => request.Decision).NotEqual(AppealStatus.Open).WithErrorCode("unknown_value").WithMessage("'decision' is granted or refused.");
            RuleFor(request => request.Note).Length(1, LongestText);
        }
    }

    internal static void Map(RouteGroupBuilder trust)
    {
        trust.MapPost("/{operator}/appeals", CreateAsync).WithName("appealTrust").CanDryRun().AllowPublic().Validate<Request>()
            .WithSummary("Appeal against the trust in an operator")
            .WithDescription("For the operator itself, by token or signature, and for staff. Staff read it and answer; at most 5 are open at a time.")
            .Produces<Appeal>(201).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);
        trust.MapPatch("/{operator}/appeals/{id}", HandleDecisionAsync).WithName("decideAppeal").CanDryRun().Validate<DecisionRequest>().RequireRole(StaffRoles.NameOf(StaffRole.Approver), StaffRoles.NameOf(StaffRole.PolicyEditor))
            .WithSummary("Decide an appeal")
            .WithDescription("Granted takes the named components back: they begin anew from nothing.")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);
    }

    private static async Task<Results<Created<Appeal>, ProblemHttpResult>> CreateAsync(
        string @operator, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, HttpContext context, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        var asked = TrustAccess.Read(context, @operator, StaffRole.Reviewer, StaffRole.Approver, StaffRole.PolicyEditor);
        if (!asked.Succeeded)
        {
            return asked.Problem!.ToHttp();
        }
        var (name, actor) = (asked.Value.Operator, asked.Value.Actor);
        var outcome = await writes.RunAsync<Appeal>(new WriteAttempt(context.GetAgent(), $"trust/{name}/appeals", idempotencyKey, request), async transaction =>
        {
            await LockAsync(transaction, name, cancellationToken);
            if ((await TrustStore.AppealsAsync(transaction.Connection!, transaction, name, null, cancellationToken)).Count(known => known.Status == AppealStatus.Open) >= MostOpen)
            {
                return TrustProblems.TooManyAppeals.With($"{MostOpen} appeals of {name} wait for an answer already.");
            }
            var now = clock.GetUtcNow();
            var appeal = new Appeal(Ids.New("apl", now), request.Text, AppealStatus.Open, now, actor, null, [], null, null);
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "insert into botdetection.appeals (id, operator, text, status, created_at, created_by, components) values (@Id, @name, @Text, 'open', @CreatedAt, @CreatedBy, '{}')",
                new { appeal.Id, name, appeal.Text, appeal.CreatedAt, appeal.CreatedBy }, transaction, cancellationToken: cancellationToken));
            await EventLog.AppendAsync(transaction, TrustStore.StreamOf(name), actor, now, new TrustAppealed(appeal.Id, name, appeal.Text), cancellationToken);
            return appeal;
        }, cancellationToken);
        return outcome.Succeeded ? TypedResults.Created($"/v1/bot-detection/trust/{Uri.EscapeDataString(name)}", outcome.Value) : outcome.Problem!.ToHttp();
    }

    private static async Task<Results<Ok<Appeal>, ProblemHttpResult>> HandleDecisionAsync(
        string @operator, string id, DecisionRequest request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, TrustFollower follower, TimeProvider clock,
        CancellationToken cancellationToken) =>
        (await DecideAsync(Uri.UnescapeDataString(@operator).Replace("\0", "", StringComparison.Ordinal), id.Replace("\0", "", StringComparison.Ordinal), request, idempotencyKey, Lanes.LanesModule.ActorOf(agent), agent, writes, follower, clock,
            cancellationToken)).ToHttp();

    /// <summary>Decides an appeal.</summary>
    internal static async Task<Outcome<Appeal>> DecideAsync(
        string name, string id, DecisionRequest request, string? idempotencyKey, string actor, AgentPrincipal agent, Writes writes, TrustFollower follower, TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await writes.RunAsync<Appeal>(new WriteAttempt(agent, $"trust/{name}/appeals/{id}", idempotencyKey, request), async transaction =>
        {
            await LockAsync(transaction, name, cancellationToken);
            var connection = transaction.Connection!;
            if ((await TrustStore.AppealsAsync(connection, transaction, name, id, cancellationToken)) is not [var appeal])
            {
                return CommonProblems.NotFound.With($"There is no appeal '{id}' of {name}.");
            }
            if (appeal.Status != AppealStatus.Open)
            {
                return TrustProblems.AppealDecided.With($"It was {appeal.Status.ToString().ToLowerInvariant()} by {appeal.DecidedBy}.");
            }
            IReadOnlyList<TrustComponent> taken = request.Decision == AppealStatus.Refused ? []
                : request.Components ?? [.. Enum.GetValues<TrustComponent>().Where(component => TrustMath.WeightOf(component) < 0)];
            var now = clock.GetUtcNow();
            string[] components = [.. taken.Distinct().Select(TrustStore.NameOf)];
            await connection.ExecuteAsync(new CommandDefinition("""
                update botdetection.appeals set status = @status, note = @Note, components = @components, decided_at = @now, decided_by = @actor where id = @id;
                update botdetection.trust set amount = 0, as_of = @now, since = @now, changed_at = clock_timestamp() where operator = @name and component = any(@components)
                """, new { id, name, status = request.Decision.ToString().ToLowerInvariant(), request.Note, components, now, actor }, transaction, cancellationToken: cancellationToken));
            await EventLog.AppendAsync(transaction, TrustStore.StreamOf(name), actor, now, new TrustAppealDecided(id, request.Decision, request.Note, taken), cancellationToken);
            return appeal with { Status = request.Decision, Note = request.Note, Components = taken, DecidedAt = now, DecidedBy = actor };
        }, cancellationToken);
        if (outcome.Succeeded)
        {
            await follower.ReadAsync(cancellationToken);
        }
        return outcome;
    }

    private static Task<int> LockAsync(Npgsql.NpgsqlTransaction transaction, string name, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
        "select pg_advisory_xact_lock(hashtextextended(@stream, 0))", new { stream = TrustStore.StreamOf(name) }, transaction, cancellationToken: cancellationToken));
}

/// <summary>Somebody objected to how far an operator is trusted.</summary>
/// <param name="AppealId">The appeal.</param>
/// <param name="Operator">About whom.</param>
/// <param name="Text">What it says.</param>
public sealed record TrustAppealed(string AppealId, string Operator, string Text) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "trust.appealed";
}

/// <summary>Staff decided an appeal.</summary>
/// <param name="AppealId">The appeal.</param>
/// <param name="Decision">What was decided.</param>
/// <param name="Note">Why.</param>
/// <param name="Components">What was taken back.</param>
public sealed record TrustAppealDecided(string AppealId, AppealStatus Decision, string Note, IReadOnlyList<TrustComponent> Components) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "trust.appeal_decided";
}
