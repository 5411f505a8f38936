using System.Buffers;
using System.Text.Json;
using CustobotGateway.GraphQL;

namespace CustobotGateway.GraphQLDoor.Http;

/// <summary>A response to what never became a request: errors and no data (spec §7.1).</summary>
internal static class ErrorResponse
{
    public static void Write(IBufferWriter<byte> output, GraphQLError error)
    {
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteStartArray("errors");
        writer.WriteStartObject();
        writer.WriteString("message", error.Message);
        writer.WriteStartObject("extensions");
        writer.WriteString("code", error.Code);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
