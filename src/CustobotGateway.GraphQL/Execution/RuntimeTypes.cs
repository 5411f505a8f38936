using System.Text.Json;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>The object type of a value (ResolveAbstractType, spec §6.4.3): by its class, or by its member <c>__typename</c>.</summary>
internal static class RuntimeTypes
{
    public static ObjectType? Find(Schema schema, CompositeType supertype, object? value)
    {
        if (value is null)
        {
            return null;
        }
        if (!schema.ObjectTypesByClass.TryGetValue(value.GetType(), out var type))
        {
            var name = value switch
            {
                IReadOnlyDictionary<string, object?> members => members.GetValueOrDefault("__typename") as string,
                JsonElement { ValueKind: JsonValueKind.Object } json => json.TryGetProperty("__typename", out var member) ? member.GetString() : null,
                _ => null,
            };
            type = name is null ? null : schema.FindType(name) as ObjectType;
        }
        return type is not null && supertype.IsSupertypeOf(type) ? type : null;
    }
}
