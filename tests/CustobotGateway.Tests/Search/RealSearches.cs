using System.Text.Json.Nodes;

namespace CustobotGateway.Tests.Search;

/// <summary>
/// Searches from a seed as buyers of PC parts make them: of one category by its own attributes and values, in units at hand, now and then
/// with a condition that belongs to another shelf.
/// </summary>
public sealed class RealSearches
{
    private const int FewestProducts = 50;
    private const double LeastFilled = 0.02;

    private readonly Random _random;
    private readonly List<Shelf> _shelves = [];

    public RealSearches(PlainScan scan, int seed)
    {
        _random = new Random(seed);
        foreach (var products in scan.Products.GroupBy(product => product.Attributes.GetProperty("category").GetString()!).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var own = products.ToList();
            var filled = own.SelectMany(product => product.Attributes.All.Keys).CountBy(key => key)
                .Where(count => count.Key is not ("category" or "name") && count.Value >= LeastFilled * own.Count).Select(count => count.Key).Order(StringComparer.Ordinal).ToArray();
            if (own.Count >= FewestProducts)
            {
                _shelves.Add(new Shelf(products.Key, own, new RandomSearches(scan.Of(own), seed + _shelves.Count), filled));
            }
        }
    }

    /// <summary>One category.</summary>
    private sealed record Shelf(string Category, List<PlainProduct> Products, RandomSearches Searches, string[] Attributes);

    /// <summary>A search that asks for much, so that it is often empty, and to explain itself.</summary>
    public JsonObject NextTight()
    {
        var shelf = Any(_shelves);
        var must = new JsonArray();
        if (_random.Next(2) == 0)
        {
            must.Add(new JsonObject { ["attribute"] = "category", ["op"] = "eq", ["value"] = shelf.Category });
        }
        for (var conditions = _random.Next(2, 6); conditions > 0; conditions--)
        {
            must.Add(_random.Next(10) switch
            {
                0 => Leaf(Any(_shelves)),
                1 => new JsonObject { ["any"] = new JsonArray(Leaf(shelf), Leaf(shelf)) },
                2 when shelf.Attributes.Contains("colors") => AllColors(shelf),
                _ => Leaf(shelf),
            });
        }
        var request = new JsonObject { ["must"] = must, ["explain"] = true };
        if (_random.Next(4) == 0)
        {
            request["must_not"] = new JsonArray(Leaf(shelf));
        }
        if (_random.Next(4) == 0)
        {
            request["query"] = $"{Word(shelf)} {Word(shelf)}";
        }
        // Read back, so that numbers are as the gateway reads them.
        return JsonNode.Parse(request.ToJsonString())!.AsObject();
    }

    private JsonObject Leaf(Shelf shelf) => shelf.Searches.Leaf(Any(shelf.Attributes));

    private static JsonObject AllColors(Shelf shelf)
    {
        var constraint = shelf.Searches.Term("colors", 4);
        constraint["attribute"] = "colors";
        return constraint;
    }

    private string Word(Shelf shelf)
    {
        var words = PlainScan.WordsOf(Any(shelf.Products)).Order(StringComparer.Ordinal).ToList();
        return Any(words);
    }

    private T Any<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];
}
