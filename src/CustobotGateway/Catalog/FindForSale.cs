using System.Text.Json;
using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Catalog;

/// <summary>What selling needs to know of a product, from its row as the database has it now and never from an index.</summary>
/// <param name="Number">The product's number.</param>
/// <param name="Id">The product's id.</param>
/// <param name="Name">Its name, or its id where it has none.</param>
/// <param name="Price">What one costs; null when it has no price, and then it cannot be bought.</param>
/// <param name="UnitCost">What one costs the merchant; null when that is not known. For staff only.</param>
/// <param name="Attributes">All its values by attribute key, as they are stored; null where they were not asked for.</param>
public sealed record ProductForSale(long Number, string Id, string Name, Money? Price, Money? UnitCost, JsonElement? Attributes = null);

/// <summary>Finds products that may be sold.</summary>
public static class FindForSale
{
    /// <summary>The highest price, in minor units, that is sold at: sums of whole orders then fit 64 bits.</summary>
    public const long MaxPrice = 1_000_000_000_000;

    /// <summary>Those of the products that exist and are not withdrawn, by number.</summary>
    public static async Task<IReadOnlyDictionary<long, ProductForSale>> RunAsync(
        NpgsqlTransaction transaction, IReadOnlyCollection<long> numbers, CancellationToken cancellationToken, bool withAttributes = false)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        // A registry may define price as something else than money: such a price has no amount and no currency.
        var rows = await transaction.Connection!.QueryAsync<(long Number, string? Name, long? Price, string? Currency, long? Cost, string? CostCurrency, string? Attributes)>(
            new CommandDefinition($"""
                select number, attributes->>'name', (attributes->'price'->>'amount')::bigint, attributes->'price'->>'currency',
                       (attributes->'unit_cost'->>'amount')::bigint, attributes->'unit_cost'->>'currency', {(withAttributes ? "attributes::text" : "null::text")}
                from catalog.products where number = any(@numbers) and withdrawn_at is null
                """, new { numbers = numbers.ToArray() }, transaction, cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.Number, row =>
        {
            var id = Ids.FromNumber("prd", row.Number);
            return new ProductForSale(row.Number, id, row.Name ?? id, MoneyOf(row.Price, row.Currency), MoneyOf(row.Cost, row.CostCurrency),
                row.Attributes is null ? null : JsonElement.Parse(row.Attributes));
        });
    }

    private static Money? MoneyOf(long? amount, string? currency) => amount is > 0 and <= MaxPrice && currency is not null ? new Money(amount.Value, currency) : null;
}
