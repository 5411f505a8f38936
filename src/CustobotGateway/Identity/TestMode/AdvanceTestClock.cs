using System.Xml;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Identity.TestMode;

/// <summary>A test client puts its time forward, so that what expires does so without waiting.</summary>
public static class AdvanceTestClock
{
    private static readonly TimeSpan MostAhead = TimeSpan.FromDays(366);

    /// <param name="Advance">By how much: an ISO 8601 duration such as <c>PT30M</c> or <c>P14D</c>, more than zero; a year in all.</param>
    public sealed record Request(string Advance);

    /// <summary>The time of the client's test data.</summary>
    /// <param name="Now">What time it is for it.</param>
    /// <param name="Ahead">By how much that is ahead, as an ISO 8601 duration.</param>
    public sealed record Response(DateTimeOffset Now, string Ahead);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator() => RuleFor(request => request.Advance).Must(text => TimeOf(text) is { } time && time > TimeSpan.Zero && time <= MostAhead)
            .WithErrorCode("out_of_range").WithMessage("'advance' is an ISO 8601 duration of more than zero and at most 366 days, such as PT30M.");
    }

    internal static void Map(RouteGroupBuilder test) => test
        .MapPost("/clock", HandleAsync).WithName("advanceTestClock").CanDryRun().Validate<Request>().RequireScope(Scopes.CatalogRead)
        .WithSummary("Put the test clock forward")
        .WithDescription("For test clients: the time of all that the client tries out moves on, on every gateway and for good. Sessions, carts, held goods and budgets, tokens, approvals, grants and return windows follow it. Forwards alone, and by at most a year in all.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken) =>
        (await RunAsync(request, idempotencyKey, agent, writes, clock, cancellationToken)).ToHttp();

    /// <summary>Puts it forward.</summary>
    public static Task<Outcome<Response>> RunAsync(
        Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(clock);
        return writes.RunAsync<Response>(new WriteAttempt(agent, "test/clock", idempotencyKey, request), async transaction =>
        {
            if (TestModeProblems.RefusalOf(agent) is { } refusal)
            {
                return refusal;
            }
            var (now, by) = (clock.GetUtcNow(), TimeOf(request.Advance)!.Value);
            // One after another, so that a year stays a year.
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "select 1 from identity.clients where client_id = @ClientId for no key update", new { agent.ClientId }, transaction, cancellationToken: cancellationToken));
            var ahead = by + await transaction.Connection!.QuerySingleAsync<TimeSpan>(new CommandDefinition(
                "select coalesce(sum(ahead), interval '0') from identity.test_clock_advances where client_id = @ClientId", new { agent.ClientId }, transaction, cancellationToken: cancellationToken));
            if (ahead > MostAhead)
            {
                return CommonProblems.InvalidRequest.With($"The clock would be {XmlConvert.ToString(ahead)} ahead; a year is the most. Register another test client.",
                    [new FieldError("/advance", "out_of_range", "A year in all.")]);
            }
            // Tokens say when they were issued in whole seconds: what is issued in this second is issued after it.
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "insert into identity.test_clock_advances (client_id, ahead, at) values (@ClientId, @by, date_trunc('second', @now::timestamptz))", new { agent.ClientId, by, now }, transaction,
                cancellationToken: cancellationToken));
            return new Response(now + ahead, XmlConvert.ToString(ahead));
        }, cancellationToken);
    }

    private static TimeSpan? TimeOf(string? text)
    {
        try
        {
            return text is { Length: > 0 and <= 40 } ? XmlConvert.ToTimeSpan(text) : null;
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            return null;
        }
    }
}
