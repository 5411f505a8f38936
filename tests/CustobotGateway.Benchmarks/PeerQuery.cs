using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CustobotGateway.Benchmarks;

/// <summary>A query of the workload as one SQL statement: the matches once, and from them the total, the page, the facets and the statistics.</summary>
public sealed class PeerQuery(PeerTable table)
{
    /// <summary>
    /// The statement. Its rows are (kind, name, value, number, low, high): kind 0 the total, 1 the page in order, 2 the count of a facet's value, 3 statistics.
    /// </summary>
    public string Sql(JsonElement query)
    {
        var where = new StringBuilder(Condition(query.GetProperty("filter")));
        var score = "0";
        if (query.GetProperty("text").GetString() is { } text)
        {
            var words = $"plainto_tsquery('simple', {Literal(text)})";
            where.Append(" and words @@ ").Append(words);
            score = $"ts_rank(words, {words})";
        }
        var sort = query.GetProperty("sort");
        var by = sort.GetProperty("by").GetString()!;
        var order = by == "_score" ? score : PeerTable.Name(by);
        var facets = query.GetProperty("facets").EnumerateArray().Select(facet => facet.GetString()!).ToArray();
        var statistics = query.GetProperty("stats").EnumerateArray().Select(facet => facet.GetString()!).ToArray();
        var columns = facets.Concat(statistics).Append("brand").Append("category").Append("price").Distinct().Select(PeerTable.Name);
        var sql = new StringBuilder($"with m as materialized (select id, {order} as by, {string.Join(", ", columns)} from p where {where})\n")
            .Append("select 0 as kind, null as name, null as value, count(*)::double precision as number, null::double precision as low, null::double precision as high from m\n")
            .Append(CultureInfo.InvariantCulture, $"""
                union all (select 1, id::text, concat_ws('|', "brand", "category", "price"), null, null, null from m
                order by m.by {sort.GetProperty("dir").GetString()} nulls last, m.id limit {query.GetProperty("limit")} offset {query.GetProperty("offset")})
                """);
        foreach (var facet in facets)
        {
            // Every value is counted, the ten most frequent are answered.
            var value = table.TypeOf(facet) == "multi" ? $"unnest({PeerTable.Name(facet)})" : PeerTable.Name(facet);
            sql.Append(CultureInfo.InvariantCulture, $"""

                union all (select 2, '{facet}', value::text, count(*), null, null from (select {value} as value from m) as v
                where value is not null group by value order by count(*) desc, value limit 10)
                """);
        }
        foreach (var name in statistics)
        {
            var column = PeerTable.Name(name);
            sql.Append(CultureInfo.InvariantCulture, $"\nunion all (select 3, '{name}', null, count({column}), min({column}), max({column}) from m)");
        }
        return sql.ToString();
    }

    private string Condition(JsonElement filter)
    {
        if (filter.TryGetProperty("and", out var all))
        {
            return all.GetArrayLength() == 0 ? "true" : string.Join(" and ", all.EnumerateArray().Select(Condition));
        }
        if (filter.TryGetProperty("or", out var any))
        {
            return $"({string.Join(" or ", any.EnumerateArray().Select(Condition))})";
        }
        if (filter.TryGetProperty("not", out var not))
        {
            // A missing value meets every negation.
            return $"({Condition(not)}) is not true";
        }
        var attribute = filter.GetProperty("attr").GetString()!;
        var (column, multi) = (PeerTable.Name(attribute), table.TypeOf(attribute) == "multi");
        return filter.GetProperty("op").GetString() switch
        {
            "exists" => table.TypeOf(attribute) == "geo" ? $"{PeerTable.Lat(attribute)} is not null" : $"{column} is not null",
            "eq" => multi ? $"{column} @> {Terms(filter.GetProperty("value"))}" : $"{column} = {Value(filter.GetProperty("value"))}",
            "in" => multi ? $"{column} && {Terms(filter.GetProperty("values"))}" : $"{column} in ({string.Join(", ", filter.GetProperty("values").EnumerateArray().Select(Value))})",
            "all" => $"{column} @> {Terms(filter.GetProperty("values"))}",
            "near" => Near(attribute, filter),
            _ => Range(column, filter),
        };
    }

    private static string Range(string column, JsonElement filter)
    {
        var (from, to) = (filter.TryGetProperty("gte", out var gte), filter.TryGetProperty("lte", out var lte));
        return from && to ? $"{column} between {Value(gte)} and {Value(lte)}" : from ? $"{column} >= {Value(gte)}" : $"{column} <= {Value(lte)}";
    }

    /// <summary>Haversine within a band of latitude that an index finds.</summary>
    private static string Near(string attribute, JsonElement filter)
    {
        var (lat, lon, km) = (filter.GetProperty("lat").GetDouble(), filter.GetProperty("lon").GetDouble(), filter.GetProperty("km").GetDouble());
        var (column, other) = (PeerTable.Lat(attribute), PeerTable.Lon(attribute));
        return string.Create(CultureInfo.InvariantCulture, $"""
            ({column} between {lat - (km / 111)} and {lat + (km / 111)} and 12742 * asin(least(1, sqrt(power(sin(radians({column} - {lat}) / 2), 2)
            + cos(radians({lat})) * cos(radians({column})) * power(sin(radians({other} - {lon}) / 2), 2)))) <= {km})
            """);
    }

    private static string Terms(JsonElement values) =>
        $"array[{string.Join(", ", values.ValueKind == JsonValueKind.Array ? values.EnumerateArray().Select(Value) : [Value(values)])}]::text[]";

    private static string Value(JsonElement value) => value.ValueKind == JsonValueKind.String ? Literal(value.GetString()!) : value.GetRawText();

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
