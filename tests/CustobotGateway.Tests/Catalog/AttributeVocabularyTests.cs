using System.Net;
using System.Text;
using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Catalog;

/// <summary>A public vocabulary of 1,987 attributes and 20,635 values, registered in one request.</summary>
public sealed class AttributeVocabularyTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task Vocabulary_of_this_size_is_registered_in_one_request()
    {
        if (SharedData.Find("data/taxonomy/attributes.json") is not { } file)
        {
            return;
        }
        using var taxonomy = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
        var definitions = taxonomy.RootElement.GetProperty("attributes").EnumerateArray().Select(attribute => new
        {
            key = attribute.GetProperty("handle").GetString()!.Replace('-', '_'),
            title = attribute.GetProperty("name").GetString(),
            description = attribute.GetProperty("description").GetString(),
            type = "keyword",
            values = attribute.GetProperty("values").EnumerateArray().Select(value => new { value = value.GetProperty("name").GetString() }).ToArray(),
        }).ToArray();
        var body = JsonSerializer.Serialize(new { attributes = definitions });

        using var answer = await gateway.Admin.PostAsync("/v1/attributes", new StringContent(body, Encoding.UTF8, "application/json"));
        var result = await GatewayFixture.ReadJsonAsync(answer);
        using var again = await gateway.Admin.PostAsync("/v1/attributes", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(1987, result.GetProperty("added").GetInt32() + result.GetProperty("updated").GetInt32() + result.GetProperty("unchanged").GetInt32());
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        var registry = gateway.App.Services.GetRequiredService<AttributeRegistryStore>().Current;
        Assert.All(definitions, definition => Assert.NotNull(registry.Find(definition.key)));
        Assert.Equal("Computer vision", registry.Find("ai_application")!.Canonical("computer VISION"));
    }
}
