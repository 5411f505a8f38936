using System.Text.Json;
using System.Text.Json.Nodes;

namespace CustobotGateway.Tests.Search;

/// <summary>Holds what an empty answer claims against a plain scan: every count, that nothing is left out, and that no smaller change would do.</summary>
public sealed class EmptyAnswerClaims(PlainScan scan, JsonObject request, JsonElement answer)
{
    private const int Target = 5;

    private readonly List<string> _pointers =
    [
        .. request["query"] is null ? Array.Empty<string>() : ["/query"],
        .. PlainScan.List(request, "must").Select((_, i) => $"/must/{i}"),
        .. PlainScan.List(request, "must_not").Select((_, i) => $"/must_not/{i}"),
    ];

    public void Check()
    {
        CheckExclusions();
        CheckRelaxations();
    }

    private void CheckExclusions()
    {
        var told = answer.GetProperty("excluded_by").EnumerateArray().ToList();
        var expected = new List<string>();
        foreach (var pointer in _pointers)
        {
            var (alone, without) = (Count(Only(pointer)), Count(Without(pointer)));
            if (alone == 0 || without > 0)
            {
                expected.Add(pointer);
                var claim = told.Find(one => one.TryGetProperty("pointer", out var place) && place.GetString() == pointer);
                True(claim.ValueKind == JsonValueKind.Object && claim.GetProperty("matches_alone").GetInt64() == alone && claim.GetProperty("total_without").GetInt64() == without,
                    $"{pointer} matches {alone} alone, {without} without");
            }
        }
        if (expected.Count > 0)
        {
            True(told.Count == expected.Count, "told more than there is to exclude");
            return;
        }
        CheckCombinations(told.ConvertAll(one => (Pointers(one), one.GetProperty("total_without").GetInt64())), 1, "excluded_by");
    }

    private void CheckRelaxations()
    {
        var told = answer.GetProperty("relaxations").EnumerateArray().ToList();
        var sizes = told.ConvertAll(one => one.GetProperty("size").GetDouble());
        True(sizes.SequenceEqual(sizes.Order()), "not ordered by size");
        foreach (var relaxation in told)
        {
            var kind = relaxation.GetProperty("kind").GetString()!;
            if (relaxation.TryGetProperty("pointers", out _))
            {
                continue;
            }
            var pointer = relaxation.GetProperty("pointer").GetString()!;
            var count = relaxation.GetProperty("count").GetInt64();
            True(count >= Target, "fewer than five");
            if (kind == "drop")
            {
                True(Count(Without(pointer)) == count, $"without {pointer}");
                continue;
            }
            if (kind == "any_word")
            {
                var any = (JsonObject)request.DeepClone();
                any["query_mode"] = "any";
                True(Count(any) == count, "any word");
                continue;
            }
            var changed = JsonNode.Parse(relaxation.GetProperty("constraint").GetRawText())!;
            var actual = Count(Replaced(pointer, changed));
            True(actual == count, $"{relaxation}: {actual}");
            CheckSmallest(kind, pointer, changed, At(request, pointer));
        }
        foreach (var pointer in _pointers)
        {
            Complete(pointer, told);
        }
        if (told.TrueForAll(one => one.TryGetProperty("pointer", out _)) && told.Count > 0)
        {
            return;
        }
        True(_pointers.TrueForAll(pointer => Count(Without(pointer)) < Target), "a single one would do");
        CheckCombinations(told.ConvertAll(one => (Pointers(one), one.GetProperty("count").GetInt64())), Target, "relaxations");
    }

