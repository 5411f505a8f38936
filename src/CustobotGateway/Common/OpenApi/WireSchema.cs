using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CustobotGateway.Common.OpenApi;

/// <summary>
/// Says which members are required and which may be null as the serializer holds it. The generator's own reading of nullable annotations
/// calls members with a default required and lets every text be null.
/// </summary>
internal sealed class WireSchema : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties.Count: > 0 } described || Json.Options.GetTypeInfo(context.Type) is not { Kind: JsonTypeInfoKind.Object } type)
        {
            return;
        }
        described.Required = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var property in type.Properties)
        {
            if (property.IsGetNullable || property.IsSetNullable || !described.Properties!.TryGetValue(property.Name, out var member))
            {
                continue;
            }
            if (property.IsRequired)
            {
                described.Required.Add(property.Name);
            }
            if (member is OpenApiSchema { Type: { } kind } plain)
            {
                plain.Type = kind & ~JsonSchemaType.Null;
            }
        }
    }
}
