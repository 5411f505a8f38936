using System.Text.Json;
using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Catalog.Import;

/// <summary>Imports in the database.</summary>
internal sealed class ImportStore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>A gateway that has not been heard of for this long no longer works on its import.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromSeconds(60);

    private static readonly ImportFailure AbandonedFailure = new("abandoned", "The gateway that ran the import was not heard of for a minute. The catalogue is as it was before; import again.");

    /// <summary>Begins an import; the id of the running one where there is one.</summary>
    public async Task<string?> BeginAsync(ImportReport report, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        await connection.ExecuteAsync(new CommandDefinition("""
            update catalog.imports set status = 'failed', finished_at = @now, report = report || @failure::jsonb
            where status in ('receiving', 'running') and heartbeat_at < @before
            """,
            new { now, before = now - Abandoned, failure = JsonSerializer.Serialize(new { Failure = AbandonedFailure }, Json.Options) }, cancellationToken: cancellationToken));
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var inserted = await connection.ExecuteAsync(new CommandDefinition("""
                insert into catalog.imports (id, status, mode, mapping, report, started_at, heartbeat_at)
                values (@Id, 'receiving', @Mode, @Mapping, @Report::jsonb, @StartedAt, @StartedAt)
                on conflict do nothing
                """,
                new { report.Id, Mode = Name(report.Mode), report.Mapping, Report = JsonSerializer.Serialize(report, Json.Options), report.StartedAt }, cancellationToken: cancellationToken));
            if (inserted == 1)
            {
                return null;
            }
            var running = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
                "select id from catalog.imports where status in ('receiving', 'running')", cancellationToken: cancellationToken));
            if (running is not null)
            {
                return running;
            }
        }
        throw new InvalidOperationException("An import neither runs nor can begin.");
    }

    /// <summary>The feed is safe: from now on the import runs, also after a crash.</summary>
    public async Task<bool> RunAsync(NpgsqlTransaction transaction, string id, ImportPlan plan, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update catalog.imports set status = 'running', plan = @plan::jsonb, heartbeat_at = @now where id = @id and status = 'receiving'",
            new { id, plan = JsonSerializer.Serialize(plan, Json.Options), now = clock.GetUtcNow() }, transaction, cancellationToken: cancellationToken)) == 1;

    /// <summary>Says that the gateway is at work and how far it is.</summary>
    public async Task BeatAsync(ImportReport report, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update catalog.imports set heartbeat_at = @now, report = @report::jsonb where id = @Id and status in ('receiving', 'running')",
            new { report.Id, now = clock.GetUtcNow(), report = JsonSerializer.Serialize(report, Json.Options) }, cancellationToken: cancellationToken));
    }

    /// <summary>Ends an import that changed nothing.</summary>
    public async Task FailAsync(ImportReport report, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update catalog.imports set status = 'failed', finished_at = @FinishedAt, report = @report::jsonb where id = @Id and status in ('receiving', 'running')",
            new { report.Id, report.FinishedAt, report = JsonSerializer.Serialize(report, Json.Options) }, cancellationToken: cancellationToken));
    }

    /// <summary>The imports that are not at an end.</summary>
    public async Task<IReadOnlyList<(string Id, string Status)>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<(string, string)>(new CommandDefinition(
            "select id, status from catalog.imports where status in ('receiving', 'running')", cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>What an import was asked to do.</summary>
    public async Task<(ImportReport Report, ImportPlan Plan)?> PlanAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<(string Report, string Plan, string Status)?>(new CommandDefinition(
            "select report::text, plan::text, status from catalog.imports where id = @id", new { id }, cancellationToken: cancellationToken));
        return row is { Status: "running" } found
            ? (Read(found.Report, found.Status), JsonSerializer.Deserialize<ImportPlan>(found.Plan, Json.Options)!) : null;
    }

    /// <summary>The report of an import; null when there is none.</summary>
    public async Task<ImportReport?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<(string Report, string Status)?>(new CommandDefinition(
            "select report::text, status from catalog.imports where id = @id", new { id }, cancellationToken: cancellationToken));
        return row is { } found ? Read(found.Report, found.Status) : null;
    }

    /// <summary>Imports from the newest on.</summary>
    public async Task<IReadOnlyList<ImportReport>> ListAsync(string? after, int size, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string Report, string Status)>(new CommandDefinition(
            "select report::text, status from catalog.imports where @after::text is null or id < @after order by id desc limit @size", new { after, size }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => Read(row.Report, row.Status))];
    }

    private static string Name(ImportMode mode) => mode.ToString().ToLowerInvariant();

    private static ImportReport Read(string report, string status) =>
        JsonSerializer.Deserialize<ImportReport>(report, Json.Options)! with { Status = Enum.Parse<ImportStatus>(status, ignoreCase: true) };
}
