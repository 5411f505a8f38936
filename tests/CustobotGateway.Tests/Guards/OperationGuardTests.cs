using CustobotGateway.Common.OpenApi;
using CustobotGateway.GraphQLDoor.Operations;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Guards;

/// <summary>Every operation has a REST and a GraphQL name, or a reason for having one alone.</summary>
public sealed class OperationGuardTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    // How many operations have no field. It may only become smaller.
    private const int MostWithoutField = 77;

    private Contract Contract => gateway.App.Services.GetRequiredService<Contract>();

    [Fact]
    public void Every_operation_has_a_field_or_a_reason_and_none_has_both()
    {
        var operations = Contract.Operations.Select(operation => operation.Id).ToList();

        Assert.Contains("completeCheckoutSession", operations);
        Assert.DoesNotContain(operations, id => !OperationTable.Fields.ContainsKey(id) && !OperationTable.RestOnly.ContainsKey(id));
        Assert.Empty(OperationTable.Fields.Keys.Intersect(OperationTable.RestOnly.Keys));
        Assert.Empty(OperationTable.Fields.Keys.Concat(OperationTable.RestOnly.Keys).Except(operations));
        Assert.True(OperationTable.RestOnly.Count <= MostWithoutField, $"{OperationTable.RestOnly.Count} operations have no field; the list may only shrink.");
    }

    [Fact]
    public async Task Every_field_of_the_table_is_in_the_schema()
    {
        var schema = await gateway.Client.GetStringAsync("/schemas/gateway.graphql");
        var fields = OperationTable.Fields.Values.Distinct().ToLookup(field => field.Split('.')[0], field => field.Split('.')[1]);

        foreach (var type in fields)
        {
            var body = schema[schema.IndexOf($"\ntype {type.Key} {{", StringComparison.Ordinal)..];
            body = body[..body.IndexOf("\n}", StringComparison.Ordinal)];
            Assert.DoesNotContain(type, field => !body.Contains($"\n  {field}:", StringComparison.Ordinal) && !body.Contains($"\n  {field}(", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Committed_table_is_the_one_that_the_routes_and_the_schema_make()
    {
        var committed = await File.ReadAllTextAsync(Repository.PathOf("docs", "operations.md"));

        Assert.True(committed == OperationTable.Write(Contract), "docs/operations.md is out of date: run './gateway operations > docs/operations.md' and review the difference.");
    }
}
