using System.Text.Json;
using System.Text.Json.Serialization;
using CustobotGateway.Common;
using CustobotGateway.Common.Preferences;

namespace CustobotGateway.GraphQLDoor.Operations;

/// <summary>What operations take and answer, as the schema writes it: members in camelCase, enum values in capitals, and all else as REST has it.</summary>
internal static class DoorWire
{
    public static readonly JsonSerializerOptions Options = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(Json.Options) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
        foreach (var names in options.Converters.OfType<JsonStringEnumConverter>().ToArray())
        {
            options.Converters.Remove(names);
        }
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false));
        options.Converters.Add(new PreferencesOfRest());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>Preferences are one JSON value, of the same form whichever door they go through.</summary>
    private sealed class PreferencesOfRest : JsonConverter<BuyingPreferences>
    {
        public override BuyingPreferences? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonSerializer.Deserialize<BuyingPreferences>(ref reader, Json.Options);

        public override void Write(Utf8JsonWriter writer, BuyingPreferences value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, Json.Options);
    }
}
