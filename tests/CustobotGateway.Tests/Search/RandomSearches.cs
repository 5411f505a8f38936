using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CustobotGateway.Tests.Search;

/// <summary>Searches from a seed, over attributes of every type, in units other than the registry's, nested, with every policy for unknown values.</summary>
public sealed class RandomSearches(PlainScan scan, int seed)
{
    private static readonly string[] Attributes =
    [
        "name", "brand", "category", "panel_type", "serial", "colors", "in_stock", "cores", "rating", "weight", "screen_size",
        "refresh_rate", "warranty", "price", "list_price", "released", "tested_at", "gtin", "place", "extra_0", "extra_1", "extra_2",
    ];

    /// <summary>Units that values are told in, besides the attribute's own.</summary>
    private static readonly Dictionary<string, string[]> Units = new()
    {
        ["weight"] = ["g", "kg", "[lb_av]"],
        ["screen_size"] = ["[in_i]", "cm", "mm"],
        ["refresh_rate"] = ["Hz", "kHz"],
        ["warranty"] = ["mo", "a"],
        ["core_clock"] = ["MHz", "GHz"],
        ["boost_clock"] = ["GHz", "MHz"],
        ["memory_speed"] = ["MHz", "GHz"],
        ["memory_capacity"] = ["GBy", "TBy"],
        ["storage_capacity"] = ["TBy", "GBy"],
        ["tdp"] = ["W", "kW"],
        ["output_power"] = ["kW", "W"],
        ["card_length"] = ["mm", "cm", "[in_i]"],
        ["fan_diameter"] = ["cm", "mm"],
    };

    private static readonly string[] Sortable = ["name", "brand", "serial", "in_stock", "cores", "rating", "weight", "price", "released", "tested_at", "gtin", "id", "external_id", "refresh_rate"];

    private readonly Random _random = new(seed);

    public JsonObject Next()
    {
        var request = new JsonObject { ["must"] = Constraints(_random.Next(4), 0) };
        if (_random.Next(3) == 0)
        {
            request["must_not"] = Constraints(1 + _random.Next(2), 0);
        }
        if (_random.Next(4) == 0)
        {
            request["query"] = string.Join(' ', Enumerable.Range(0, 1 + _random.Next(2)).Select(_ => SeededCatalog.Words[_random.Next(SeededCatalog.Words.Length)]));
            if (_random.Next(3) == 0)
            {
                request["query_mode"] = "any";
            }
        }
        if (_random.Next(4) == 0)
        {
            request["should"] = Constraints(1 + _random.Next(3), 0, weighted: true);
        }
        if (_random.Next(2) == 0 || (request["query"] is not null && request["should"] is not null))
        {
            request["sort"] = new JsonArray([.. Sortable.OrderBy(_ => _random.Next()).Take(1 + _random.Next(2))
                .Select(by => new JsonObject { ["by"] = by, ["order"] = _random.Next(2) == 0 ? "asc" : "desc" })]);
        }
        request["page"] = new JsonObject { ["size"] = 1 + _random.Next(30), ["offset"] = _random.Next(3) == 0 ? _random.Next(40) : 0 };
        request["facets"] = new JsonArray([.. Attributes.Where(key => key is not ("name" or "place" or "list_price" or "gtin")).OrderBy(_ => _random.Next()).Take(_random.Next(4)).Select(Facet)]);
        // Read back, so that numbers are as the gateway reads them.
        return JsonNode.Parse(request.ToJsonString())!.AsObject();
    }

