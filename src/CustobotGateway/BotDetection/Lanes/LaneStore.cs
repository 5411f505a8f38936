using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using Dapper;
using Npgsql;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>Policies and rules as they are stored. Whoever changes one holds the row of its version, so that changes come one after another.</summary>
internal static class LaneStore
{
    /// <summary>The version of the policy.</summary>
    public const string Policy = "lanes";

    /// <summary>The version of all rules together.</summary>
    public const string Rules = "rules";

    /// <summary>The version of the labelled rows.</summary>
    public const string LabelledRows = "labelled_rows";

    /// <summary>The stream of events of policies.</summary>
    public const string Stream = "bot-detection/lanes";

    private const string RuleColumns = """
        id, name, condition::text as condition, lane, mode, version, created_at as createdat, created_by as createdby, changed_at as changedat, changed_by as changedby
        """;

    /// <summary>Which versions there are now.</summary>
    public static async Task<(long Policy, long Rules)> VersionsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var versions = (await connection.QueryAsync<(string Name, long Version)>(new CommandDefinition(
            "select name, version from botdetection.versions", commandTimeout: 2, cancellationToken: cancellationToken))).ToDictionary(row => row.Name, row => row.Version);
        return (versions[Policy], versions[Rules]);
    }

    /// <summary>Holds a version and counts it up.</summary>
    public static Task<long> NextVersionAsync(NpgsqlTransaction transaction, string name, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleAsync<long>(new CommandDefinition(
            "update botdetection.versions set version = version + 1 where name = @name returning version", new { name }, transaction, cancellationToken: cancellationToken));

    /// <summary>The newest policy that was set; null where none was.</summary>
    public static async Task<StandingPolicy?> PolicyAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<(long Version, string? Policy, DateTime At, string Actor)>(new CommandDefinition(
            "select version, policy::text, at, actor from botdetection.lane_policies order by version desc limit 1", transaction: transaction, cancellationToken: cancellationToken));
        return row.Policy is null ? null : new(row.Version, JsonSerializer.Deserialize<LanePolicy>(row.Policy, StoredJson.Options)!, new DateTimeOffset(row.At), row.Actor);
    }

    /// <summary>All rules, the oldest first.</summary>
    public static async Task<IReadOnlyList<LaneRule>> RulesAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken) =>
        [.. (await connection.QueryAsync<RuleRow>(new CommandDefinition($"select {RuleColumns} from botdetection.rules order by id", transaction: transaction, cancellationToken: cancellationToken))).Select(row => row.ToRule())];

    /// <summary>One rule; null if there is none.</summary>
    public static async Task<LaneRule?> RuleAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string id, CancellationToken cancellationToken) =>
        (await connection.QuerySingleOrDefaultAsync<RuleRow>(new CommandDefinition(
            $"select {RuleColumns} from botdetection.rules where id = @id", new { id }, transaction, cancellationToken: cancellationToken)))?.ToRule();

    /// <summary>Stores a rule, new or changed.</summary>
    public static Task SaveAsync(NpgsqlTransaction transaction, LaneRule rule, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into botdetection.rules (id, name, condition, lane, mode, version, created_at, created_by, changed_at, changed_by)
            values (@Id, @Name, @condition::jsonb, @Lane, @mode, @Version, @CreatedAt, @CreatedBy, @ChangedAt, @ChangedBy)
            on conflict (id) do update set name = excluded.name, condition = excluded.condition, lane = excluded.lane, mode = excluded.mode, version = excluded.version,
                changed_at = excluded.changed_at, changed_by = excluded.changed_by
            """,
            new
            {
                rule.Id,
                rule.Name,
                condition = JsonSerializer.Serialize(rule.When, Json.Options),
                rule.Lane,
                mode = JsonNamingPolicy.SnakeCaseLower.ConvertName(rule.Mode.ToString()),
                rule.Version,
                rule.CreatedAt,
                rule.CreatedBy,
                rule.ChangedAt,
                rule.ChangedBy,
            }, transaction, cancellationToken: cancellationToken));

    // Columns are aliased without underscores, since Dapper matches constructor parameters by name.
    private sealed record RuleRow(
        string Id, string Name, string Condition, string Lane, string Mode, long Version, DateTime CreatedAt, string CreatedBy, DateTime ChangedAt, string ChangedBy)
    {
        public LaneRule ToRule() => new(Id, Name, JsonSerializer.Deserialize<CallerCondition>(Condition, StoredJson.Options)!, Lane, Enum.Parse<RuleMode>(Mode, ignoreCase: true), Version,
            new DateTimeOffset(CreatedAt), CreatedBy, new DateTimeOffset(ChangedAt), ChangedBy);
    }
}

/// <summary>Staff set another lane policy.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Policy">All of it.</param>
public sealed record LanesChanged(long Version, LanePolicy Policy) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "lanes.changed";
}
