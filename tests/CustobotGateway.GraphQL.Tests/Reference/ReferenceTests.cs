using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;
using CustobotGateway.GraphQL.Validation;

namespace CustobotGateway.GraphQL.Tests.Reference;

public sealed class ReferenceTests
{
    private const int Seed = 20_261_122;
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] VariableSets =
    [
        """{"t1": 1, "t4": "s", "t6": true, "t12": {}, "t14": {"from": 1}}""",
        """
        {"v": true, "w": false, "x": 1, "y": "s", "t0": 5, "t1": -1, "t2": 0.5, "t3": "text", "t4": "é", "t5": false, "t6": false, "t7": 7, "t8": "TAN",
         "t9": [1, 2], "t10": 3, "t11": {"name": "n", "ranges": [[{"from": 1}]]}, "t12": {"not": {"ids": ["a", 4]}}, "t13": {"number": 1}, "t14": {"from": 1, "to": null},
         "t15": {"any": [1, {"deep": true}]}, "t16": ["h1"]}
        """,
        """{"v": null, "w": 1.5, "x": {"from": 1}, "y": [1, 2], "t0": null, "t1": 2147483648, "t4": 5, "t6": true, "t12": {"nam": 1, "range": {}}, "t13": {"name": null}, "t14": [1]}""",
        """{"v": 7, "w": "BLACK", "x": [], "y": {"name": "n"}, "t1": 1.0, "t4": "", "t6": true, "t8": "BLAK", "t9": [1, "x", null], "t12": {"color": 4, "weight": "w"}, "t13": {}, "t14": {"from": 1.5}}""",
    ];

    private static readonly OperationLimits NoLimits = new()
    {
        MaxTokens = int.MaxValue,
        MaxDepth = int.MaxValue,
        MaxIntrospectionDepth = int.MaxValue,
        MaxAliases = int.MaxValue,
        MaxDirectives = int.MaxValue,
        MaxFields = int.MaxValue,
        MaxListItems = double.MaxValue,
        MaxFieldCost = double.MaxValue,
        MaxTypeCost = double.MaxValue,
    };

    private static int Count => Environment.GetEnvironmentVariable("CUSTOBOT_TEST_FULL") == "1" ? 5_000 : 500;

    [ReferenceFact]
    public async Task Verdicts_messages_places_and_results_are_those_of_the_reference_implementation()
    {
        var random = new RandomDocuments(PetSchema.Schema, Seed);
        var questions = Enumerable.Range(0, Count)
            .Select(i => new { text = random.Next(), variables = JsonNode.Parse(VariableSets[i % VariableSets.Length]), operation = (string?)null })
            .ToList();

        var answers = ReferenceImplementation.Ask(new { sdl = PetSchema.Sdl, data = JsonNode.Parse(PetSchema.Data), documents = questions });

        var differences = new List<string>();
        var (valid, executed) = (0, 0);
        for (var i = 0; i < questions.Count; i++)
        {
            var expected = answers[i];
            if (expected.TryGetProperty("thrown", out _))
            {
                continue;
            }
            var actual = await AnswerAsync(questions[i].text, questions[i].variables!.ToJsonString());
            valid += expected.TryGetProperty("data", out _) ? 1 : 0;
            executed += expected.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object ? 1 : 0;
            var (left, right) = (Comparable(expected), Comparable(JsonSerializer.SerializeToElement(actual)));
            if (left != right)
            {
                var from = Math.Max(0, left.AsSpan().CommonPrefixLength(right) - 100);
                differences.Add($"{questions[i].text}\nvariables {questions[i].variables!.ToJsonString()}\n  expected …{left[from..]}\n  actual   …{right[from..]}");
            }
        }
        Assert.True(differences.Count == 0, $"{differences.Count} of {questions.Count} differ:\n\n{string.Join("\n\n", differences.Take(10))}");
        Assert.InRange(valid, Count / 10, Count * 9 / 10);
        Assert.InRange(executed, Count / 20, Count);
    }

    [ReferenceFact]
    public async Task The_reference_reads_our_introspection_and_prints_the_same_schema()
    {
        var standard = ReferenceImplementation.Ask(new { sdl = PetSchema.Sdl, query = true }).GetProperty("query").GetString()!;
        var answer = await Ask.Async(PetSchema.Schema, standard);

        var printed = ReferenceImplementation.Ask(new { sdl = PetSchema.Sdl, introspection = answer.Root.GetProperty("data") });

        Assert.Empty(answer.Errors);
        Assert.Equal(printed.GetProperty("fromSdl").GetString(), printed.GetProperty("fromIntrospection").GetString());
    }

    [ReferenceFact]
    public void The_reference_reads_our_printed_schema_as_the_same_schema()
    {
        var printed = ReferenceImplementation.Ask(new { sdl = PetSchema.Sdl, printed = SchemaPrinter.Print(PetSchema.Schema) });

        Assert.Equal(printed.GetProperty("fromSdl").GetString(), printed.GetProperty("fromPrinted").GetString());
    }

    private static async Task<JsonObject> AnswerAsync(string text, string variables)
    {
        DocumentNode document;
        try
        {
            document = Parser.Parse(Encoding.UTF8.GetBytes(text), ParserLimits.Trusted);
        }
        catch (SyntaxException failure)
        {
            return new JsonObject { ["syntax"] = Errors([failure.Error]) };
        }
        var invalid = DocumentValidator.Validate(PetSchema.Schema, document);
        if (invalid.Count > 0)
        {
            return new JsonObject { ["invalid"] = Errors(invalid) };
        }
        if (document.Definitions.Any(definition => definition is OperationNode { Operation: OperationKind.Subscription }))
        {
            return new JsonObject { ["valid"] = true };
        }
        var answer = await Ask.Async(PetSchema.Schema, text, variables, options: new ExecutionOptions { Root = PetSchema.Root, Limits = NoLimits });
        var root = JsonNode.Parse(answer.Json)!.AsObject();
        if (answer.Messages.Any(message => message.Contains("decides whether a field is asked", StringComparison.Ordinal)))
        {
            return new JsonObject { ["switches"] = true };
        }
        return new JsonObject
        {
            ["data"] = root["data"]?.DeepClone(),
            ["errors"] = root["errors"]?.DeepClone() ?? new JsonArray(),
            ["refused"] = !root.ContainsKey("data"),
        };
    }

    private static JsonArray Errors(IReadOnlyList<GraphQLError> errors) =>
        [.. errors.Select(error => JsonSerializer.SerializeToNode(new { message = error.Message, locations = error.Locations.Select(place => new { line = place.Line, column = place.Column }) }))];

    private static string Comparable(JsonElement answer)
    {
        var node = JsonNode.Parse(answer.GetRawText())!.AsObject();
        foreach (var list in new[] { "syntax", "invalid", "errors" })
        {
            foreach (var error in node[list]?.AsArray() ?? [])
            {
                error!.AsObject().Remove("extensions");
                if (error["locations"] is null)
                {
                    error["locations"] = new JsonArray();
                }
            }
        }
        if (node["invalid"] is JsonArray invalid)
        {
            // With several operations the reference may take up fragments in the order of an operation before.
            node["invalid"] = new JsonArray([.. invalid.Select(error => error!.DeepClone()).OrderBy(error => error.ToJsonString(), StringComparer.Ordinal)]);
        }
        node.Remove(node["data"] is null ? "data" : "-");
        return Sorted(node)!.ToJsonString(Relaxed);
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key is "message" ? 0 : 1).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
