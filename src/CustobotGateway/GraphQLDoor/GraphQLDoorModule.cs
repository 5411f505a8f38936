using CustobotGateway.Common.Discovery;
using CustobotGateway.Common.Http;
using CustobotGateway.GraphQL;
using CustobotGateway.GraphQLDoor.Http;
using CustobotGateway.GraphQLDoor.Operations;
using CustobotGateway.GraphQLDoor.Schemas;
using Microsoft.AspNetCore.Http.HttpResults;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CustobotGateway.GraphQLDoor;

/// <summary>The catalogue through GraphQL: the same operations as REST's, with a schema made from the attribute registry.</summary>
public static class GraphQLDoorModule
{
    internal const string SchemaPath = "/schemas/gateway.graphql";

    /// <summary>Registers the module.</summary>
    public static IServiceCollection AddGraphQLDoor(this IServiceCollection services) => services
        .AddSingleton(provider => (provider.GetRequiredService<IConfiguration>().GetSection("GraphQL").Get<GraphQLDoorOptions>() ?? new GraphQLDoorOptions()).Check())
        .AddSingleton<DocumentCache>(_ => new DocumentCache())
        .AddSingleton<GraphQLEngine>()
        .AddSingleton<SchemaSource>()
        .AddSingleton<FieldAccess>()
        .AddSingleton<DoorServices>()
        .AddSingleton<PersistedDocuments>()
        .AddSingleton<GraphQLEndpoint>()
        .AddSingleton(new Description("/graphql", "item", "application/graphql-response+json", "GraphQL", "The catalogue through GraphQL; in a browser GraphiQL, to read and to try."))
        .AddSingleton(new Description(SchemaPath, "service-desc", "text/plain", "GraphQL schema", "Types, fields, filters and descriptions of the GraphQL API."))
        .Configure<SwaggerGenOptions>(GraphQLContract.Configure);

    /// <summary>Maps the module's routes.</summary>
    public static void MapGraphQLDoor(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        // Now rather than with the first request, so that a folder of documents that is missing is told at the start.
        routes.ServiceProvider.GetRequiredService<PersistedDocuments>();
        GraphQLContract.Describe(routes.MapPost("/graphql", PostAsync).CanDryRun(), PostAsync, GraphQLContract.PostOperation, "Ask the catalogue in GraphQL",
            $"GraphQL over HTTP: queries and, with Accept: text/event-stream, subscriptions (GraphQL over SSE, distinct connections). The schema is at {SchemaPath}. "
            + "Documents may be named by their hash (extensions.persistedQuery). What a request cost, and what is left of its limit, is told in extensions.cost and in the header GraphQL-Cost.");
        GraphQLContract.Describe(routes.MapGet("/graphql", GetAsync), GetAsync, GraphQLContract.GetOperation, "Ask the catalogue in GraphQL, cacheable",
            "The same by GET, for queries. A browser that asks for HTML gets GraphiQL; a request without parameters is sent to the schema.");
        routes.MapGet(SchemaPath, Schema).WithName("getGraphQLSchema").WithTags("GraphQL").AllowPublic().Produces<string>(StatusCodes.Status200OK, "text/plain")
            .WithSummary("The GraphQL schema").WithDescription("In the schema definition language, with descriptions and costs, of the attributes that are registered now.");
        GraphiQLPage.Map(routes);
    }

    /// <summary>The schema's text for a set of attributes.</summary>
    public static string SchemaOf(Catalog.AttributeRegistry registry) => new GatewaySchema(registry).Print();

    // The endpoint knows the database, which a gateway that only writes its contract has none of.
    private static Task PostAsync(HttpContext context) => context.RequestServices.GetRequiredService<GraphQLEndpoint>().PostAsync(context);

    private static Task GetAsync(HttpContext context) => context.RequestServices.GetRequiredService<GraphQLEndpoint>().GetAsync(context);

    private static ContentHttpResult Schema(SchemaSource schemas) => TypedResults.Text(schemas.Current.Print(), "text/plain; charset=utf-8");
}
