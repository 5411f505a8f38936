using System.Text.Json;
using System.Text.Json.Nodes;

namespace CustobotGateway.Tests.Search;

/// <summary>The search workload in the gateway's wire forms. Products need no change: their members are named like the attributes, <c>id</c> is the merchant's key.</summary>
public static class WorkloadWire
{
    /// <summary>Writes the workload's schema as the only file of an attribute registry.</summary>
    public static void WriteRegistry(string schemaFile, string directory)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "workload.json"), Registry(schemaFile).ToJsonString());
    }

    /// <summary>The workload's schema as attribute definitions.</summary>
    public static JsonArray Registry(string schemaFile)
    {
        var definitions = new JsonArray(Words("title"), Words("description"));
        using var schema = JsonDocument.Parse(File.ReadAllBytes(schemaFile));
        foreach (var attribute in schema.RootElement.EnumerateArray())
        {
            definitions.Add(Definition(attribute));
        }
        return definitions;
    }

    /// <summary>One query of the workload as a search.</summary>
    /// <param name="query">As the generator wrote it.</param>
    /// <param name="facetLimit">How many values of each facet are asked.</param>
    /// <param name="select">The attributes asked of each hit; null for the default.</param>
    public static JsonObject Search(JsonElement query, int facetLimit, params string[]? select)
    {
        var search = new JsonObject();
        if (query.GetProperty("text").GetString() is { } text)
        {
            search["query"] = text;
        }
        var (must, mustNot) = (new JsonArray(), new JsonArray());
        foreach (var part in query.GetProperty("filter").GetProperty("and").EnumerateArray())
        {
            // Both spellings of a negation, so that each is compared with the oracle.
            if (part.TryGetProperty("not", out var not) && query.GetProperty("id").GetInt32() % 2 == 0)
            {
                mustNot.Add(Constraint(not));
            }
            else
            {
                must.Add(Constraint(part));
            }
        }
        search["must"] = must;
        search["must_not"] = mustNot;
        var sort = query.GetProperty("sort");
        search["sort"] = new JsonArray(new JsonObject { ["by"] = sort.GetProperty("by").GetString(), ["order"] = sort.GetProperty("dir").GetString() });
        if (select is not null)
        {
            search["select"] = new JsonArray([.. select.Select(key => JsonValue.Create(key))]);
        }
        var facets = query.GetProperty("facets").EnumerateArray().Select(key => new JsonObject { ["attribute"] = key.GetString(), ["limit"] = facetLimit });
        var statistics = query.GetProperty("stats").EnumerateArray().Select(key => new JsonObject { ["attribute"] = key.GetString(), ["stats"] = true });
        search["facets"] = new JsonArray([.. facets, .. statistics]);
        search["page"] = new JsonObject { ["size"] = query.GetProperty("limit").GetInt32(), ["offset"] = query.GetProperty("offset").GetInt32() };
        return search;
    }

    private static JsonObject Words(string key) => new() { ["key"] = key, ["type"] = "text", ["full_text"] = true };

    private static JsonObject Definition(JsonElement attribute)
    {
        var key = attribute.GetProperty("id").GetString()!;
        var type = attribute.GetProperty("type").GetString();
        var definition = new JsonObject
        {
            ["key"] = key,
            ["type"] = type switch
            {
                "enum" => "keyword",
                "multi" => "keyword_set",
                "number" => "decimal",
                "int" => "integer",
                "bool" => "boolean",
                "date" => "date",
                "geo" => "geo",
                "key" => key == "gtin" ? "gtin" : "keyword",
                _ => throw new InvalidDataException($"The workload's schema has a type '{type}' that is not known here."),
            },
        };
        if (type is "number" or "int" && attribute.TryGetProperty("unit", out var unit))
        {
            definition["unit"] = unit.GetString();
        }
        if (type is "enum" or "multi" && attribute.TryGetProperty("values", out var values))
        {
            definition["values"] = new JsonArray([.. values.EnumerateArray().Select(value => new JsonObject { ["value"] = value.GetString() })]);
        }
        return definition;
    }

    private static JsonObject Constraint(JsonElement filter)
    {
        if (filter.TryGetProperty("or", out var any))
        {
            return new() { ["any"] = new JsonArray([.. any.EnumerateArray().Select(Constraint)]) };
        }
        if (filter.TryGetProperty("and", out var all))
        {
            return new() { ["all"] = new JsonArray([.. all.EnumerateArray().Select(Constraint)]) };
        }
        if (filter.TryGetProperty("not", out var not))
        {
            return new() { ["not"] = Constraint(not) };
        }
        var constraint = new JsonObject { ["attribute"] = filter.GetProperty("attr").GetString() };
        switch (filter.GetProperty("op").GetString())
        {
            case "exists":
                (constraint["op"], constraint["value"]) = ("exists", true);
                break;
            case "near":
                constraint["op"] = "within";
                constraint["value"] = new JsonObject { ["lat"] = Node(filter, "lat"), ["lon"] = Node(filter, "lon"), ["radius"] = Node(filter, "km"), ["unit"] = "km" };
                break;
            case "range":
                Range(filter, constraint);
                break;
            case var op:
                constraint["op"] = op;
                var operand = op == "eq" ? "value" : "values";
                constraint[operand] = Node(filter, operand);
                break;
        }
        return constraint;
    }

    private static void Range(JsonElement filter, JsonObject constraint)
    {
        var (from, to) = (Node(filter, "gte"), Node(filter, "lte"));
        if (from is not null && to is not null)
        {
            (constraint["op"], constraint["from"], constraint["to"]) = ("between", from, to);
            return;
        }
        (constraint["op"], constraint["value"]) = from is null ? ("lte", to) : ("gte", from);
    }

    private static JsonNode? Node(JsonElement element, string member) => element.TryGetProperty(member, out var value) ? JsonNode.Parse(value.GetRawText()) : null;
}
