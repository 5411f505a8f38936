using CustobotGateway.Common.Database;
using CustobotGateway.Common.Http;
using Npgsql;

namespace CustobotGateway.Common.Health;

/// <summary>Whether the process lives, and whether it can serve.</summary>
public static class HealthRoutes
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The answer of all health routes.</summary>
    /// <param name="Status"><c>live</c> or <c>ready</c>.</param>
    /// <param name="Checks">What each part said, by name.</param>
    public sealed record Health(string Status, IReadOnlyDictionary<string, ReadinessReport>? Checks = null);

    /// <summary>Registers the check of the database.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services) => services.AddSingleton(provider =>
    {
        var database = provider.GetRequiredService<NpgsqlDataSource>();
        var migrated = provider.GetRequiredService<MigrateAtStart>();
        return new ReadinessCheck("database", NeededForReads: false, async cancellationToken =>
        {
            await migrated.WhenDoneAsync(cancellationToken);
            await using var command = database.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return new ReadinessReport(true, "answers");
        });
    });

    /// <summary>Maps <c>/health/live</c>, <c>/health/ready</c> and <c>/health/reads</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Health").AllowPublic();
        health.MapGet("/live", () => new Health("live")).WithName("getLiveness")
            .WithSummary("Whether the process lives").WithDescription("Asks nothing of its neighbours: restart the process when this fails.");
        health.MapGet("/ready", (IEnumerable<ReadinessCheck> checks, CancellationToken cancellationToken) => AskAsync(checks, cancellationToken))
            .WithName("getReadiness").Produces<Health>().ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("Whether everything can be served").WithDescription("The database answers and the index is loaded; the index's lag behind the database is in seconds.");
        health.MapGet("/reads", (IEnumerable<ReadinessCheck> checks, CancellationToken cancellationToken) => AskAsync(checks.Where(check => check.NeededForReads), cancellationToken))
            .WithName("getReadReadiness").Produces<Health>().ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("Whether searches can be served").WithDescription("Searches are answered from memory and go on while the database is away: a load balancer that sends reads asks this one.");
    }

    private static async Task<IResult> AskAsync(IEnumerable<ReadinessCheck> checks, CancellationToken cancellationToken)
    {
        var reports = new Dictionary<string, ReadinessReport>();
        foreach (var check in checks)
        {
            reports[check.Name] = await AskAsync(check, cancellationToken);
        }
        if (reports.Values.All(report => report.Ready))
        {
            return TypedResults.Ok(new Health("ready", reports));
        }
        var missing = string.Join(", ", reports.Where(report => !report.Value.Ready).Select(report => report.Key));
        var answer = CommonProblems.NotReady.With($"Not ready: {missing}.", retryAfterSeconds: 1).ToHttp();
        answer.ProblemDetails.Extensions["checks"] = reports;
        return answer;
    }

    private static async Task<ReadinessReport> AskAsync(ReadinessCheck check, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await check.AskAsync(patience.Token);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new ReadinessReport(false, "does not answer");
        }
    }
}
