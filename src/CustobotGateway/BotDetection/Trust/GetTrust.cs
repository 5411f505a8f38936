using CustobotGateway.BotDetection.Lanes;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.People;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.BotDetection.Trust;

/// <summary>How far operators are trusted, and why.</summary>
public static class GetTrust
{
    private const int DefaultSize = 50;
    private const int MaxSize = 200;
    private const int MostComponents = 16;

    /// <summary>A page of operators.</summary>
    /// <param name="Operators">In the order of their names.</param>
    /// <param name="Page">Where the list goes on.</param>
    public sealed record Response(IReadOnlyList<OperatorTrust> Operators, NextPage Page);

    /// <summary>Where the list goes on.</summary>
    /// <param name="Next">Give it as <c>after</c> for the next page; null on the last.</param>
    public sealed record NextPage(string? Next);

    internal static void Map(RouteGroupBuilder trust)
    {
        trust.MapGet("/", HandleListAsync).WithName("listTrust").RequireRole(LanesModule.Readers)
            .WithSummary("List operators by trust").WithDescription("Of whom something is known, in the order of names. size is 1 to 200, 50 by default; after is the next of the page before.")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);
        trust.MapGet("/{operator}", HandleAsync).WithName("getTrust").AllowPublic()
            .WithSummary("Explain the trust in an operator")
            .WithDescription("Each component, what it adds, since when, and what would raise it. For the operator itself, by a token of the client or by a signed request, and for staff. `me` is the caller; a signature agent's address is percent-encoded.")
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleListAsync(
        NpgsqlDataSource database, TrustOptions options, TimeProvider clock, CancellationToken cancellationToken, string? after = null, int? size = null) =>
        (await ListAsync(after, size ?? DefaultSize, database, options, clock, cancellationToken)).ToHttp();

    /// <summary>A page of operators.</summary>
    public static async Task<Outcome<Response>> ListAsync(string? after, int size, NpgsqlDataSource database, TrustOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        if (size is < 1 or > MaxSize)
        {
            return CommonProblems.InvalidRequest.With($"size is 1 to {MaxSize}.", [new FieldError("?size", "out_of_range", $"1 to {MaxSize}.")]);
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var names = await TrustStore.NamesAsync(connection, after?.Replace("\0", "", StringComparison.Ordinal), size + 1, cancellationToken);
        var page = new List<OperatorTrust>(size);
        foreach (var name in names.Take(size))
        {
            page.Add(TrustStore.Explain(name, await TrustStore.CountsAsync(connection, null, name, null, MostComponents, cancellationToken), clock.GetUtcNow(), options.HalfLifeDays));
        }
        return new Response(page, new NextPage(names.Count > size ? names[size - 1] : null));
    }

    private static async Task<Results<Ok<OperatorTrust>, ProblemHttpResult>> HandleAsync(
        string @operator, HttpContext context, NpgsqlDataSource database, TrustOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var asked = TrustAccess.Read(context, @operator, StaffRole.Viewer, StaffRole.Reviewer, StaffRole.PolicyEditor);
        context.Response.Headers.CacheControl = "no-store";
        return asked.Succeeded ? TypedResults.Ok(await RunAsync(asked.Value.Operator, database, options, clock, cancellationToken)) : asked.Problem!.ToHttp();
    }

    /// <summary>The trust in one operator.</summary>
    public static async Task<OperatorTrust> RunAsync(string name, NpgsqlDataSource database, TrustOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return TrustStore.Explain(name, await TrustStore.CountsAsync(connection, null, name, null, MostComponents, cancellationToken), clock.GetUtcNow(), options.HalfLifeDays,
            await TrustStore.AppealsAsync(connection, null, name, null, cancellationToken));
    }
}
