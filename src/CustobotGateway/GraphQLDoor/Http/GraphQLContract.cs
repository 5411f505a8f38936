using System.Text.Json.Nodes;
using CustobotGateway.Common.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CustobotGateway.GraphQLDoor.Http;

/// <summary>What the contract says of the GraphQL routes, whose requests and answers are GraphQL's own.</summary>
internal sealed class GraphQLContract : IOperationFilter
{
    public const string PostOperation = "executeGraphQL";
    public const string GetOperation = "executeGraphQLByGet";

    private static readonly string[] Media = ["application/graphql-response+json", "application/json", "text/event-stream"];

    // First, so that the examples find what is added.
    public static void Configure(SwaggerGenOptions options) =>
        options.OperationFilterDescriptors.Insert(0, new FilterDescriptor { Type = typeof(GraphQLContract), Arguments = [] });

    public static void Describe(IEndpointConventionBuilder route, RequestDelegate handler, string name, string summary, string description) => route
        .WithName(name).WithTags("GraphQL").WithSummary(summary).WithDescription(description).AllowPublicRead()
        // The contract's writer reads endpoints that carry their method only.
        .WithMetadata(handler.Method, new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(JsonObject), Media),
            new ProducesResponseTypeMetadata(StatusCodes.Status405MethodNotAllowed), new ProducesResponseTypeMetadata(StatusCodes.Status406NotAcceptable));

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (operation.OperationId == PostOperation)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Description = "A request of GraphQL over HTTP.",
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    ["application/json"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = Members(JsonSchemaType.Object) } },
                },
            };
        }
        else if (operation.OperationId == GetOperation)
        {
            operation.Parameters = [.. Members(JsonSchemaType.String).Select(member => (IOpenApiParameter)new OpenApiParameter
            {
                Name = member.Key,
                In = ParameterLocation.Query,
                Description = member.Value.Description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            })];
        }
    }

    private static Dictionary<string, IOpenApiSchema> Members(JsonSchemaType json) => new()
    {
        ["query"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The document; may be left out where extensions.persistedQuery names it." },
        ["operationName"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Which operation of the document, where it has several." },
        ["variables"] = new OpenApiSchema { Type = json, Description = "The variables: a JSON object." },
        ["extensions"] = new OpenApiSchema { Type = json, Description = "A JSON object; persistedQuery is read." },
    };
}
