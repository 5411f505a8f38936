using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Mandates;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Identity.TestMode;

/// <summary>A test client gives itself a mandate for a person that it makes up.</summary>
public static class IssueTestGrant
{
    /// <param name="AuthorizationDetails">Exactly one purchase mandate.</param>
    /// <param name="Person">Who it is for, 1 to 320 characters: any name; <c>tester@example.com</c> when null.</param>
    public sealed record Request(IReadOnlyList<PurchaseMandate> AuthorizationDetails, string? Person = null);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator(DetailType mandates, TimeProvider clock)
        {
            RuleFor(request => request.AuthorizationDetails).Must(details => details is [not null])
                .WithErrorCode("wrong_length").WithMessage("'authorization_details' holds exactly one purchase mandate.");
            RuleForEach(request => request.AuthorizationDetails).SetValidator(new PurchaseMandateValidator(mandates, clock));
            RuleFor(request => request.Person).Length(1, 320).When(request => request.Person is not null);
        }
    }

    internal static void Map(RouteGroupBuilder test) => test
        .MapPost("/grants", HandleAsync).WithName("issueTestGrant").CanDryRun().Validate<Request>().RequireScope(Scopes.CatalogRead)
        .WithSummary("Give a test client a mandate")
        .WithDescription("For test clients, without a person: a grant of the calling client, with the token that buys under it. The token is shown this once.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Created<Grant>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(request, idempotencyKey, agent, writes, clock, cancellationToken);
        return outcome.Succeeded ? TypedResults.Created($"/v1/grants/{outcome.Value.Id}", outcome.Value) : outcome.Problem!.ToHttp();
    }

    /// <summary>Issues the grant.</summary>
    public static async Task<Outcome<Grant>> RunAsync(
        Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        return TestModeProblems.RefusalOf(agent) is { } refusal
            ? (Outcome<Grant>)refusal
            : await IssueGrant.RunAsync(new IssueGrant.Request(agent.ClientId!, request.Person ?? "tester@example.com", request.AuthorizationDetails), idempotencyKey, agent, writes, clock, cancellationToken);
    }
}
