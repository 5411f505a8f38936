using CustobotGateway.GraphQLDoor.Operations;

namespace CustobotGateway.Commands;

/// <summary><c>gateway operations</c>: writes the table of all operations; starts nothing.</summary>
public static class Operations
{
    /// <summary>The verb.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "operations",
        Summary = "Write the table of operations by their REST and GraphQL names (docs/operations.md) to standard output",
        RunAsync = (_, _) => OpenApi.WriteAsync(OperationTable.Write),
    };
}
