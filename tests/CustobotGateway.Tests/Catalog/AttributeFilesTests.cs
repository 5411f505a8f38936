using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Catalog;

/// <summary>The attributes that the gateway ships with.</summary>
public sealed class AttributeFilesTests
{
    private static readonly IReadOnlyList<AttributeDefinition> Shipped = AttributeFiles.BuiltIn();

    private static readonly string[] FileNames = [.. Directory.GetFiles(Repository.PathOf("schemas", "attributes"), "*.json").Select(file => Path.GetFileName(file))];

    public static TheoryData<string> Files => [.. FileNames];

    [Theory]
    [MemberData(nameof(Files))]
    public void File_keeps_to_the_JSON_Schema(string file)
    {
        var schema = JsonSchemaCheck.FromFile(Repository.PathOf("schemas", "attribute.schema.json"));
        using var document = JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("schemas", "attributes", file)));

        Assert.Empty(schema.Check(document.RootElement));
    }

    [Theory]
    [InlineData("""{"key":"Upper","type":"text"}""")]
    [InlineData("""{"key":"fine","type":"number"}""")]
    [InlineData("""{"key":"fine"}""")]
    [InlineData("""{"attributes":[{"key":"fine","type":"text","colour":1}]}""")]
    public void JSON_Schema_refuses_what_the_registry_refuses(string definition)
    {
        var schema = JsonSchemaCheck.FromFile(Repository.PathOf("schemas", "attribute.schema.json"));
        using var document = JsonDocument.Parse(definition);

        Assert.NotEmpty(schema.Check(document.RootElement));
    }

    [Fact]
    public void There_are_enough_attributes_over_enough_domains()
    {
        // Files numbered from 10 are a domain each; the others hold for all of them.
        var domains = FileNames.Count(name => string.CompareOrdinal(name, "10") >= 0);

        Assert.True(Shipped.Count >= 170, $"{Shipped.Count} attributes");
        Assert.True(Shipped.Count(attribute => attribute.Searchable ?? true) >= 130);
        Assert.True(domains >= 12, $"{domains} domains");
        Assert.Equal(Shipped.Count, Shipped.Select(attribute => attribute.Key).Distinct().Count());
    }

    [Fact]
    public void Each_is_described_in_English_and_Mexican_Spanish()
    {
        foreach (var attribute in Shipped)
        {
            Assert.True(attribute.Title is { Length: > 1 } && attribute.Description is { Length: > 15 }, attribute.Key);
            Assert.True(attribute.Labels?[AttributeLanguages.Mexican] is { Title.Length: > 1, Description.Length: > 15, Synonyms.Count: > 0 }, attribute.Key);
            Assert.True(attribute.Labels?[AttributeLanguages.Default] is { Synonyms.Count: > 0 }, attribute.Key);
            Assert.True(attribute.Stages is { Count: > 0 }, attribute.Key);
        }
    }

    [Fact]
    public void Each_unit_is_a_UCUM_code_that_converts()
    {
        var measured = Shipped.Where(attribute => attribute.Type is AttributeType.Measure or AttributeType.Duration).ToList();

        Assert.All(measured, attribute => Assert.True(Units.TryParse(attribute.Unit, out var unit) && unit.Code == attribute.Unit, $"{attribute.Key}: {attribute.Unit}"));
    }

    [Theory]
    [InlineData("name", AttributeType.Text, null)]
    [InlineData("brand", AttributeType.Keyword, null)]
    [InlineData("category", AttributeType.Keyword, null)]
    [InlineData("condition", AttributeType.Keyword, null)]
    [InlineData("price", AttributeType.Money, null)]
    [InlineData("refresh_rate", AttributeType.Measure, "Hz")]
    [InlineData("screen_size", AttributeType.Measure, "[in_i]")]
    [InlineData("warranty", AttributeType.Duration, "mo")]
    [InlineData("weight", AttributeType.Measure, "g")]
    [InlineData("start_time", AttributeType.Date, null)]
    public void What_every_agent_asks_for_is_there(string key, AttributeType type, string? unit)
    {
        var attribute = Assert.Single(Shipped, attribute => attribute.Key == key);

        Assert.Equal((type, unit), (attribute.Type, attribute.Unit));
    }

    [Fact]
    public void Query_reads_names_brands_and_descriptions_and_stems_only_where_a_language_is_named()
    {
        var fullText = Shipped.Where(attribute => attribute.FullText == true).ToDictionary(attribute => attribute.Key, attribute => attribute.Language);

        Assert.Equal(new Dictionary<string, string?> { ["name"] = null, ["name_es"] = "es", ["description"] = "en", ["brand"] = null }, fullText);
    }

    [Fact]
    public void Cost_is_for_staff_only() => Assert.Equal(["unit_cost"], Shipped.Where(attribute => attribute.StaffOnly == true).Select(attribute => attribute.Key));

    [Fact]
    public void Terms_fold_to_one_spelling_by_synonym_and_label()
    {
        var panel = new RegisteredAttribute(0, Shipped.Single(attribute => attribute.Key == "panel_type"));
        var condition = new RegisteredAttribute(1, Shipped.Single(attribute => attribute.Key == "condition"));

        Assert.Equal("IPS", panel.Canonical("ips"));
        Assert.Equal("QD-OLED", panel.Canonical("qd oled"));
        Assert.Equal("refurbished", condition.Canonical("Reacondicionado"));
        Assert.Equal("no such term", condition.Canonical("no such term"));
    }
}
