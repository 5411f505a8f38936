using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CustobotGateway.Search;

/// <summary>What the contract cannot read off the types, since searches are read and written by hand.</summary>
internal sealed class SearchContract : IOperationFilter, ISchemaFilter
{
    private const string GetOperation = "searchProductsByGet";

    public static void Configure(SwaggerGenOptions options)
    {
        options.MapType<ConstraintValue>(Operand);
        // First, so that the example finds the parameter.
        options.OperationFilterDescriptors.Insert(0, new FilterDescriptor { Type = typeof(SearchContract), Arguments = [] });
        options.SchemaFilter<SearchContract>();
    }

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (operation.OperationId == GetOperation)
        {
            operation.Parameters =
            [
                new OpenApiParameter
                {
                    Name = "q",
                    In = ParameterLocation.Query,
                    Required = true,
                    Description = "A SearchRequest as JSON, encoded as base64url (RFC 4648 §5, without padding).",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[A-Za-z0-9_-]+$" },
                },
            ];
        }
    }

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema concrete)
        {
            return;
        }
        if (context.Type == typeof(SearchRequest) || context.Type == typeof(PageClause))
        {
            // Every member has a default.
            concrete.Required?.Clear();
        }
        else if (context.Type == typeof(FacetClause))
        {
            concrete.Required = new HashSet<string> { "attribute" };
        }
        else if (context.Type == typeof(Constraint) && concrete.Properties?.TryGetValue("not", out var list) == true && list.Items is { } constraint)
        {
            concrete.Properties["not"] = new OpenApiSchema
            {
                Description = list.Description,
                OneOf = [constraint, new OpenApiSchema { Type = JsonSchemaType.Array, Items = constraint }],
            };
        }
    }

    private static OpenApiSchema Operand() => new()
    {
        Description = "A number, string or boolean; money in minor units; a number with its unit; or a circle for `within`.",
        OneOf =
        [
            new OpenApiSchema { Type = JsonSchemaType.Number },
            new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = SearchLimits.ValueCharacters },
            new OpenApiSchema { Type = JsonSchemaType.Boolean },
            Object(("amount", JsonSchemaType.Integer, true), ("currency", JsonSchemaType.String, true)),
            Object(("value", JsonSchemaType.Number, true), ("unit", JsonSchemaType.String, false)),
            Object(("lat", JsonSchemaType.Number, true), ("lon", JsonSchemaType.Number, true), ("radius", JsonSchemaType.Number, true), ("unit", JsonSchemaType.String, false)),
        ],
        Examples = [JsonNode.Parse("144")!, JsonNode.Parse("""{"amount":24900,"currency":"USD"}""")!, JsonNode.Parse("""{"lat":19.43,"lon":-99.13,"radius":25,"unit":"km"}""")!],
    };

    private static OpenApiSchema Object(params (string Name, JsonSchemaType Type, bool Required)[] members) => new()
    {
        Type = JsonSchemaType.Object,
        AdditionalPropertiesAllowed = false,
        Properties = members.ToDictionary(member => member.Name, member => (IOpenApiSchema)new OpenApiSchema { Type = member.Type }),
        Required = members.Where(member => member.Required).Select(member => member.Name).ToHashSet(),
    };
}
