using System.Reflection;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;

namespace CustobotGateway.Catalog;

/// <summary>Attribute definitions in files: one object, an array, or <c>{"attributes":[…]}</c> each.</summary>
public static class AttributeFiles
{
    private const string ResourcePrefix = "attributes/";

    /// <summary>The definitions that the gateway ships with, by file name.</summary>
    public static IReadOnlyList<AttributeDefinition> BuiltIn()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return Read(assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)),
            name => assembly.GetManifestResourceStream(name)!);
    }

    /// <summary>The definitions of a folder's <c>*.json</c>, by file name. Throws <see cref="InvalidDataException"/> with file and place for what is not valid.</summary>
    public static IReadOnlyList<AttributeDefinition> Read(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new InvalidDataException($"There is no folder '{directory}' with an attribute registry.");
        }
        var files = Directory.GetFiles(directory, "*.json");
        return files.Length > 0 ? Read(files, File.OpenRead) : throw new InvalidDataException($"The folder '{directory}' holds no *.json file.");
    }

    private static List<AttributeDefinition> Read(IEnumerable<string> names, Func<string, Stream> open)
    {
        var definitions = new List<AttributeDefinition>();
        var validator = new AttributeDefinitionValidator();
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            foreach (var definition in Parse(name, open))
            {
                if (validator.Validate(definition) is { IsValid: false } result)
                {
                    throw new InvalidDataException($"{name}: attribute '{definition.Key}': {result.Errors[0].ErrorMessage}");
                }
                definitions.Add(AttributeMerge.Normalize(definition));
            }
        }
        return definitions;
    }

    private static List<AttributeDefinition> Parse(string name, Func<string, Stream> open)
    {
        try
        {
            using var stream = open(name);
            using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("attributes", out var list))
            {
                root = list;
            }
            return root.ValueKind == JsonValueKind.Array
                ? root.Deserialize<List<AttributeDefinition>>(Json.Options)!
                : [root.Deserialize<AttributeDefinition>(Json.Options)!];
        }
        catch (JsonException exception)
        {
            var problem = BindingFailures.Describe(exception);
            throw new InvalidDataException($"{name}: {string.Join(' ', problem.Errors.Select(error => $"{error.Pointer}: {error.Detail}").DefaultIfEmpty(problem.Detail))}", exception);
        }
    }
}
