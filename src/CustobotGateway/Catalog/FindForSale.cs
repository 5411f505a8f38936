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
/// <param name="Attributes">Its values by attribute key, as they are stored; null where they were not asked for.</param>
/// <param name="Stock">How many can be sold now, by location; null where it was not asked for.</param>
public sealed record ProductForSale(
    long Number, string Id, string Name, Money? Price, Money? UnitCost, JsonElement? Attributes = null, IReadOnlyDictionary<string, int>? Stock = null)
{
    /// <summary>Whether some location sells more than lies there.</summary>
    public bool BackOrder { get; init; }

    /// <summary>Days until what does not lie there can leave; null where nothing was said.</summary>
    public int? BackOrderDays { get; init; }
}

/// <summary>Finds products that may be sold.</summary>
public static class FindForSale
{
    /// <summary>The highest price, in minor units, that is sold at: sums of whole orders then fit 64 bits.</summary>
    public const long MaxPrice = 1_000_000_000_000;

    /// <summary>Those of the products that exist and are not withdrawn, by number; all attributes of them, where they are asked for.</summary>
    public static async Task<IReadOnlyDictionary<long, ProductForSale>> RunAsync(
        NpgsqlTransaction transaction, IReadOnlyCollection<long> numbers, CancellationToken cancellationToken, bool withAttributes = false)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        await using var answers = await transaction.Connection!.QueryMultipleAsync(
            new CommandDefinition(withAttributes ? WithAttributesSql : PlainSql, new { numbers = numbers.ToArray() }, transaction, cancellationToken: cancellationToken));
        return await ReadAsync(answers);
    }

    private static readonly string PlainSql = SqlOf("null::text", "null::text");

    private static readonly string WithAttributesSql = SqlOf("attributes::text", "null::text");

    /// <summary>
    /// Finds the products <c>@numbers</c> with those of the attributes that <c>@keys</c> names, and with what there is of it. A session is priced from a few attributes, and products
    /// have a hundred.
    /// </summary>
    internal static readonly string WithStockSql = SqlOf(
        "(select jsonb_object_agg(key, attributes->key) from unnest(@keys) key where attributes ? key)::text",
        """
        (select jsonb_build_object('left', jsonb_object_agg(location, on_hand - held), 'back_order', bool_or(back_order), 'days', max(lead_time_days) filter (where back_order))
         from catalog.stock where product = number and starts_at = '-infinity' having count(*) > 0)::text
        """);

    // A registry may define price as something else than money: such a price has no amount and no currency.
    private static string SqlOf(string attributes, string stock) => $"""
        select number, attributes->>'name', (attributes->'price'->>'amount')::bigint, attributes->'price'->>'currency',
               (attributes->'unit_cost'->>'amount')::bigint, attributes->'unit_cost'->>'currency', {attributes}, {stock}
        from catalog.products where number = any(@numbers) and withdrawn_at is null
        """;

    /// <summary>The products, from the rows of <see cref="WithStockSql"/>.</summary>
    internal static async Task<IReadOnlyDictionary<long, ProductForSale>> ReadAsync(SqlMapper.GridReader answers)
    {
        var rows = await answers.ReadAsync<(long Number, string? Name, long? Price, string? Currency, long? Cost, string? CostCurrency, string? Attributes, string? Stock)>();
        return rows.ToDictionary(row => row.Number, row =>
        {
            var id = Ids.FromNumber("prd", row.Number);
            var stock = row.Stock is null ? null : JsonSerializer.Deserialize<StockFound>(row.Stock, StoredJson.Options);
            return new ProductForSale(row.Number, id, row.Name ?? id, MoneyOf(row.Price, row.Currency), MoneyOf(row.Cost, row.CostCurrency),
                row.Attributes is null ? null : JsonElement.Parse(row.Attributes),
                stock?.Left)
            {
                BackOrder = stock?.BackOrder == true,
                BackOrderDays = stock?.Days,
            };
        });
    }

    private sealed record StockFound(Dictionary<string, int> Left, bool? BackOrder = null, int? Days = null);

    private static Money? MoneyOf(long? amount, string? currency) => amount is > 0 and <= MaxPrice && currency is not null ? new Money(amount.Value, currency) : null;
}
