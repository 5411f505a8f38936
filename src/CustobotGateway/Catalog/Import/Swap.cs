using System.Text.Json;
using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Catalog.Import;

/// <summary>Makes staged rows the catalogue's, in one transaction.</summary>
internal static class Swap
{
    private const int MaxAttempts = 5;
    private const string BeforeSwap = "before_swap";

    /// <summary>A row that was staged and cannot stay: a later one of the same id replaces it, or there is nothing to lay it over.</summary>
    public sealed record Superseded(long RowNumber, long Line, string ExternalId, string Attributes);

    /// <summary>What changed.</summary>
    public sealed record Changes(long Created, long Changed, long Withdrawn, long Stock);

    /// <summary>Numbers rows of the same id: the second gets -2, the third -3.</summary>
    public static Task NumberRepeatsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => ExecuteAsync(connection, """
        update catalog.import_rows as r set external_id = r.external_id || '-' || n.place
        from (select row_number, row_number() over (partition by external_id order by row_number) as place from catalog.import_rows where attributes is not null) as n
        where r.row_number = n.row_number and n.place > 1
        """, cancellationToken);

    /// <summary>Takes out rows that a later one of the same id replaces, and gives those that had been accepted.</summary>
    public static IAsyncEnumerable<Superseded> RemoveSupersededAsync(NpgsqlConnection connection) => connection.QueryUnbufferedAsync<Superseded>("""
        with kept as (
            select external_id, max(row_number) filter (where attributes is not null) as last from catalog.import_rows group by external_id having count(*) > 1
        ), gone as (
            delete from catalog.import_rows as r using kept as k where r.external_id = k.external_id and r.row_number <> k.last
            returning row_number, line, r.external_id, attributes
        )
        select row_number as "RowNumber", line, external_id as "ExternalId", attributes::text as "Attributes" from gone where attributes is not null order by row_number
        """, commandTimeout: 0);

