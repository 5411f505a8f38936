using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Catalog;
using CustobotGateway.GraphQLDoor;
using CustobotGateway.GraphQLDoor.Schemas;
using CustobotGateway.Tests.Common;
using CustobotGateway.Tests.Search;

namespace CustobotGateway.Tests.GraphQLDoor;

/// <summary>The schema follows the registry.</summary>
public sealed class SchemaTests(SearchGateway gateway) : IClassFixture<SearchGateway>
{
    private static AttributeRegistry BuiltIn() => Registry([.. AttributeFiles.BuiltIn()]);

    private static AttributeRegistry Registry(params AttributeDefinition[] definitions) =>
        new([.. definitions.Select((definition, ordinal) => new RegisteredAttribute(ordinal, definition))]);

    [Fact]
    public async Task Committed_schema_is_the_one_that_the_built_in_attributes_make()
    {
        var committed = await File.ReadAllTextAsync(Repository.PathOf("schemas", "gateway.graphql"));

        Assert.True(committed == GraphQLDoorModule.SchemaOf(BuiltIn()), "schemas/gateway.graphql is out of date: run './gateway graphql > schemas/gateway.graphql' and review the difference.");
    }

    [Theory]
    [InlineData("IPS", "IPS")]
    [InlineData("Mini LED", "MINI_LED")]
    [InlineData("QD-OLED", "QD_OLED")]
    [InlineData("32", "_32")]
    [InlineData("80+ gold", "_80__GOLD")]
    [InlineData("café", "CAF_")]
    [InlineData("Full / Side", "FULL___SIDE")]
    [InlineData("😀", "_")]
    [InlineData("  x", "_X")]
    [InlineData("", "_")]
    public void Term_is_named_by_the_rule(string term, string name) => Assert.Equal(name, SchemaNames.EnumValue(term));

    [Fact]
    public void Terms_fields_and_types_that_meet_are_numbered()
    {
        var names = new RegistryNames(Registry(
            new AttributeDefinition { Key = "version", Type = AttributeType.Integer },
            new AttributeDefinition { Key = "money", Type = AttributeType.Keyword, Values = [new AttributeTerm("a b"), new AttributeTerm("a-b"), new AttributeTerm("A_B")] },
            new AttributeDefinition { Key = "not", Type = AttributeType.Boolean }), SchemaText.TakenTypes);

        Assert.Equal(["version_2", "money", "not_2"], names.Attributes.Select(attribute => attribute.Field));
        Assert.Equal(["A_B", "A_B_2", "A_B_3"], names.Attributes[1].Terms.Select(term => term.Name));
        Assert.Equal(("Money_2", "Money_2Filter"), (names.Attributes[1].EnumType, names.Attributes[1].FilterType));
    }

    [Fact]
    public void Later_registration_renames_nothing()
    {
        AttributeDefinition[] definitions = [.. AttributeFiles.BuiltIn()];
        var before = new RegistryNames(Registry(definitions[..100]), SchemaText.TakenTypes);
        var after = new RegistryNames(Registry(definitions), SchemaText.TakenTypes);

        foreach (var attribute in before.Attributes)
        {
            var later = after.ByKey(attribute.Key)!;
            Assert.Equal((attribute.Field, attribute.FilterType, attribute.EnumType), (later.Field, later.FilterType, later.EnumType));
            Assert.Equal(attribute.Terms.Select(term => term.Name), later.Terms.Select(term => term.Name));
        }
    }

    [Fact]
    public void Registry_without_attributes_makes_a_schema() => Assert.Contains("enum ProductFacetKey", GraphQLDoorModule.SchemaOf(AttributeRegistry.Empty), StringComparison.Ordinal);

    [Fact]
    public void Every_name_of_the_built_in_terms_stands_for_one_term()
    {
        foreach (var attribute in new RegistryNames(BuiltIn(), SchemaText.TakenTypes).Attributes)
        {
            Assert.All(attribute.Terms, term => Assert.Equal(term.Term.Value, attribute.TermOf(attribute.NameOf(term.Term.Value)!)));
        }
    }

    [Fact]
    public async Task What_only_staff_sees_is_not_in_the_schema()
    {
        var schema = await gateway.Client.GetStringAsync("/schemas/gateway.graphql");
        var answer = await gateway.AskAsync("""{ attribute(key: "unit_cost") { key } searchFilters { ... on SearchFilters { filters { attribute } } } }""");

        Assert.Contains("panel_type: PanelTypeFilter", schema, StringComparison.Ordinal);
        Assert.DoesNotContain("unit_cost", schema, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("attribute").ValueKind);
        Assert.DoesNotContain("unit_cost", answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attribute_added_at_run_time_has_a_field_and_a_filter_without_a_restart()
    {
        var before = await gateway.AskWronglyAsync("{ products(must: { mount: { eq: VESA_100 } }) { nodes { mount } } }");

        using var added = await gateway.Admin.PostAsync("/v1/attributes", new StringContent(
            """{"attributes":[{"key":"mount","type":"keyword","values":[{"value":"VESA 100"},{"value":"VESA 75"}]}]}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());
        await gateway.WaitForAsync(index => index.Registry.Find("mount") is not null);
        await gateway.InsertAsync([new JsonObject { ["name"] = "Wall mount", ["mount"] = "VESA 75" }], "MOUNT-");
        await gateway.WaitForAsync(index => index.Snapshot.CountMatches(new AttributeIndex.KeywordIn(CustobotGateway.Search.IndexedCatalog.ExternalIdColumn, ["MOUNT-000000"])) == 1);
        var after = await gateway.AskAsync("{ products(must: { mount: { eq: VESA_75 } }) { totalCount nodes { mount } } }");

        Assert.Equal("GRAPHQL_VALIDATION_FAILED", GraphQLCalls.CodeOf(before));
        Assert.Equal((1, "VESA 75"), (after.GetProperty("products").GetProperty("totalCount").GetInt32(), after.GetProperty("products").GetProperty("nodes")[0].GetProperty("mount").GetString()));
    }

    [Fact]
    public async Task Registry_query_tells_the_term_of_each_name()
    {
        var attribute = (await gateway.AskAsync("""{ attribute(key: "panel_type") { field filterType type operators stages values { value name synonyms } } }""")).GetProperty("attribute");

        Assert.Equal(("panel_type", "PanelTypeFilter", "KEYWORD"), (attribute.GetProperty("field").GetString(), attribute.GetProperty("filterType").GetString(), attribute.GetProperty("type").GetString()));
        Assert.Equal(["eq", "in", "exists", "prefix"], attribute.GetProperty("operators").EnumerateArray().Select(one => one.GetString()!));
        Assert.Equal(["IPS", "OLED", "VA", "TN"], attribute.GetProperty("values").EnumerateArray().Select(one => one.GetProperty("name").GetString()!));
    }

    [Fact]
    public async Task Attributes_are_paged()
    {
        var (keys, after) = (new List<string>(), (string?)null);
        do
        {
            var page = (await gateway.AskAsync("query($after: String) { attributes(first: 40, after: $after) { totalCount nodes { key } edges { cursor } pageInfo { hasNextPage endCursor } } }",
                new JsonObject { ["after"] = after })).GetProperty("attributes");
            keys.AddRange(page.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("key").GetString()!));
            after = page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean() ? page.GetProperty("pageInfo").GetProperty("endCursor").GetString() : null;
        }
        while (after is not null);

        Assert.Equal(keys.Distinct().Count(), keys.Count);
        Assert.Contains("extra_109", keys);
        Assert.DoesNotContain("unit_cost", keys);
    }
}
