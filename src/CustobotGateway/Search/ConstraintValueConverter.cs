using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustobotGateway.Search;

/// <summary>Writes operands as they are given; reading is <see cref="SearchRequestReader"/>'s, which says what is wrong and where.</summary>
internal sealed class ConstraintValueConverter : JsonConverter<ConstraintValue>
{
    public override ConstraintValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Search requests are read by SearchRequestReader.");

    public override void Write(Utf8JsonWriter writer, ConstraintValue value, JsonSerializerOptions options)
    {
        switch (value.Kind)
        {
            case ConstraintValueKind.Number:
                writer.WriteNumberValue(value.Number);
                break;
            case ConstraintValueKind.Text:
                writer.WriteStringValue(value.Text);
                break;
            case ConstraintValueKind.True or ConstraintValueKind.False:
                writer.WriteBooleanValue(value.Kind == ConstraintValueKind.True);
                break;
            case ConstraintValueKind.Money:
                writer.WriteStartObject();
                writer.WriteNumber("amount", value.Number);
                writer.WriteString("currency", value.Text);
                writer.WriteEndObject();
                break;
            case ConstraintValueKind.Measure:
                writer.WriteStartObject();
                writer.WriteNumber("value", value.Number);
                if (value.Text is { } unit)
                {
                    writer.WriteString("unit", unit);
                }
                writer.WriteEndObject();
                break;
            case ConstraintValueKind.Circle:
                JsonSerializer.Serialize(writer, value.Circle, options);
                break;
            default:
                throw new InvalidOperationException("A number that cannot be held is refused before anything is written.");
        }
    }
}
