using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace CustobotGateway.Common.OpenApi;

/// <summary>An example of an operation, run by a test against the demo catalogue: <c>openapi/examples/{operationId}.json</c>.</summary>
public sealed record ContractExample
{
    /// <summary>Values of path, query and header parameters, by name.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Parameters { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>The body: JSON, or a string for other media types; null without one.</summary>
    public JsonNode? Body { get; init; }

    /// <summary>What the body shown first is called, where there are others.</summary>
    public string Name { get; init; } = "example";

    /// <summary>Bodies of other forms by name, each answered as the first.</summary>
    public IReadOnlyDictionary<string, JsonNode> Others { get; init; } = new Dictionary<string, JsonNode>();

    /// <summary>The body's media type.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The status of the answer.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The operation whose example runs just before, where this one needs what that one makes.</summary>
    public string? After { get; init; }

    /// <summary>What the examples that follow need of the answer: a name, and the JSON Pointer of the value.</summary>
    public IReadOnlyDictionary<string, string> Keep { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// What is sent instead of the values shown, when the example is run: the name of a parameter or the JSON Pointer of a member of the
    /// body, and a text in which <c>{name}</c> stands for what was kept, and <c>{unique}</c> for something new each time.
    /// </summary>
    public IReadOnlyDictionary<string, string> Take { get; init; } = new Dictionary<string, string>();
}

/// <summary>The examples, by operationId.</summary>
public sealed class ContractExamples
{
    private const string Folder = "Examples.";

    /// <summary>The examples, by operationId.</summary>
    public IReadOnlyDictionary<string, ContractExample> All { get; } = Load();

    /// <summary>Puts the operation's example into its parameters and body.</summary>
    internal void Apply(OpenApiOperation operation)
    {
        if (!All.TryGetValue(operation.OperationId ?? "", out var example))
        {
            return;
        }
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (example.Parameters.TryGetValue(parameter.Name ?? "", out var value))
            {
                parameter.Example = value?.DeepClone();
            }
        }
        if (example.Body is not null && operation.RequestBody?.Content?.TryGetValue(example.ContentType, out var media) == true
            && media is OpenApiMediaType concrete)
        {
            if (example.Others.Count == 0)
            {
                concrete.Example = example.Body.DeepClone();
                return;
            }
            concrete.Examples = example.Others.Prepend(new(example.Name, example.Body))
                .ToDictionary(one => one.Key, IOpenApiExample (one) => new OpenApiExample { Value = one.Value.DeepClone() });
        }
    }

    private static Dictionary<string, ContractExample> Load()
    {
        var assembly = typeof(ContractExamples).Assembly;
        var examples = new Dictionary<string, ContractExample>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            examples[resource[Folder.Length..^".json".Length]] = JsonSerializer.Deserialize<ContractExample>(stream, Json.Options)!;
        }
        return examples;
    }
}
