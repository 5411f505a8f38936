using CustobotGateway.Catalog;
using CustobotGateway.GraphQLDoor;

namespace CustobotGateway.Commands;

/// <summary><c>gateway graphql</c>: writes the GraphQL schema; starts nothing.</summary>
public static class GraphQLSchema
{
    /// <summary>The verb.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "graphql",
        Summary = "Write the GraphQL schema of the built-in attributes (schemas/gateway.graphql) to standard output",
        RunAsync = async (_, _) =>
        {
            var registry = new AttributeRegistry([.. AttributeFiles.BuiltIn().Select((definition, ordinal) => new RegisteredAttribute(ordinal, definition))]);
            await System.Console.Out.WriteAsync(GraphQLDoorModule.SchemaOf(registry));
            return ExitCode.Done;
        },
    };
}
