using System.Buffers;
using System.Text;
using System.Text.Json;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Tests;

/// <summary>Sends a request to an engine of its own and reads the answer.</summary>
internal static class Ask
{
    public static async Task<Answer> Async(
        Schema schema, string query, string? variables = null, string? operation = null, ExecutionOptions? options = null, CancellationToken cancellationToken = default)
    {
        var output = new ArrayBufferWriter<byte>();
        var report = await new GraphQLEngine(new DocumentCache()).ExecuteAsync(schema, Request(query, variables, operation), options ?? new(), output, cancellationToken);
        return new Answer(report, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    public static GraphQLRequest Request(string query, string? variables = null, string? operation = null) => new()
    {
        Query = Encoding.UTF8.GetBytes(query),
        Variables = variables is null ? default : Encoding.UTF8.GetBytes(variables),
        OperationName = operation,
    };
}

internal sealed record Answer(ExecutionReport Report, string Json)
{
    public JsonElement Root => JsonDocument.Parse(Json).RootElement;

    public string Data => Root.TryGetProperty("data", out var data) ? data.GetRawText() : "none";

    public JsonElement[] Errors => Root.TryGetProperty("errors", out var errors) ? [.. errors.EnumerateArray()] : [];

    public string[] Messages => [.. Errors.Select(error => error.GetProperty("message").GetString()!)];

    public string[] Codes => [.. Errors.Select(error => error.GetProperty("extensions").GetProperty("code").GetString()!)];
}
