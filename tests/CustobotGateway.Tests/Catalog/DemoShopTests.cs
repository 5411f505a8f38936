using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.Catalog.Demo;

namespace CustobotGateway.Tests.Catalog;

/// <summary>The demo shop is large, wide, the same each time, and keeps to the registry.</summary>
public sealed class DemoShopTests
{
    private static readonly List<JsonElement> Rows = [.. DemoShop.Products().Select(product => JsonDocument.Parse(product.Line).RootElement)];
    private static readonly Dictionary<string, RegisteredAttribute> Attributes =
        AttributeFiles.BuiltIn().Select((definition, i) => new RegisteredAttribute(i, definition)).ToDictionary(attribute => attribute.Key);

    [Fact]
    public void There_are_enough_products_over_enough_departments()
    {
        Assert.True(Rows.Count >= 5000, $"{Rows.Count} products");
        Assert.True(Rows.Select(row => row.GetProperty("department").GetString()).Distinct().Count() >= 12);
        Assert.Equal(Rows.Count, Rows.Select(row => row.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public void At_least_a_hundred_searchable_attributes_are_filled_on_a_fifth_of_some_category()
    {
        var filled = DemoFill.WellFilled(Rows, Attributes.Values);

        Assert.True(filled.Count >= 100, $"{filled.Count} attributes");
    }

    [Fact]
    public void Every_making_is_the_same() =>
        Assert.Equal(DemoShop.Products().Take(300).Select(product => Convert.ToHexString(product.Line.Span)), DemoShop.Products().Take(300).Select(product => Convert.ToHexString(product.Line.Span)));

    [Fact]
    public void Every_member_is_a_registered_attribute_and_every_listed_term_is_spelt_as_listed()
    {
        foreach (var row in Rows)
        {
            foreach (var member in row.EnumerateObject().Where(member => member.Name is not ("id" or "provenance")))
            {
                var attribute = Attributes[member.Name];
                foreach (var text in Texts(member.Value).Where(_ => attribute.Type is AttributeType.Keyword or AttributeType.KeywordSet))
                {
                    Assert.Equal(text, attribute.Canonical(text));
                }
            }
        }
    }

    [Fact]
    public void Every_value_says_that_it_comes_from_the_demo() =>
        Assert.All(Rows, row => Assert.Equal(DemoShop.Source, row.GetProperty("provenance").GetProperty("*").GetProperty("source").GetString()));

    [Fact]
    public void Every_product_has_a_title_in_both_languages_and_a_price_above_its_cost()
    {
        foreach (var row in Rows)
        {
            Assert.NotEqual(row.GetProperty("name").GetString(), row.GetProperty("name_es").GetString());
            Assert.True(row.GetProperty("price").GetProperty("amount").GetInt64() > row.GetProperty("unit_cost").GetProperty("amount").GetInt64());
        }
    }

    [Fact]
    public void Stock_adds_up_to_the_quantity_that_is_shown_and_slots_have_a_start()
    {
        foreach (var (product, row) in DemoShop.Products().Zip(Rows))
        {
            var isService = row.GetProperty("department").GetString() == "services";

            Assert.Equal(row.GetProperty("stock_quantity").GetInt32(), product.Stock.Sum(lot => lot.OnHand));
            Assert.All(product.Stock, lot => Assert.Equal(isService, lot.StartsAt is not null));
        }
    }

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        _ => [],
    };
}
