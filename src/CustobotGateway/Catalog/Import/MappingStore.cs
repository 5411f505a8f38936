using System.Reflection;
using System.Text.Json;
using CustobotGateway.Catalog.Import.Mappings;
using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Catalog.Import;

/// <summary>Mappings by name: those that were registered, before those that the gateway ships with.</summary>
internal sealed class MappingStore(NpgsqlDataSource database)
{
    private const string ResourcePrefix = "mappings/";

    private static readonly Dictionary<string, JsonElement> Shipped = LoadShipped();

    /// <summary>The definition of that name; null when there is none.</summary>
    public async Task<JsonElement?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var registered = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "select definition::text from catalog.mappings where name = @name", new { name }, cancellationToken: cancellationToken));
        return registered is not null ? JsonElement.Parse(registered) : Shipped.TryGetValue(name, out var shipped) ? shipped : null;
    }

    /// <summary>All names in order.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var registered = await connection.QueryAsync<string>(new CommandDefinition("select name from catalog.mappings", cancellationToken: cancellationToken));
        return [.. registered.Union(Shipped.Keys).Order(StringComparer.Ordinal)];
    }

    /// <summary>Registers a mapping, in place of an earlier one of its name. True when it is new.</summary>
    public static Task<bool> SaveAsync(NpgsqlTransaction transaction, MappingDefinition definition, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleAsync<bool>(new CommandDefinition("""
            insert into catalog.mappings (name, definition) values (@Name, @definition::jsonb)
            on conflict (name) do update set definition = excluded.definition, updated_at = now()
            returning xmax = 0
            """, new { definition.Name, definition = JsonSerializer.Serialize(definition, Json.Options) }, transaction, cancellationToken: cancellationToken));

    private static Dictionary<string, JsonElement> LoadShipped()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var shipped = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            using var document = JsonDocument.Parse(stream);
            shipped[Path.GetFileNameWithoutExtension(resource[ResourcePrefix.Length..])] = document.RootElement.Clone();
        }
        return shipped;
    }
}
