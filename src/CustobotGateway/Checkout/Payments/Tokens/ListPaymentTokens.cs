using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Checkout.Payments;

/// <summary>The payment tokens that the caller made, page by page.</summary>
public static class ListPaymentTokens
{
    /// <summary>A page of payment tokens.</summary>
    /// <param name="PaymentTokens">The newest first; without the tokens themselves.</param>
    /// <param name="Page">Where the list goes on.</param>
    public sealed record Response(IReadOnlyList<PaymentToken> PaymentTokens, PaymentPage Page);

    internal static void Map(RouteGroupBuilder tokens) => tokens
        .MapGet("/", HandleAsync).WithName("listPaymentTokens").RequireScope(Scopes.PaymentsDelegate)
        .WithSummary("List payment tokens")
        .WithDescription("Those that the same client made for the same person, the newest first, without the tokens themselves. size is 1 to 100, 24 by default; after is the next of the page before.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        AgentPrincipal agent, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken, string? after = null, int? size = null) =>
        (await RunAsync(agent, after, size, database, clock, cancellationToken)).ToHttp();

    /// <summary>Reads the page.</summary>
    public static async Task<Outcome<Response>> RunAsync(
        AgentPrincipal agent, string? after, int? size, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(clock);
        if (PaymentPage.FaultOf(after, size) is { } fault)
        {
            return fault;
        }
        var count = size ?? PaymentPage.DefaultSize;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<PaymentTokenRow>(new CommandDefinition($"""
            select {PaymentTokenRow.Columns} from checkout.payment_tokens
            where (@IsAdministrator or (client_id = @ClientId and person is not distinct from @OnBehalfOf)) and is_test = @IsTest and (@after::text is null or id < @after)
            order by id desc limit @limit
            """, new { agent.IsAdministrator, agent.ClientId, agent.OnBehalfOf, agent.IsTest, after, limit = count + 1 }, cancellationToken: cancellationToken))).AsList();
        return new Response([.. rows.Take(count).Select(row => row.ToToken(agent.NowBy(clock)))], new PaymentPage(rows.Count > count ? rows[count - 1].Id : null));
    }
}

/// <summary>Where a list of payments goes on.</summary>
/// <param name="Next">Give it as <c>after</c> for the next page; null on the last.</param>
public sealed record PaymentPage(string? Next)
{
    internal const int DefaultSize = 24;
    private const int MaxSize = 100;
    private const int LongestCursor = 64;

    /// <summary>What is wrong with a page's size or cursor; null if nothing is.</summary>
    internal static Problem? FaultOf(string? after, int? size) =>
        size is < 1 or > MaxSize ? CommonProblems.InvalidRequest.With($"size is 1 to {MaxSize}.", [new("?size", "out_of_range", $"A page has 1 to {MaxSize} entries.")])
        : after is not null && (after.Length > LongestCursor || !after.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-'))
            ? CommonProblems.InvalidRequest.With("after is not a cursor of this list.", [new("?after", "bad_cursor", "Give the next of an earlier page as it was.")])
        : null;
}
