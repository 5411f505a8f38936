using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using Dapper;
using Npgsql;

namespace CustobotGateway.Catalog.Products;

/// <summary>A product as it is stored.</summary>
internal sealed record ProductRow(
    long Number, string ExternalId, string Attributes, string? Given, string Provenance, byte[] ContentHash, long Version, DateTime UpdatedAt, bool Withdrawn)
{
    private const string Columns = """
        number, external_id as "ExternalId", attributes::text as "Attributes", given::text as "Given", provenance::text as "Provenance",
        content_hash as "ContentHash", version, updated_at as "UpdatedAt", withdrawn_at is not null as "Withdrawn"
        """;

    /// <summary>The product, also a withdrawn one; null when there never was one.</summary>
    public static async Task<ProductRow?> FindAsync(NpgsqlDataSource database, ProductReference reference, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await FindAsync(connection, null, reference, cancellationToken);
    }

    /// <summary>The product, withdrawn or not; null where there never was one.</summary>
    public static Task<ProductRow?> FindAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, ProductReference reference, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<ProductRow?>(new CommandDefinition(
            reference.ExternalId is null
                ? $"select {Columns} from catalog.products where number = @Number"
                : $"select {Columns} from catalog.products where external_id = @ExternalId",
            new { reference.Number, reference.ExternalId }, transaction, cancellationToken: cancellationToken));

    /// <summary>Those of the products that are not withdrawn.</summary>
    public static async Task<IReadOnlyList<ProductRow>> ListAsync(
        NpgsqlDataSource database, IReadOnlyCollection<ProductReference> references, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<ProductRow>(new CommandDefinition(
            $"select {Columns} from catalog.products where (number = any(@Numbers) or external_id = any(@ExternalIds)) and withdrawn_at is null",
            new
            {
                Numbers = references.Select(reference => reference.Number).OfType<long>().ToArray(),
                ExternalIds = references.Select(reference => reference.ExternalId).OfType<string>().ToArray(),
            }, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>The products of these numbers, also withdrawn ones, locked in the order of their numbers.</summary>
    public static async Task<IReadOnlyList<ProductRow>> LockAsync(NpgsqlTransaction transaction, long[] numbers, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<ProductRow>(new CommandDefinition(
            $"select {Columns} from catalog.products where number = any(@numbers) order by number for no key update", new { numbers }, transaction, cancellationToken: cancellationToken))).AsList();

    /// <summary>The next products by number that are not withdrawn.</summary>
    public static async Task<IReadOnlyList<ProductRow>> PageAsync(NpgsqlDataSource database, long after, int size, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<ProductRow>(new CommandDefinition(
            $"select {Columns} from catalog.products where number > @after and withdrawn_at is null order by number limit @size",
            new { after, size }, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>As it is answered to this kind of caller.</summary>
    public Product ToProduct(AttributeRegistry registry, Sight sight)
    {
        var attributes = WireForm.Read(Attributes, registry, sight);
        return new Product
        {
            Id = Ids.FromNumber(ProductReference.IdPrefix, Number),
            ExternalId = ExternalId,
            Version = Version,
            UpdatedAt = new DateTimeOffset(UpdatedAt, TimeSpan.Zero),
            Attributes = attributes,
            Given = GivenOf(attributes),
            Provenance = Products.Provenance.Expand(Products.Provenance.Parse(Provenance), attributes.Keys),
        };
    }

    private Dictionary<string, JsonElement>? GivenOf(IReadOnlyDictionary<string, JsonElement> attributes)
    {
        var given = Given is null ? null
            : JsonElement.Parse(Given).EnumerateObject().Where(member => attributes.ContainsKey(member.Name)).ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
        return given is { Count: > 0 } ? given : null;
    }
}
