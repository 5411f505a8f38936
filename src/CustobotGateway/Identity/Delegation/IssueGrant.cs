using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Mandates;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Identity.Delegation;

/// <summary>The administrator gives an agent a mandate for a person and gets the token that stands for it.</summary>
public static class IssueGrant
{
    /// <param name="ClientId">The agent's client, 1 to 200 characters.</param>
    /// <param name="Person">For whom it acts, 1 to 320 characters: an e-mail address or another name of the merchant's.</param>
    /// <param name="AuthorizationDetails">Exactly one purchase mandate: amounts of two are never summed.</param>
    /// <param name="TimeZone">Where the days, weeks and months of the mandate begin (IANA), such as <c>Europe/Berlin</c>; UTC when null.</param>
    public sealed record Request(string ClientId, string Person, IReadOnlyList<PurchaseMandate> AuthorizationDetails, string? TimeZone = null);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator(DetailType mandates, TimeProvider clock)
        {
            RuleFor(request => request.ClientId).NotEmpty().MaximumLength(200);
            RuleFor(request => request.Person).NotEmpty().MaximumLength(320);
            RuleFor(request => request.AuthorizationDetails).Must(details => details is [not null])
                .WithErrorCode("wrong_length").WithMessage("'authorization_details' holds exactly one purchase mandate.");
            RuleForEach(request => request.AuthorizationDetails).SetValidator(new PurchaseMandateValidator(mandates, clock));
            RuleFor(request => request.TimeZone).Must(name => TimeZones.Exists(name!)).When(request => request.TimeZone is not null)
                .WithErrorCode("unknown_value").WithMessage("'time_zone' is a time zone of the IANA data base, such as Europe/Berlin.");
        }
    }

    internal static void Map(RouteGroupBuilder grants) => grants
        .MapPost("/", HandleAsync).WithName("issueGrant").CanDryRun().Validate<Request>().RequireAdministrator()
        .WithSummary("Give an agent a mandate")
        .WithDescription("Issues a grant with one purchase mandate (RFC 9396 authorization details). The token in the answer is shown this once; only its hash is kept. A repetition with the same Idempotency-Key gets the grant without the token.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Created<Grant>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(request, idempotencyKey, agent, writes, clock, cancellationToken);
        return outcome.Succeeded ? TypedResults.Created($"/v1/grants/{outcome.Value.Id}", outcome.Value) : outcome.Problem!.ToHttp();
    }

    /// <summary>Issues the grant.</summary>
    public static Task<Outcome<Grant>> RunAsync(
        Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(writes);
        return writes.RunAsync<Grant>(new WriteAttempt(agent, "grants", idempotencyKey, request), async transaction =>
        {
            var token = GrantTokens.New();
            var mandate = request.AuthorizationDetails[0];
            var grant = new Grant(Ids.New("grt", clock), request.ClientId, request.Person, [mandate], agent.NowBy(clock), request.TimeZone ?? "UTC", token);
            await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
                insert into identity.grants (id, client_id, person, mandate, token_hash, created_at, time_zone)
                values (@Id, @ClientId, @Person, @mandate::jsonb, @hash, @CreatedAt, @TimeZone)
                """,
                new
                {
                    grant.Id,
                    grant.ClientId,
                    grant.Person,
                    mandate = JsonSerializer.Serialize(mandate, Json.Options),
                    hash = GrantTokens.Hash(token),
                    grant.CreatedAt,
                    grant.TimeZone,
                }, transaction, cancellationToken: cancellationToken));
            await EventLog.AppendAsync(transaction, grant.Id, agent.ClientId!, grant.CreatedAt,
                new GrantIssued(grant.ClientId, grant.Person, mandate), cancellationToken);
            return grant;
        }, cancellationToken, keep: grant => grant with { Token = null });
    }
}
