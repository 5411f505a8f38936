using System.Text;
using System.Text.Json;
using CustobotGateway.Catalog.Products;
using Dapper;
using Npgsql;

namespace CustobotGateway.Catalog.Import;

/// <summary>
/// Lays staged rows over the products that have their ids, within the swap's transaction: values that a row has replace the product's, all
/// others stay, each with its provenance. Rows whose product is not there are refused.
/// </summary>
internal sealed class MergeRows(ImportContext context, Action<Swap.Superseded, string, string> refuse)
{
    private const int BatchRows = 500;

    private readonly ProductContent _content = new(context.Formats);

    private sealed record Pair(long RowNumber, string Row, string? RowGiven, string? RowProvenance, string Product, string? ProductGiven, string ProductProvenance);

    /// <summary>Merges all rows. Products are locked as they are read, so that no other writer's change is lost.</summary>
    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, """
            create temporary table merged_rows (row_number bigint not null, attributes jsonb not null, given jsonb, provenance jsonb not null, content_hash bytea not null) on commit drop;
            declare overlay no scroll cursor for
            select r.row_number as "RowNumber", r.attributes::text as "Row", r.given::text as "RowGiven", r.provenance::text as "RowProvenance",
                   p.attributes::text as "Product", p.given::text as "ProductGiven", p.provenance::text as "ProductProvenance"
            from catalog.import_rows as r join catalog.products as p using (external_id)
            where r.attributes is not null and p.withdrawn_at is null
            for no key update of p
            """, null, cancellationToken);
        while (true)
        {
            var pairs = (await connection.QueryAsync<Pair>(new CommandDefinition($"fetch {BatchRows} from overlay", commandTimeout: 0, cancellationToken: cancellationToken))).AsList();
            if (pairs.Count == 0)
            {
                break;
            }
            var merged = pairs.ConvertAll(Merge);
            await ExecuteAsync(connection, """
                insert into merged_rows
                select row_number, attributes::jsonb, given::jsonb, provenance::jsonb, content_hash
                from unnest(@rows, @attributes, @given, @provenance, @hashes) as merged (row_number, attributes, given, provenance, content_hash)
                """, new
            {
                rows = pairs.Select(pair => pair.RowNumber).ToArray(),
                attributes = merged.Select(one => one.Attributes).ToArray(),
                given = merged.Select(one => one.Given).ToArray(),
                provenance = merged.Select(one => one.Provenance).ToArray(),
                hashes = merged.Select(one => one.ContentHash).ToArray(),
            }, cancellationToken);
        }
        await ExecuteAsync(connection, """
            close overlay;
            analyze merged_rows;
            update catalog.import_rows as r set attributes = m.attributes, given = m.given, provenance = m.provenance, content_hash = m.content_hash
            from merged_rows as m where r.row_number = m.row_number
            """, null, cancellationToken);
        var alone = await connection.QueryAsync<Swap.Superseded>(new CommandDefinition("""
            with gone as (
                delete from catalog.import_rows as r where attributes is not null and not exists (select from merged_rows as m where m.row_number = r.row_number)
                returning row_number, line, external_id, attributes
            )
            select row_number as "RowNumber", line, external_id as "ExternalId", attributes::text as "Attributes" from gone order by row_number
            """, commandTimeout: 0, flags: CommandFlags.None, cancellationToken: cancellationToken));
        foreach (var row in alone)
        {
            refuse(row, "unknown_product", $"There is no product with the id '{row.ExternalId}' to lay the row over.");
        }
    }

    private ProductWrite Merge(Pair pair)
    {
        _content.Clear();
        Add(pair.Product, pair.ProductGiven);
        var changed = Add(pair.Row, pair.RowGiven);
        var (before, now) = (Provenance.Parse(pair.ProductProvenance), pair.RowProvenance is null ? null : Provenance.Parse(pair.RowProvenance));
        var forRow = now?.GetValueOrDefault(Provenance.Default) ?? context.Provenance;
        var each = new Dictionary<string, Provenance>(StringComparer.Ordinal) { [Provenance.Default] = before.GetValueOrDefault(Provenance.Default) ?? forRow };
        var keys = _content.Filled.Select(ordinal => context.Registry.Attributes[ordinal].Key).ToArray();
        foreach (var key in keys)
        {
            each[key] = changed.Contains(key) ? now?.GetValueOrDefault(key) ?? forRow : before.GetValueOrDefault(key) ?? each[Provenance.Default];
        }
        return ProductWrite.Complete(_content, Provenance.Compact(each, keys, forRow));
    }

    /// <summary>Adds stored values; gives their keys.</summary>
    private HashSet<string> Add(string attributes, string? given)
    {
        using var stored = JsonDocument.Parse(attributes);
        using var forms = given is null ? null : JsonDocument.Parse(given);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in stored.RootElement.EnumerateObject())
        {
            // An attribute that this registry lacks, another one's, cannot be kept.
            if (context.Formats.Find(Encoding.UTF8.GetBytes(member.Name)) is { } format)
            {
                _content.AddStored(format, member.Value, forms?.RootElement.TryGetProperty(member.Name, out var form) == true ? form : null);
                keys.Add(member.Name);
            }
        }
        return keys;
    }

    private static Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, object? parameters, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(sql, parameters, commandTimeout: 0, cancellationToken: cancellationToken));
}