    /// <summary>A search that asks for much, so that it is often empty, and to explain itself.</summary>
    public JsonObject NextTight(int count)
    {
        var request = new JsonObject { ["must"] = new JsonArray(), ["explain"] = true };
        while (request["must"]!.AsArray().Count < count)
        {
            var constraint = _random.Next(8) == 0 ? Constraint(1) : Leaf(Attributes[_random.Next(Attributes.Length)]);
            if (_random.Next(10) == 0)
            {
                constraint = Term("colors", 4);
                constraint["attribute"] = "colors";
            }
            request["must"]!.AsArray().Add(constraint);
        }
        if (_random.Next(4) == 0)
        {
            request["must_not"] = Constraints(1, 2);
        }
        if (_random.Next(4) == 0)
        {
            request["query"] = $"{SeededCatalog.Words[_random.Next(SeededCatalog.Words.Length)]} {SeededCatalog.Words[_random.Next(SeededCatalog.Words.Length)]}";
        }
        return JsonNode.Parse(request.ToJsonString())!.AsObject();
    }

    public JsonArray Constraints(int count, int depth, bool weighted = false)
    {
        var constraints = new JsonArray();
        for (var i = 0; i < count; i++)
        {
            var constraint = Constraint(depth);
            if (weighted)
            {
                constraint["weight"] = Math.Round(0.25 + (_random.Next(40) / 8.0), 3);
            }
            constraints.Add(constraint);
        }
        return constraints;
    }

    public JsonObject Constraint(int depth)
    {
        if (depth < 3 && _random.Next(6) == 0)
        {
            var group = new[] { "any", "all", "not" }[_random.Next(3)];
            return new JsonObject { [group] = group == "not" && _random.Next(2) == 0 ? Constraint(depth + 1) : Constraints(1 + _random.Next(3), depth + 1) };
        }
        return Leaf(Attributes[_random.Next(Attributes.Length)]);
    }

    public JsonObject Leaf(string key)
    {
        if (_random.Next(12) == 0)
        {
            return new JsonObject { ["attribute"] = key, ["op"] = "exists", ["value"] = _random.Next(2) == 0 };
        }
        var leaf = scan.TypeOf(key) switch
        {
            "text" => Prefix(Some(key).GetString()!),
            "keyword" => Term(key, _random.Next(4)),
            "keyword_set" => Term(key, _random.Next(5)),
            "boolean" => new JsonObject { ["op"] = "eq", ["value"] = _random.Next(2) == 0 },
            "gtin" => Listed(_random.Next(2) == 0 ? "eq" : "in", () => JsonValue.Create(_random.Next(2) == 0 ? Some(key).GetString() : Some(key).GetString()!.PadLeft(14, '0'))),
            "geo" => Circle(key),
            _ => Quantity(key),
        };
        leaf["attribute"] = key;
        if (_random.Next(5) == 0)
        {
            leaf["unknown"] = new[] { "include", "exclude", "only" }[_random.Next(3)];
        }
        return leaf;
    }

    private JsonObject Prefix(string text) => new() { ["op"] = "prefix", ["value"] = text[..Math.Min(_random.Next(1, 4), text.Length)] };

    /// <summary>A constraint with operands that products have, kinds 0 to 4: equal, prefix, one of several (twice), all of several.</summary>
    public JsonObject Term(string key, int kind)
    {
        string One()
        {
            var value = Some(key);
            var term = value.ValueKind == JsonValueKind.Array ? value[_random.Next(value.GetArrayLength())].GetString()! : value.GetString()!;
            return term == "IPS" && _random.Next(2) == 0 ? new[] { "ips", "in-plane switching", "In-Plane Switching" }[_random.Next(3)] : _random.Next(20) == 0 ? "no such term" : term;
        }
        return kind switch
        {
            0 => new JsonObject { ["op"] = "eq", ["value"] = One() },
            1 => new JsonObject { ["op"] = "prefix", ["value"] = One()[..1] },
            4 => new JsonObject { ["op"] = "all", ["values"] = new JsonArray(One(), One()) },
            _ => new JsonObject { ["op"] = "in", ["values"] = new JsonArray([.. Enumerable.Range(0, 1 + _random.Next(3)).Select(_ => JsonValue.Create(One()))]) },
        };
    }