    /// <summary>No smaller change of the same condition gives five.</summary>
    private void CheckSmallest(string kind, string pointer, JsonNode changed, JsonNode original)
    {
        var smaller = changed.DeepClone();
        switch (kind)
        {
            case "widen" when (string)changed["op"]! != "between":
                smaller["op"] = (string)changed["op"]! == "gte" ? "gt" : "lt";
                True(Count(Replaced(pointer, smaller)) < Target, $"{pointer}: a smaller bound than {changed.ToJsonString()} would do");
                break;
            case "widen":
                var lower = JsonNode.Parse(changed.ToJsonString())!;
                var side = SideOf(changed, original);
                smaller = new JsonObject
                {
                    ["all"] = new JsonArray(lower, new JsonObject
                    {
                        ["attribute"] = (string)changed["attribute"]!,
                        ["op"] = side == "from" ? "gt" : "lt",
                        ["value"] = changed[side]!.DeepClone(),
                        ["unit"] = changed["unit"]?.DeepClone(),
                    }),
                };
                True(Count(Replaced(pointer, smaller)) < Target, $"{pointer}: a smaller bound than {changed.ToJsonString()} would do");
                break;
            case "radius":
                smaller["value"]!["radius"] = (double)changed["value"]!["radius"]! - 3e-6;
                True(Count(Replaced(pointer, smaller)) < Target, $"{pointer}: a smaller radius than {changed.ToJsonString()} would do");
                break;
            case "add_values":
                var given = original["values"]?.AsArray().Count ?? 1;
                CheckFewest(pointer, changed, original, changed["values"]!.AsArray().Count - given - 1);
                break;
            case "remove_values":
                var values = original["values"]!.AsArray();
                True(changed["values"]!.AsArray().Count == values.Count - 1 || values.Select((_, i) => Without(original, i)).All(one => Count(Replaced(pointer, one)) < Target), "fewer to remove would do");
                break;
            default:
                True(kind == "allow_unknown", kind);
                break;
        }
    }

    private string SideOf(JsonNode changed, JsonNode original) =>
        ((string?)original["unit"] is not { } unit || unit == scan.UnitOf((string)original["attribute"]!)) && JsonNode.DeepEquals(changed["to"], original["to"]) ? "from"
        : JsonNode.DeepEquals(changed["from"], original["from"]) ? "to"
        : Math.Abs(Ratio(changed, original, "from") - 1) > 1e-9 ? "from" : "to";

    /// <summary>How far a bound moved; the original in the unit of the search, the changed one in the attribute's own.</summary>
    private double Ratio(JsonNode changed, JsonNode original, string side)
    {
        var factor = (string?)original["unit"] is { } unit ? (double)scan.FactorOf((string)original["attribute"]!, unit) : 1;
        return Amount(changed[side]!) / (Amount(original[side]!) * factor);
        static double Amount(JsonNode value) => value is JsonObject money ? (double)(money["amount"] ?? money["value"])! : (double)value;
    }

    private void CheckFewest(string pointer, JsonNode changed, JsonNode original, int fewer)
    {
        if (fewer is < 1 or > 2)
        {
            return;
        }
        var key = (string)original["attribute"]!;
        var candidates = scan.Match(Replaced(pointer, new JsonObject { ["all"] = new JsonArray() }));
        var sets = candidates.SelectMany(product => scan.FacetValues(product, key).Select(value => (value, product.Number)))
            .GroupBy(pair => pair.value, pair => pair.Number).Select(group => group.ToHashSet()).OrderByDescending(set => set.Count).ToList();
        True(!sets.Exists(set => set.Count >= Target), $"{pointer}: one value would do instead of {changed.ToJsonString()}");
        if (fewer == 2)
        {
            // The largest first: a pair that is too small in sum has only smaller ones behind it.
            True(!sets.Where((left, i) => sets.Skip(i + 1).TakeWhile(right => left.Count + right.Count >= Target).Any(right => left.Union(right).Count() >= Target)).Any(),
                $"{pointer}: two values would do instead of {changed.ToJsonString()}");
        }
    }

