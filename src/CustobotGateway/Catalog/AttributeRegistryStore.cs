using System.Text.Json;
using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Catalog;

/// <summary>The attribute registry in PostgreSQL, and the newest state of it in memory.</summary>
public sealed class AttributeRegistryStore(NpgsqlDataSource database) : IDisposable
{
    /// <summary>Where a change is announced; the payload is empty.</summary>
    internal const string Channel = "catalog_attributes";

    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _refreshing = new(1);
    private volatile AttributeRegistry _current = AttributeRegistry.Empty;

    /// <summary>What registering came to.</summary>
    /// <param name="Added">Attributes that are new.</param>
    /// <param name="Updated">Attributes whose words, values or categories were replaced.</param>
    /// <param name="Unchanged">Attributes that were registered already, identically.</param>
    /// <param name="Registry">The registry with them.</param>
    public sealed record Registration(int Added, int Updated, int Unchanged, AttributeRegistry Registry);

    /// <summary>The newest registry that this gateway has read; empty until <see cref="WhenLoadedAsync"/>.</summary>
    public AttributeRegistry Current => _current;

    /// <summary>Raised after <see cref="Current"/> was replaced, on whatever thread noticed; must not wait.</summary>
    public event Action<AttributeRegistry>? Changed;

    /// <summary>Ends when the registry was read for the first time.</summary>
    public Task WhenLoadedAsync(CancellationToken cancellationToken) => _loaded.Task.WaitAsync(cancellationToken);

    /// <summary>Brings the definitions of files into the table and reads it. Throws <see cref="InvalidDataException"/> where a file contradicts what is registered.</summary>
    internal async Task LoadAsync(IReadOnlyList<AttributeDefinition> definitions, AttributeSource source, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            var outcome = await RegisterAsync(transaction, definitions, source, cancellationToken);
            if (outcome.Problem is { } problem)
            {
                throw new InvalidDataException($"The attribute files contradict the registry of this database: {string.Join(' ', problem.Errors.Select(error => error.Detail).DefaultIfEmpty(problem.Detail))} Use another data folder or database, or other keys.");
            }
            await transaction.CommitAsync(cancellationToken);
        }
        await RefreshAsync(cancellationToken);
        _loaded.TrySetResult();
    }

    /// <summary>Registers all of the definitions or none, in a transaction; <see cref="RefreshAsync"/> after its commit makes them known here at once.</summary>
    /// <returns>What came of it, or <c>attribute_conflict</c>, whose errors name the places in the list, or <c>too_many_attributes</c>.</returns>
    public static Task<Outcome<Registration>> AddAsync(NpgsqlTransaction transaction, IReadOnlyList<AttributeDefinition> definitions, CancellationToken cancellationToken) =>
        RegisterAsync(transaction, definitions, AttributeSource.Api, cancellationToken);

    /// <summary>Reads what other gateways have registered.</summary>
    public async Task<AttributeRegistry> RefreshAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var before = _current;
            var (registry, _) = await ReadAsync(connection, null, before, cancellationToken);
            _current = registry;
            if (registry.Revision != before.Revision)
            {
                Changed?.Invoke(registry);
            }
            return registry;
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _refreshing.Dispose();

    private static async Task<Outcome<Registration>> RegisterAsync(
        NpgsqlTransaction transaction, IReadOnlyList<AttributeDefinition> definitions, AttributeSource source, CancellationToken cancellationToken)
    {
        definitions = [.. definitions.Select(AttributeMerge.Normalize)];
        var connection = transaction.Connection!;
        // One writer at a time, so that ordinals have no gap and revisions become visible in their order; readers go on.
        await connection.ExecuteAsync("lock table catalog.attributes in share row exclusive mode", transaction: transaction);
        var (registry, sources) = await ReadAsync(connection, transaction, AttributeRegistry.Empty, cancellationToken);
        var merge = AttributeMerge.Plan(registry, definitions, known => source is AttributeSource.Api || sources[known.Ordinal] is not AttributeSource.Api);
        if (merge.Conflicts.Count > 0)
        {
            return AttributeProblems.Conflict.With("Nothing was registered: " + merge.Conflicts[0].Detail,
                [.. merge.Conflicts.Select(conflict => new FieldError($"/attributes/{conflict.Index}", "conflict", conflict.Detail))]);
        }
        if (registry.Attributes.Count + merge.Added.Count > AttributeLimits.Attributes)
        {
            return AttributeProblems.TooMany.With($"The registry holds {registry.Attributes.Count} attributes and takes {AttributeLimits.Attributes} in all; the request adds {merge.Added.Count}.");
        }
        if (merge.Added.Count + merge.Updated.Count > 0)
        {
            await WriteAsync(connection, transaction, registry, merge, source);
            registry = (await ReadAsync(connection, transaction, registry, cancellationToken)).Registry;
        }
        return new Registration(merge.Added.Count, merge.Updated.Count, merge.Unchanged, registry);
    }

    private static async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, AttributeRegistry registry, AttributeMerge.Result merge, AttributeSource source)
    {
        var first = registry.Attributes.Count;
        RegisteredAttribute[] rows = [.. merge.Updated, .. merge.Added.Select((definition, i) => new RegisteredAttribute(first + i, definition))];
        await connection.ExecuteAsync($"""
            insert into catalog.attributes (ordinal, key, definition, source, revision)
            select ordinal, key, definition::jsonb, @Source, @Revision from unnest(@Ordinals, @Keys, @Definitions) as new (ordinal, key, definition)
            on conflict (ordinal) do update
            set definition = excluded.definition, source = excluded.source, revision = excluded.revision, updated_at = now();
            notify {Channel};
            """,
            new
            {
                Source = source.ToString().ToLowerInvariant(),
                Revision = registry.Revision + 1,
                Ordinals = rows.Select(row => row.Ordinal).ToArray(),
                Keys = rows.Select(row => row.Key).ToArray(),
                Definitions = rows.Select(row => JsonSerializer.Serialize(row.Definition, Json.Options)).ToArray(),
            }, transaction);
    }

    /// <summary>The registry extended by what was written after it, and where each of the rows read came from.</summary>
    private static async Task<(AttributeRegistry Registry, Dictionary<int, AttributeSource> Sources)> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, AttributeRegistry known, CancellationToken cancellationToken)
    {
        var rows = (await connection.QueryAsync<(int Ordinal, string Definition, string Source, long Revision)>(new CommandDefinition(
            "select ordinal, definition::text, source, revision from catalog.attributes where revision > @Revision order by ordinal",
            new { known.Revision }, transaction, cancellationToken: cancellationToken))).AsList();
        var sources = rows.ToDictionary(row => row.Ordinal, row => Enum.Parse<AttributeSource>(row.Source, ignoreCase: true));
        if (rows.Count == 0)
        {
            return (known, sources);
        }
        var attributes = known.Attributes.ToList();
        foreach (var row in rows)
        {
            var attribute = new RegisteredAttribute(row.Ordinal, JsonSerializer.Deserialize<AttributeDefinition>(row.Definition, Json.Options)!);
            if (row.Ordinal < attributes.Count)
            {
                attributes[row.Ordinal] = attribute;
            }
            else
            {
                attributes.Add(attribute);
            }
        }
        return (new AttributeRegistry(attributes, rows.Max(row => row.Revision)), sources);
    }
}

/// <summary>Where a definition came from.</summary>
internal enum AttributeSource
{
    /// <summary>The files that the gateway ships with.</summary>
    Builtin,

    /// <summary>The files of <c>--registry</c>.</summary>
    File,

    /// <summary>A request.</summary>
    Api,
}