    /// <summary>
    /// Reserves numbers for the products that are new, in a transaction of its own and noted with the import: a swap that is killed and run
    /// again gives the same numbers, which a sequence alone would not.
    /// </summary>
    private static async Task<long> ReserveAsync(NpgsqlConnection connection, string import, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, "analyze catalog.import_rows (row_number, external_id)", cancellationToken);
        var needed = await connection.ExecuteScalarAsync<long>(new CommandDefinition("""
            select count(*) from catalog.import_rows as r where attributes is not null and not exists (select from catalog.products as p where p.external_id = r.external_id)
            """, commandTimeout: 0, cancellationToken: cancellationToken));
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (first, reserved) = await connection.QuerySingleAsync<(long? First, int? Reserved)>(new CommandDefinition(
            "select first_number, reserved from catalog.imports where id = @import for update", new { import }, transaction, cancellationToken: cancellationToken));
        if (first is null || reserved < needed)
        {
            // Holds off for a moment whoever inserts: a number that is drawn is then below the range or above it.
            await ExecuteAsync(connection, "lock table catalog.products in share row exclusive mode", cancellationToken);
            first = await connection.ExecuteScalarAsync<long>(new CommandDefinition("""
                update catalog.imports
                set reserved = @needed, first_number = (select case when is_called then last_value + 1 else last_value end from catalog.products_number_seq)
                where id = @import returning first_number
                """, new { import, needed }, transaction, cancellationToken: cancellationToken));
            if (needed > 0)
            {
                await ExecuteAsync(connection, "select setval('catalog.products_number_seq', @last)", cancellationToken, new { last = first + needed - 1 });
            }
        }
        await transaction.CommitAsync(cancellationToken);
        return first.Value;
    }

    /// <summary>The swap. Readers see all of it or nothing, of a dry run nothing; its report is part of it. Null when the import was given up meanwhile.</summary>
    public static async Task<Changes?> RunAsync(
        NpgsqlConnection connection, ImportReport start, string provenance, DateTimeOffset now, MergeRows? merge, bool hasStock, Func<Changes, ImportReport> report,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var first = await ReserveAsync(connection, start.Id, cancellationToken);
                return await TryAsync(connection, start, provenance, first, now, merge, hasStock, report, cancellationToken);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation && attempt < MaxAttempts)
            {
                // A request created one of the feed's products since it was looked for. Telling such rows apart as they are inserted
                // ("on conflict") would cost every swap half as much again.
            }
        }
    }

    private static async Task<Changes?> TryAsync(
        NpgsqlConnection connection, ImportReport start, string provenance, long first, DateTimeOffset now, MergeRows? merge, bool hasStock, Func<Changes, ImportReport> report,
        CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.SaveAsync(BeforeSwap, cancellationToken);
        if (merge is not null)
        {
            await merge.RunAsync(connection, cancellationToken);
        }
        await ExecuteAsync(connection, """
            set local work_mem = '64MB';
            create temporary table import_plan on commit drop as
            select r.row_number, p.number, p.content_hash is distinct from r.content_hash or p.withdrawn_at is not null as differs
            from catalog.import_rows as r left join catalog.products as p using (external_id)
            where r.attributes is not null;
            analyze import_plan;
            """, cancellationToken);
        var parameters = new { now, provenance, first };
        var changed = await ExecuteAsync(connection, """
            update catalog.products as p
            set attributes = r.attributes, given = r.given, provenance = coalesce(r.provenance, @provenance::jsonb), content_hash = r.content_hash,
                version = p.version + 1, updated_at = @now, withdrawn_at = null, change_xid = pg_current_xact_id()
            from import_plan as n join catalog.import_rows as r using (row_number)
            where n.differs and n.number is not null and p.number = n.number and (p.content_hash <> r.content_hash or p.withdrawn_at is not null)
            """, cancellationToken, parameters);
        var created = await ExecuteAsync(connection, """
            insert into catalog.products (number, external_id, attributes, given, provenance, content_hash, updated_at)
            select @first - 1 + n.place, r.external_id, r.attributes, r.given, coalesce(r.provenance, @provenance::jsonb), r.content_hash, @now
            from (select row_number, row_number() over (order by row_number) as place from import_plan where number is null) as n join catalog.import_rows as r using (row_number)
            """, cancellationToken, parameters);
        var withdrawn = start.Mode == ImportMode.Upsert ? 0 : await ExecuteAsync(connection, """
            update catalog.products as p set withdrawn_at = @now, updated_at = @now, version = version + 1, change_xid = pg_current_xact_id()
            where withdrawn_at is null and not exists (select from catalog.import_rows as r where r.external_id = p.external_id)
            """, cancellationToken, parameters);
        var changes = new Changes(created, changed, withdrawn, hasStock ? await StockAsync(connection, cancellationToken) : 0);
        var done = report(changes);
        if (start.DryRun == true)
        {
            // What it comes to is known: what is kept of it is the report.
            await transaction.RollbackAsync(BeforeSwap, cancellationToken);
        }
        var ended = await ExecuteAsync(connection, """
            update catalog.imports set status = 'completed', finished_at = @FinishedAt, report = @Report::jsonb where id = @import and status = 'running'
            """, cancellationToken, new { import = start.Id, done.FinishedAt, Report = JsonSerializer.Serialize(done, Json.Options) });
        if (ended == 0)
        {
            return null;
        }
        await ExecuteAsync(connection, "notify catalog_changes", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return changes;
    }

    /// <summary>Writes what rows say of the stock, in the order in which orders take from it; locations that they do not name keep what they have.</summary>
    private static Task<int> StockAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => ExecuteAsync(connection, """
        insert into catalog.stock as s (product, location, on_hand)
        select p.number, lot.location, lot.on_hand
        from catalog.import_rows as r join catalog.products as p using (external_id) cross join jsonb_to_recordset(r.stock) as lot (location text, on_hand int)
        where r.attributes is not null and r.stock is not null
        order by p.number, lot.location
        on conflict (product, location, starts_at) do update set on_hand = excluded.on_hand, updated_at = now() where s.on_hand <> excluded.on_hand
        """, cancellationToken);

    /// <summary>Gives the staged rows' disk back.</summary>
    public static Task ClearAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => ExecuteAsync(connection, "truncate catalog.import_rows", cancellationToken);

    private static Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, object? parameters = null) =>
        connection.ExecuteAsync(new CommandDefinition(sql, parameters, commandTimeout: 0, cancellationToken: cancellationToken));
}
