using System.Text.Json;
using Dapper;
using Npgsql;

namespace CustobotGateway.BotDetection.Trust;

/// <summary>Counts and appeals as they are stored.</summary>
internal static class TrustStore
{
    /// <summary>The stream of an operator's appeals.</summary>
    public static string StreamOf(string name) => "trust/" + name;

    /// <summary>How a component is written.</summary>
    public static string NameOf(TrustComponent component) => JsonNamingPolicy.SnakeCaseLower.ConvertName(component.ToString());

    /// <summary>Adds to components, as of the times given; what is there has decayed until then.</summary>
    public static async Task AddAsync(
        NpgsqlTransaction transaction, IReadOnlyDictionary<(string Operator, TrustComponent Component), TrustCount> counts, double halfLifeDays, CancellationToken cancellationToken)
    {
        if (counts.Count == 0)
        {
            return;
        }
        var rows = counts.OrderBy(one => one.Key.Operator, StringComparer.Ordinal).ThenBy(one => one.Key.Component).ToArray();
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into botdetection.trust as t (operator, component, amount, as_of, since, changed_at)
            select operator, component, amount, as_of, since, clock_timestamp() from unnest(@operators, @components, @amounts, @times, @sinces) as given (operator, component, amount, as_of, since)
            on conflict (operator, component) do update set
                amount = t.amount * power(0.5, greatest(0, extract(epoch from excluded.as_of - t.as_of)) / @halfLife)
                    + excluded.amount * power(0.5, greatest(0, extract(epoch from t.as_of - excluded.as_of)) / @halfLife),
                as_of = greatest(t.as_of, excluded.as_of), since = least(t.since, excluded.since), changed_at = clock_timestamp()
            """,
            new
            {
                operators = rows.Select(one => one.Key.Operator).ToArray(),
                components = rows.Select(one => NameOf(one.Key.Component)).ToArray(),
                amounts = rows.Select(one => one.Value.Amount).ToArray(),
                times = rows.Select(one => one.Value.AsOf.UtcDateTime).ToArray(),
                sinces = rows.Select(one => one.Value.Since.UtcDateTime).ToArray(),
                halfLife = halfLifeDays * 86_400,
            }, transaction, cancellationToken: cancellationToken));
    }

    /// <summary>The rows of one operator, or of all that changed since.</summary>
    public static async Task<IReadOnlyList<CountRow>> CountsAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string? name, DateTimeOffset? changedSince, int limit, CancellationToken cancellationToken) =>
    [
        .. await connection.QueryAsync<CountRow>(new CommandDefinition("""
            select operator as name, component, amount, as_of as asof, since, changed_at as changedat from botdetection.trust
            where (@name::text is null or operator = @name) and (@changedSince::timestamptz is null or operator in (select operator from botdetection.trust where changed_at >= @changedSince))
            order by operator, component limit @limit
            """, new { name, changedSince, limit }, transaction, cancellationToken: cancellationToken)),
    ];

    /// <summary>The next operators of whom something is known.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(NpgsqlConnection connection, string? after, int count, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<string>(new CommandDefinition(
            "select distinct operator from botdetection.trust where operator > coalesce(@after, '') order by operator limit @count", new { after, count }, cancellationToken: cancellationToken))];

    /// <summary>An operator's latest appeals, or one of them.</summary>
    public static async Task<IReadOnlyList<Appeal>> AppealsAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string name, string? id, CancellationToken cancellationToken) =>
    [
        .. (await connection.QueryAsync<AppealRow>(new CommandDefinition("""
            select id, text, status, created_at as createdat, created_by as createdby, note, components, decided_at as decidedat, decided_by as decidedby
            from botdetection.appeals where operator = @name and (@id::text is null or id = @id) order by id desc limit 20
            """, new { name, id }, transaction, cancellationToken: cancellationToken))).Select(row => row.ToAppeal()),
    ];

    /// <summary>What the counts come to at that time.</summary>
    public static OperatorTrust Explain(string name, IEnumerable<CountRow> rows, DateTimeOffset now, double halfLifeDays, IReadOnlyList<Appeal>? appeals = null)
    {
        ComponentView[] components = [.. rows.Select(row => row.ToView(now, halfLifeDays)).OrderByDescending(view => Math.Abs(view.Contribution))];
        // What counts against it first, then what there is not enough of.
        string[] raises =
        [
            .. components.Where(view => view.Contribution < -0.01).Select(view => TrustMath.Words(view.Component).Raises),
            TrustMath.Words(TrustComponent.CompletedOrders).Raises,
            "Wait: what was done counts half after the half-life.",
        ];
        return new OperatorTrust(name, TrustMath.ScoreOf(components.Sum(view => view.Contribution)), halfLifeDays, components, raises, appeals);
    }

    /// <summary>A count as it is stored.</summary>
    internal sealed record CountRow(string Name, string Component, double Amount, DateTime AsOf, DateTime Since, DateTime ChangedAt)
    {
        public ComponentView ToView(DateTimeOffset now, double halfLifeDays)
        {
            var component = Read(Component);
            var amount = TrustMath.Decayed(Amount, now - new DateTimeOffset(AsOf), halfLifeDays);
            return new(component, TrustMath.Words(component).Text, Math.Round(amount, 3), TrustMath.WeightOf(component), Math.Round(TrustMath.AddedBy(component, amount), 3),
                new DateTimeOffset(Since), new DateTimeOffset(AsOf));
        }
    }

    private static TrustComponent Read(string name) => Enum.Parse<TrustComponent>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    // By properties, since Dapper finds no constructor for a column of an array.
    private sealed class AppealRow
    {
        public string Id { get; init; } = "";
        public string Text { get; init; } = "";
        public string Status { get; init; } = "";
        public DateTime CreatedAt { get; init; }
        public string CreatedBy { get; init; } = "";
        public string? Note { get; init; }
        public string[] Components { get; init; } = [];
        public DateTime? DecidedAt { get; init; }
        public string? DecidedBy { get; init; }

        public Appeal ToAppeal() => new(Id, Text, Enum.Parse<AppealStatus>(Status, ignoreCase: true), new DateTimeOffset(CreatedAt), CreatedBy, Note, [.. Components.Select(Read)],
            DecidedAt is { } at ? new DateTimeOffset(at) : null, DecidedBy);
    }
}
