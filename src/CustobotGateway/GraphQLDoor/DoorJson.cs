using System.Text.Json;
using System.Text.Json.Serialization;
using CustobotGateway.Catalog;
using CustobotGateway.Common;

namespace CustobotGateway.GraphQLDoor;

/// <summary>The operations' answers with members and enum values as the schema names them.</summary>
internal static class DoorJson
{
    public static readonly JsonSerializerOptions Options = new(Json.Options)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { },
    };

    static DoorJson()
    {
        Options.Converters.Clear();
        // Operators are named as the fields of filters are.
        Options.Converters.Add(new JsonStringEnumConverter<Operator>(JsonNamingPolicy.SnakeCaseLower));
        Options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper));
    }
}
