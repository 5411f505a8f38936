using System.Globalization;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace CustobotGateway.Benchmarks;

/// <summary>The workload in PostgreSQL as one would build a search without an engine: one wide table, a typed column per attribute, indexes on what is asked most.</summary>
public sealed class PeerTable
{
    private static readonly string[] Ordered = ["category", "department", "brand", "price", "availability", "rating", "delivery_days_max", "updated_at", "gtin", "mpn", "seller"];

    private readonly Dictionary<string, string> _types = [];

    public PeerTable(string schemaFile)
    {
        using var schema = JsonDocument.Parse(File.ReadAllBytes(schemaFile));
        foreach (var attribute in schema.RootElement.EnumerateArray())
        {
            _types[attribute.GetProperty("id").GetString()!] = attribute.GetProperty("type").GetString()!;
        }
    }

    /// <summary>The workload's type of an attribute.</summary>
    public string TypeOf(string attribute) => _types[attribute];

    /// <summary>Makes the table, fills it from the workload's lines, and indexes it.</summary>
    public async Task FillAsync(NpgsqlConnection connection, string productsFile)
    {
        var columns = _types.Select(pair => pair.Value == "geo" ? $"{Lat(pair.Key)} double precision, {Lon(pair.Key)} double precision" : $"{Name(pair.Key)} {SqlType(pair.Value)}");
        await ExecuteAsync(connection, $"create table p (id bigint primary key, title text, description text, words tsvector, {string.Join(", ", columns)})");
        var names = _types.SelectMany(pair => pair.Value == "geo" ? [Lat(pair.Key), Lon(pair.Key)] : new[] { Name(pair.Key) });
        await using (var copy = await connection.BeginTextImportAsync($"copy p (id, title, description, {string.Join(", ", names)}) from stdin"))
        {
            var row = new StringBuilder();
            await foreach (var line in File.ReadLinesAsync(productsFile))
            {
                Append(row.Clear(), line);
                await copy.WriteAsync(row);
            }
        }
        await ExecuteAsync(connection, "update p set words = to_tsvector('simple', title || ' ' || description)");
        await ExecuteAsync(connection, "create index on p using gin (words)");
        await ExecuteAsync(connection, "create index on p (category, price)");
        foreach (var column in Ordered)
        {
            await ExecuteAsync(connection, $"create index on p ({Name(column)})");
        }
        foreach (var (name, type) in _types)
        {
            if (type is "multi" or "geo")
            {
                await ExecuteAsync(connection, type == "multi" ? $"create index on p using gin ({Name(name)})" : $"create index on p ({Lat(name)}, {Lon(name)})");
            }
        }
        // Rewritten once, so that the update above leaves no holes.
        await ExecuteAsync(connection, "vacuum full analyze p");
    }

    public static string Name(string attribute) => '"' + attribute + '"';

    public static string Lat(string attribute) => $"\"{attribute}_lat\"";

    public static string Lon(string attribute) => $"\"{attribute}_lon\"";

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 3600 };
        await command.ExecuteNonQueryAsync();
    }

    private static string SqlType(string type) => type switch
    {
        "enum" or "key" => "text",
        "multi" => "text[]",
        "number" => "double precision",
        "int" => "bigint",
        "bool" => "boolean",
        "date" => "date",
        _ => throw new InvalidDataException($"The workload's schema has a type '{type}' that is not known here."),
    };

    private void Append(StringBuilder row, string line)
    {
        using var document = JsonDocument.Parse(line);
        var product = document.RootElement;
        row.Append(CultureInfo.InvariantCulture, $"{product.GetProperty("id")}\t{Escape(product.GetProperty("title").GetString()!)}\t{Escape(product.GetProperty("description").GetString()!)}");
        foreach (var (name, type) in _types)
        {
            row.Append('\t');
            if (!product.TryGetProperty(name, out var value))
            {
                row.Append(type == "geo" ? "\\N\t\\N" : "\\N");
                continue;
            }
            _ = type switch
            {
                "geo" => row.Append(CultureInfo.InvariantCulture, $"{value[0]}\t{value[1]}"),
                // The workload's terms are plain words, which an array's text form takes as they are.
                "multi" => row.Append('{').AppendJoin(',', value.EnumerateArray().Select(term => Escape(term.GetString()!))).Append('}'),
                "bool" => row.Append(value.GetBoolean() ? 't' : 'f'),
                _ => row.Append(value.ValueKind == JsonValueKind.String ? Escape(value.GetString()!) : value.GetRawText()),
            };
        }
        row.Append('\n');
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
