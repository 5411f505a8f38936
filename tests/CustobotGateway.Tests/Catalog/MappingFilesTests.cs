using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Catalog;

/// <summary>The mappings that the gateway ships with.</summary>
public sealed class MappingFilesTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Repository.PathOf("schemas", "mappings"), "*.json").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Mapping_keeps_to_the_JSON_Schema_and_bears_the_name_of_its_file(string file)
    {
        var schema = JsonSchemaCheck.FromFile(Repository.PathOf("schemas", "mapping.schema.json"));
        var mapping = Read(file);

        Assert.Empty(schema.Check(mapping));
        Assert.Equal(Path.GetFileNameWithoutExtension(file), mapping.GetProperty("name").GetString());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Mapping_gives_values_to_registered_attributes_in_units_that_convert(string file)
    {
        var registered = AttributeFiles.BuiltIn().ToDictionary(attribute => attribute.Key);

        foreach (var rule in RulesIn(Read(file)))
        {
            string[] targets = rule.TryGetProperty("range", out var range) ? [.. range.EnumerateArray().Select(to => to.GetString()!)]
                : rule.TryGetProperty("to", out var to) ? [to.GetString()!] : [];
            Assert.All(targets, target => Assert.Contains(target, registered.Keys));
            if (rule.TryGetProperty("unit", out var given))
            {
                Assert.True(Units.TryParse(given.GetString(), out var unit), given.GetString());
                Assert.All(targets, target => Assert.True(Units.TryParse(registered[target].Unit, out var own) && unit.IsCommensurable(own), target));
            }
        }
    }

    [Fact]
    public void Every_raw_field_of_the_parts_has_a_rule_in_its_category()
    {
        if (SharedData.Find("data/products/pc-parts") is not { } folder)
        {
            return;
        }
        var mapping = Read("pc-parts.json");
        var files = Directory.GetFiles(folder, "*.jsonl");
        var fields = new HashSet<string>();

        foreach (var file in files)
        {
            var category = Path.GetFileNameWithoutExtension(file);
            var own = mapping.GetProperty("categories").GetProperty(category).GetProperty("fields");
            using var first = JsonDocument.Parse(File.ReadLines(file).First());
            foreach (var field in first.RootElement.EnumerateObject())
            {
                fields.Add(field.Name);
                Assert.True(own.TryGetProperty(field.Name, out _) || mapping.GetProperty("fields").TryGetProperty(field.Name, out _), $"{category}: {field.Name}");
            }
        }

        Assert.Equal(25, files.Length);
        Assert.Equal(77, fields.Count);
    }

    private static JsonElement Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("schemas", "mappings", file)));
        return document.RootElement.Clone();
    }

    private static IEnumerable<JsonElement> RulesIn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => RulesIn(member.Value)).Prepend(value),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(RulesIn),
        _ => [],
    };
}
