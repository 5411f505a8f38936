using System.Text.Json;
using System.Text.Json.Nodes;

namespace CustobotGateway.Tests.Search;

/// <summary>Explanations say what is so: a plain scan of the same products confirms each.</summary>
public sealed class ExplainTests(ExplainTests.Gateway gateway) : IClassFixture<ExplainTests.Gateway>
{
    public sealed class Gateway : SearchGateway
    {
        protected override int ProductCount => 700;
    }

    [Fact]
    public async Task Two_hundred_empty_answers_hold_against_a_plain_scan()
    {
        var searches = new RandomSearches(gateway.Scan, 4711);
        var random = new Random(5);
        var kinds = new HashSet<string>();
        var combinations = 0;
        for (var empty = 0; empty < 200;)
        {
            var request = searches.NextTight(random.Next(2, 7));
            if (gateway.Scan.Count(request) > 0)
            {
                continue;
            }
            empty++;

            var answer = await gateway.SearchAsync(request);

            Assert.Equal(0, answer.GetProperty("total").GetInt32());
            new EmptyAnswerClaims(gateway.Scan, request, answer).Check();
            foreach (var relaxation in answer.GetProperty("relaxations").EnumerateArray())
            {
                kinds.Add(relaxation.GetProperty("kind").GetString()!);
                combinations += relaxation.TryGetProperty("pointers", out _) ? 1 : 0;
            }
        }
        // The searches are such that every kind of change occurs.
        Assert.Equal(["add_values", "allow_unknown", "any_word", "drop", "radius", "remove_values", "widen"], kinds.Order());
        Assert.True(combinations > 0);
    }

    [Fact]
    public async Task Product_with_a_value_misses_a_wish_for_none_by_no_amount()
    {
        var request = (JsonObject)JsonNode.Parse("""
            {"must":[{"any":[{"attribute":"weight","op":"gte","value":0.001,"unit":"kg","unknown":"only"},{"attribute":"category","op":"prefix","value":"cat"}]}],
             "page":{"size":100},"explain":true,"select":["weight"]}
            """)!;

        var answer = await gateway.SearchAsync(request);

        var missed = answer.GetProperty("products").EnumerateArray().Select(hit => hit.GetProperty("explain")[0]).Where(outcome => outcome.GetProperty("outcome").GetString() == "missed").ToArray();
        Assert.NotEmpty(missed);
        Assert.All(missed, outcome => Assert.False(outcome.TryGetProperty("missed_by", out var shortfall) && shortfall.ValueKind != JsonValueKind.Null));
    }

    [Fact]
    public async Task Each_hit_says_what_it_meets_and_what_it_misses_by_how_much()
    {
        var request = (JsonObject)JsonNode.Parse("""
            {"must":[{"attribute":"category","op":"eq","value":"cat0"},{"any":[{"attribute":"refresh_rate","op":"gte","value":0.144,"unit":"kHz"},{"attribute":"category","op":"prefix","value":"cat"}]}],
             "should":[{"attribute":"weight","op":"lte","value":2,"unit":"kg","weight":2},{"attribute":"price","op":"lte","value":{"amount":10000,"currency":"USD"}},{"attribute":"place","op":"within","value":{"lat":20,"lon":-99,"radius":10}}],
             "must_not":[{"attribute":"brand","op":"eq","value":"Dell"}],"page":{"size":100},"explain":true,"select":["weight","price","refresh_rate","brand"]}
            """)!;

        var answer = await gateway.SearchAsync(request);

        Assert.False(answer.TryGetProperty("excluded_by", out _));
        var outcomes = new HashSet<string>();
        foreach (var hit in answer.GetProperty("products").EnumerateArray())
        {
            var product = gateway.Scan.Products.Single(one => one.Id == hit.GetProperty("id").GetString());
            Assert.Equal(gateway.Scan.Score(product, request), hit.GetProperty("score").GetDouble());
            var explain = hit.GetProperty("explain").EnumerateArray().ToDictionary(one => one.GetProperty("pointer").GetString()!);
            Assert.Equal(["/must/0", "/must/1/any/0", "/must/1/any/1", "/must_not/0", "/should/0", "/should/1", "/should/2"], explain.Keys.Order(StringComparer.Ordinal));
            foreach (var (pointer, claim) in explain)
            {
                var constraint = pointer.Split('/').Skip(1).Aggregate((JsonNode)request, (at, step) => at is JsonArray list ? list[step[0] - '0']! : at[step]!);
                var known = product.Attributes.TryGetProperty((string)constraint["attribute"]!, out var actual);
                var holds = gateway.Scan.Holds(product, constraint) != pointer.StartsWith("/must_not", StringComparison.Ordinal);
                Assert.Equal(!known ? "unknown" : holds ? "met" : "missed", claim.GetProperty("outcome").GetString());
                outcomes.Add($"{pointer} {claim.GetProperty("outcome").GetString()}");
                Assert.Equal(known, claim.TryGetProperty("actual", out _));
                if (known && !holds)
                {
                    var shortfall = claim.GetProperty("missed_by");
                    var (missing, unit) = (string)constraint["attribute"]! switch
                    {
                        "weight" => (actual.GetDouble() - 2000, "g"),
                        "price" => (actual.GetProperty("amount").GetDouble() - 10000, "USD"),
                        "refresh_rate" => (144 - actual.GetDouble(), "Hz"),
                        _ => (PlainScan.Metres(20, -99, actual[0].GetDouble(), actual[1].GetDouble()) - 10_000, "m"),
                    };
                    Assert.Equal(missing, shortfall.GetProperty("value").GetDouble(), 0.001);
                    Assert.Equal(unit, shortfall.GetProperty("unit").GetString());
                }
            }
        }
        Assert.Superset(new HashSet<string> { "/should/0 missed", "/should/0 met", "/should/0 unknown", "/must/1/any/0 missed", "/should/2 missed", "/should/1 missed", "/must_not/0 unknown" }, outcomes);
    }

    [Fact]
    public async Task Query_words_are_explained_and_relaxed()
    {
        var answer = await gateway.SearchAsync(JsonNode.Parse("""{"query":"monitor xylophone","explain":true}""")!);

        var any = answer.GetProperty("relaxations").EnumerateArray().Single(one => one.GetProperty("kind").GetString() == "any_word");
        var monitors = gateway.Scan.Match(JsonNode.Parse("""{"query":"monitor"}""")!).Count;
        Assert.Equal(monitors, any.GetProperty("count").GetInt32());
        var excluded = Assert.Single(answer.GetProperty("excluded_by").EnumerateArray());
        Assert.Equal("/query", excluded.GetProperty("pointer").GetString());
        Assert.Equal(0, excluded.GetProperty("matches_alone").GetInt32());
        Assert.Equal(gateway.Scan.Products.Count, excluded.GetProperty("total_without").GetInt32());
    }
}
