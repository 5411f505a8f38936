using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CustobotGateway.Catalog;

/// <summary>What the contract cannot read off the types: a body of attributes has two forms, told apart by its members.</summary>
internal sealed class AttributeContract : ISchemaFilter
{
    public static void Configure(SwaggerGenOptions options) => options.SchemaFilter<AttributeContract>();

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (context.Type != typeof(AddAttributes.Batch) || schema is not OpenApiSchema body || body.Properties?.TryGetValue("attributes", out var list) != true)
        {
            return;
        }
        var several = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["attributes"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = list!.Items, MinItems = 1, MaxItems = AttributeLimits.Attributes, Description = list.Description },
            },
            Required = new HashSet<string> { "attributes" },
            AdditionalPropertiesAllowed = false,
        };
        (body.Type, body.Properties, body.Required) = (null, null, null);
        body.AdditionalPropertiesAllowed = true;
        body.OneOf = [context.SchemaGenerator.GenerateSchema(typeof(AttributeDefinition), context.SchemaRepository), several];
    }
}
