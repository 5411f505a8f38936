using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CustobotGateway.Tests.Search;

/// <summary>Holds an answer against a plain scan: the total, the page in its order, every count and statistic of every facet.</summary>
public sealed class AnswerClaims(PlainScan scan, JsonObject request, JsonElement answer)
{
    public void Check()
    {
        var told = request.ToJsonString();
        var matching = scan.Order(request);
        Assert.True(matching.Count == answer.GetProperty("total").GetInt64(), $"{told}\ntotal {answer.GetProperty("total")} instead of {matching.Count}");
        var (size, offset) = ((int?)request["page"]?["size"] ?? 24, (int?)request["page"]?["offset"] ?? 0);
        // The order by relevance of words is the engine's own; everything else has one right order.
        if (request["query"] is null || request["sort"] is not null)
        {
            var expected = matching.Skip(offset).Take(size).Select(product => product.Id);
            var actual = answer.GetProperty("products").EnumerateArray().Select(hit => hit.GetProperty("id").GetString()!);
            Assert.True(expected.SequenceEqual(actual), $"{told}\n{string.Join(' ', actual)}\n{string.Join(' ', expected)}");
        }
        Assert.True((offset + size < matching.Count) == (answer.GetProperty("page").GetProperty("next").ValueKind == JsonValueKind.String), told);
        foreach (var facet in PlainScan.List(request, "facets"))
        {
            CheckFacet(facet, matching, answer.GetProperty("facets").GetProperty((string)facet["attribute"]!));
        }
    }

    private void CheckFacet(JsonNode facet, List<PlainProduct> matching, JsonElement actual)
    {
        var key = (string)facet["attribute"]!;
        var told = $"{request.ToJsonString()}\n{key}: {actual}";
        if ((bool?)facet["exclude_own"] == true)
        {
            matching = scan.Match(Lift(key));
        }
        var values = matching.SelectMany(product => scan.FacetValues(product, key)).GroupBy(value => value)
            .Select(group => (Value: group.Key, Count: group.Count()))
            .OrderByDescending(value => value.Count).ThenBy(value => value.Value, Comparer<object>.Create((a, b) =>
                a is string left ? PlainScan.CompareUtf8(left, (string)b) : Comparer<object>.Default.Compare(a, b))).ToList();
        var known = matching.Count(product => product.Attributes.TryGetProperty(key, out _));
        Assert.True(matching.Count - known == actual.GetProperty("missing").GetInt32(), told);
        var limit = (int?)facet["limit"];
        if (limit is not null || (facet["stats"] is null && facet["ranges"] is null))
        {
            var listed = actual.GetProperty("values").EnumerateArray().Select(entry => (Show(entry.GetProperty("value")), entry.GetProperty("count").GetInt32())).ToList();
            var expected = values.Take(limit ?? 10).Select(value => (Show(value.Value), value.Count)).ToList();
            Assert.True(expected.SequenceEqual(listed), $"{told}\n{string.Join(' ', expected)}");
            Assert.True(values.Skip(limit ?? 10).Sum(value => value.Count) == actual.GetProperty("other").GetInt32(), told);
        }
        else
        {
            Assert.False(actual.TryGetProperty("values", out _), told);
        }
        if (facet["stats"] is not null)
        {
            var numbers = values.ConvertAll(value => (double)value.Value);
            var stats = actual.GetProperty("stats");
            Assert.True(known == stats.GetProperty("count").GetInt32(), told);
            if (known > 0)
            {
                Assert.True(Show(numbers.Min()) == Show(stats.GetProperty("min")) && Show(numbers.Max()) == Show(stats.GetProperty("max")), told);
            }
        }
        if (facet["ranges"] is JsonArray ranges)
        {
            for (var i = 0; i < ranges.Count; i++)
            {
                var (from, to) = ((double?)ranges[i]!["from"] ?? double.NegativeInfinity, (double?)ranges[i]!["to"] ?? double.PositiveInfinity);
                var count = values.Where(value => (double)value.Value >= from && (double)value.Value < to).Sum(value => value.Count);
                Assert.True(count == actual.GetProperty("ranges")[i].GetProperty("count").GetInt32(), told);
            }
        }
    }

    private static string Show(object value) => value switch
    {
        double number => ((decimal)number).ToString("0.####################", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        JsonElement { ValueKind: JsonValueKind.Object } money => Show(money.GetProperty("amount").GetDouble()),
        JsonElement { ValueKind: JsonValueKind.Number } number => Show(number.GetDouble()),
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        JsonElement other => other.GetRawText(),
        _ => (string)value,
    };

    /// <summary>The request with every condition on the attribute taken as one that excludes nothing.</summary>
    private JsonObject Lift(string key)
    {
        var lifted = (JsonObject)request.DeepClone();
        lifted["must"] = new JsonArray([.. PlainScan.List(request, "must").Select(constraint => LiftOne(constraint, key, true))]);
        lifted["must_not"] = new JsonArray([.. PlainScan.List(request, "must_not").Select(constraint => LiftOne(constraint, key, false))]);
        return lifted;
    }

    private static JsonNode LiftOne(JsonNode constraint, string key, bool positive)
    {
        foreach (var group in new[] { "any", "all", "not" })
        {
            if (constraint[group] is { } parts)
            {
                var inside = group == "not" ? !positive : positive;
                return new JsonObject { [group] = parts is JsonArray list ? new JsonArray([.. list.Select(part => LiftOne(part!, key, inside))]) : LiftOne(parts, key, inside) };
            }
        }
        return (string?)constraint["attribute"] != key ? constraint.DeepClone()
            : positive ? new JsonObject { ["all"] = new JsonArray() } : new JsonObject { ["any"] = new JsonArray() };
    }
}