    /// <summary>What a scan finds to be possible is told.</summary>
    private void Complete(string pointer, List<JsonElement> told)
    {
        var kinds = told.Where(one => one.TryGetProperty("pointer", out var place) && place.GetString() == pointer).Select(one => one.GetProperty("kind").GetString()!).ToList();
        True((Count(Without(pointer)) >= Target) == kinds.Contains("drop"), $"{pointer}: drop");
        if (!pointer.StartsWith("/must/", StringComparison.Ordinal) || At(request, pointer)["attribute"] is null)
        {
            return;
        }
        var constraint = At(request, pointer);
        var op = (string)constraint["op"]!;
        if (op is not "exists" && (string?)constraint["unknown"] is null or "exclude" && (string)constraint["attribute"]! is not ("id" or "external_id"))
        {
            var unknown = constraint.DeepClone();
            unknown["unknown"] = "include";
            True((Count(Replaced(pointer, unknown)) >= Target) == kinds.Contains("allow_unknown"), $"{pointer}: allow_unknown");
        }
        if (op is "gt" or "gte" or "lt" or "lte" && scan.TypeOf((string)constraint["attribute"]!) != "money")
        {
            var known = constraint.DeepClone().AsObject();
            known.Remove("unit");
            known.Remove("unknown");
            (known["op"], known["value"]) = ("exists", true);
            if ((string?)constraint["unknown"] is null)
            {
                True((Count(Replaced(pointer, known)) >= Target) == kinds.Contains("widen"), $"{pointer}: widen");
            }
        }
    }

    private void CheckCombinations(List<(List<string> Pointers, long Count)> told, int target, string what)
    {
        for (var size = 2; size <= Math.Min(4, _pointers.Count); size++)
        {
            var enough = Subsets(_pointers, size).Select(subset => (subset, Count: Count(Without([.. subset])))).Where(one => one.Count >= target).ToList();
            if (enough.Count > 0)
            {
                True(told.Count == Math.Min(5, enough.Count), $"{what}: {enough.Count} of size {size}, {told.Count} told");
                True(told.TrueForAll(one => one.Pointers.Count == size && Count(Without([.. one.Pointers])) == one.Count), what);
                True(told.Max(one => one.Count) == enough.Max(one => one.Count), what);
                return;
            }
        }
        True(told.Count == 0, what);
    }

    private static IEnumerable<List<string>> Subsets(List<string> all, int size) => size == 0
        ? [[]]
        : all.SelectMany((first, i) => Subsets(all[(i + 1)..], size - 1).Select(rest => rest.Prepend(first).ToList()));

    private static List<string> Pointers(JsonElement told) => [.. told.GetProperty("pointers").EnumerateArray().Select(pointer => pointer.GetString()!)];

    private int Count(JsonNode changed) => scan.Count(changed);

    private JsonObject Without(params string[] pointers)
    {
        var changed = (JsonObject)request.DeepClone();
        foreach (var pointer in pointers.OrderDescending(StringComparer.Ordinal))
        {
            var parts = pointer.Split('/');
            if (parts.Length == 2)
            {
                changed.Remove(parts[1]);
            }
            else
            {
                // In place of taking it out, which would move the others.
                changed[parts[1]]!.AsArray()[int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture)] = parts[1] == "must"
                    ? new JsonObject { ["all"] = new JsonArray() } : new JsonObject { ["any"] = new JsonArray() };
            }
        }
        return changed;
    }

    private static JsonNode Without(JsonNode constraint, int value)
    {
        var changed = constraint.DeepClone();
        changed["values"]!.AsArray().RemoveAt(value);
        return changed;
    }

    private JsonObject Only(string pointer) => Without([.. _pointers.Where(other => other != pointer)]);

    private JsonObject Replaced(string pointer, JsonNode constraint)
    {
        var changed = (JsonObject)request.DeepClone();
        At(changed, pointer).ReplaceWith(constraint.DeepClone());
        return changed;
    }

    private static JsonNode At(JsonNode node, string pointer) => pointer.Split('/').Skip(1).Aggregate(node, (at, step) =>
        at is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : at[step]!);

    private void True(bool condition, string claim) => Assert.True(condition, $"{claim}\n{request.ToJsonString()}\n{answer.GetProperty("excluded_by")}\n{answer.GetProperty("relaxations")}");
}
