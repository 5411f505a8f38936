using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustobotGateway.Catalog;

/// <summary>Stages by name; <c>after-sales</c> is read like <c>after_sales</c>, since both spellings are in use.</summary>
public sealed class BuyingStages : JsonConverter<IReadOnlyList<BuyingStage>>
{
    /// <summary>The stage of that name, or null.</summary>
    public static BuyingStage? Parse(string? name) => name switch
    {
        "discover" => BuyingStage.Discover,
        "evaluate" => BuyingStage.Evaluate,
        "buy" => BuyingStage.Buy,
        "after_sales" or "after-sales" => BuyingStage.AfterSales,
        _ => null,
    };

    /// <inheritdoc/>
    public override IReadOnlyList<BuyingStage> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var stages = new List<BuyingStage>();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException();
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            stages.Add((reader.TokenType == JsonTokenType.String ? Parse(reader.GetString()) : null) ?? throw new JsonException());
        }
        return stages;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<BuyingStage> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray();
        foreach (var stage in value)
        {
            writer.WriteStringValue(JsonNamingPolicy.SnakeCaseLower.ConvertName(stage.ToString()));
        }
        writer.WriteEndArray();
    }
}
