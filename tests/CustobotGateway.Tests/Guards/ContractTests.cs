using System.Text.Json;
using CustobotGateway.Common.OpenApi;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Guards;

/// <summary>The committed contract is what the routes make.</summary>
public sealed class ContractTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private Contract Contract => gateway.App.Services.GetRequiredService<Contract>();

    [Fact]
    public async Task Committed_contract_is_the_one_that_the_routes_make()
    {
        var committed = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "gateway.json"));

        Assert.True(committed == Contract.Json, "openapi/gateway.json is out of date: run './gateway openapi > openapi/gateway.json' and review the difference.");
        Assert.Equal(committed, await gateway.Client.GetStringAsync("/openapi/gateway.json"));
    }

    [Fact]
    public void Contract_speaks_snake_case()
    {
        using var contract = JsonDocument.Parse(Contract.Json);
        var schemas = contract.RootElement.GetProperty("components").GetProperty("schemas");

        foreach (var schema in schemas.EnumerateObject().Where(schema => schema.Value.TryGetProperty("properties", out _)))
        {
            Assert.All(schema.Value.GetProperty("properties").EnumerateObject(), property => Assert.Matches("^[a-z@$][a-z0-9_]*$", property.Name));
        }
    }

    [Fact]
    public void Every_operation_is_named_described_and_grouped()
    {
        using var contract = JsonDocument.Parse(Contract.Json);

        foreach (var path in contract.RootElement.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Object && member.Name != "parameters"))
            {
                var name = $"{operation.Name} {path.Name}";
                foreach (var member in new[] { "operationId", "summary", "description", "tags" })
                {
                    Assert.True(operation.Value.TryGetProperty(member, out _), $"{name} has no {member}");
                }
                var tag = operation.Value.GetProperty("tags")[0].GetString();
                Assert.True(contract.RootElement.GetProperty("tags").EnumerateArray().Any(one => one.GetProperty("name").GetString() == tag), $"{name}: the tag {tag} is not described");
            }
        }
    }

    [Fact]
    public void Every_operation_has_an_example()
    {
        var examples = gateway.App.Services.GetRequiredService<ContractExamples>().All;
        var operations = Contract.Operations.Where(operation => operation.Method != "HEAD").Select(operation => operation.Id).ToList();

        Assert.Empty(operations.Except(examples.Keys).Order());
        Assert.Empty(examples.Keys.Except(operations).Order());
    }
}