    private JsonObject Circle(string key)
    {
        var center = Some(key);
        return new JsonObject
        {
            ["op"] = "within",
            ["value"] = new JsonObject
            {
                ["lat"] = center[0].GetDouble(),
                ["lon"] = center[1].GetDouble(),
                ["radius"] = _random.Next(1, 80),
                ["unit"] = _random.Next(2) == 0 ? "km" : "[mi_i]",
            },
        };
    }

    private JsonObject Quantity(string key)
    {
        var type = scan.TypeOf(key);
        var units = Units.GetValueOrDefault(key);
        var unit = units is null || _random.Next(2) == 0 ? null : units[_random.Next(units.Length)];
        var currency = _random.Next(3) == 0 && key == "list_price" ? "MXN" : "USD";
        JsonNode One() => type switch
        {
            "money" => new JsonObject { ["amount"] = Some(key).GetProperty("amount").GetInt64(), ["currency"] = currency },
            "date" => _random.Next(2) == 0 ? Some(key).GetString()![..10] : key == "tested_at" ? Some(key).GetString()! : Some(key).GetString()!,
            "integer" => Some(key).GetInt64(),
            _ => InUnit(key, Some(key).GetDecimal(), unit),
        };
        var op = new[] { "eq", "in", "gt", "gte", "lt", "lte", "between" }[_random.Next(7)];
        var leaf = Listed(op, One);
        if (unit is not null)
        {
            leaf["unit"] = unit;
        }
        return leaf;
    }

    /// <summary>A number in the registry's unit, told in another one; rounded, so it is another bound unless the conversion is exact.</summary>
    private decimal InUnit(string key, decimal value, string? unit) =>
        unit is null || unit == scan.UnitOf(key) ? value : Math.Round(value / scan.FactorOf(key, unit), unit == "[lb_av]" ? 4 : 9);

    private JsonObject Listed(string op, Func<JsonNode?> one)
    {
        if (op == "between")
        {
            var (left, right) = (one()!, one()!);
            return Key(left).CompareTo(Key(right)) <= 0
                ? new JsonObject { ["op"] = op, ["from"] = left, ["to"] = right }
                : new JsonObject { ["op"] = op, ["from"] = right, ["to"] = left };
        }
        return op == "in"
            ? new JsonObject { ["op"] = op, ["values"] = new JsonArray([.. Enumerable.Range(0, 1 + _random.Next(4)).Select(_ => one())]) }
            : new JsonObject { ["op"] = op, ["value"] = one() };

        static IComparable Key(JsonNode value) => value is JsonObject money ? Number(money["amount"]!)
            : value.GetValueKind() == JsonValueKind.String ? DateTimeOffset.Parse((string)value!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : Number(value);
        static decimal Number(JsonNode value) => decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private JsonObject Facet(string key)
    {
        var facet = new JsonObject { ["attribute"] = key };
        var type = scan.TypeOf(key);
        var quantity = type is "integer" or "decimal" or "measure" or "duration" or "money";
        if (_random.Next(2) == 0)
        {
            facet["limit"] = 1 + _random.Next(20);
        }
        if (_random.Next(3) == 0)
        {
            facet["exclude_own"] = true;
        }
        if (quantity && _random.Next(2) == 0)
        {
            facet["stats"] = true;
        }
        if (quantity && type != "money" && _random.Next(3) == 0)
        {
            var bounds = Enumerable.Range(0, 3).Select(_ => Some(key).GetDecimal()).Order().ToArray();
            facet["ranges"] = new JsonArray(new JsonObject { ["to"] = bounds[0] }, new JsonObject { ["from"] = bounds[0], ["to"] = bounds[2] }, new JsonObject { ["from"] = bounds[1] });
        }
        return facet;
    }

    /// <summary>A value that some product has.</summary>
    private JsonElement Some(string key)
    {
        while (true)
        {
            if (scan.Products[_random.Next(scan.Products.Count)].Attributes.TryGetProperty(key, out var value))
            {
                return value;
            }
        }
    }
}
