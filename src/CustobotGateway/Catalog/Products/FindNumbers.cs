using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Catalog.Products;

/// <summary>The numbers of products that a batch names by their ids or by the merchant's own keys.</summary>
internal static class FindNumbers
{
    /// <summary>In the order of the names; a refusal that points at every name that no product has.</summary>
    /// <param name="transaction">The caller's.</param>
    /// <param name="names">The names as they were sent.</param>
    /// <param name="pointerOf">The JSON Pointer of the name at a place.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<Outcome<IReadOnlyList<long>>> RunAsync(
        NpgsqlTransaction transaction, IEnumerable<string> names, Func<int, string> pointerOf, CancellationToken cancellationToken)
    {
        var given = names.ToArray();
        var references = given.Select(name => ProductReference.Parse(name, null)).ToArray();
        var found = (await transaction.Connection!.QueryAsync<long?>(new CommandDefinition("""
            select coalesce(by_number.number, by_key.number)
            from unnest(@numbers, @keys) with ordinality as given (number, key, place)
            left join catalog.products by_number on by_number.number = given.number
            left join catalog.products by_key on by_key.external_id = given.key
            order by given.place
            """, new { numbers = references.Select(one => one.Number).ToArray(), keys = references.Select(one => one.ExternalId).ToArray() },
            transaction, cancellationToken: cancellationToken))).AsList();
        FieldError[] unknown = [.. found.Index().Where(one => one.Item is null).Select(one => new FieldError(pointerOf(one.Index), "unknown_product", $"There is no product {given[one.Index]}."))];
        return unknown.Length > 0 ? CommonProblems.NotFound.With(unknown[0].Detail, unknown) : found.Select(number => number!.Value).ToList();
    }
}
