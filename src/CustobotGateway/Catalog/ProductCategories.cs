using Dapper;
using Npgsql;

namespace CustobotGateway.Catalog;

/// <summary>The categories of products, also of those that are not sold any more.</summary>
public static class ProductCategories
{
    /// <summary>By the products' numbers; null where a product has none; a product that never was is left out.</summary>
    public static async Task<IReadOnlyDictionary<long, string?>> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IEnumerable<long> numbers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var rows = await connection.QueryAsync<(long Number, string? Category)>(new CommandDefinition(
            "select number, case when jsonb_typeof(attributes->'category') = 'string' then attributes->>'category' end from catalog.products where number = any(@numbers)", new { numbers = numbers.ToArray() }, transaction, cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.Number, row => row.Category);
    }
}
