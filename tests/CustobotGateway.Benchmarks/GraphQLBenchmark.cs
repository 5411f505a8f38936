using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Catalog;
using CustobotGateway.GraphQLDoor.Schemas;
using CustobotGateway.GraphQLDoor.Searching;
using CustobotGateway.Search;

namespace CustobotGateway.Benchmarks;

/// <summary>
/// The same searches with the same 15 fields through REST and through GraphQL, with a document that the gateway knows and with documents that it never saw;
/// beside them the reference server of GraphQL over HTTP (npm <c>graphql-http</c>), which answers the same documents from memory. Interleaved.
/// </summary>
public static class GraphQLBenchmark
{
    private const string Part = "graphql";
    private const string Path = "/graphql";
    private const int Fields = 15;

    // More than the gateway keeps, and sent in turn: each is forgotten before it comes again.
    private const int UnknownDocuments = 6_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(BenchOptions options, Figures figures, GatewayUnderTest gateway, IReadOnlyList<string> searches, string registryFolder, string folder)
    {
        var registry = new AttributeRegistry([.. AttributeFiles.Read(registryFolder).Select((definition, ordinal) => new RegisteredAttribute(ordinal, definition))]);
        var names = new RegistryNames(registry, SchemaText.TakenTypes);
        var fields = names.Attributes.Where(attribute => attribute.Type is not (AttributeType.Text or AttributeType.KeywordSet)).Take(Fields).ToArray();
        var document = Document("Search", fields);
        var files = new[] { "rest.ndjson", "known.ndjson", "unknown.ndjson" }.Select(name => System.IO.Path.Combine(folder, name)).ToArray();
        var plain = searches.Select(search => WithSelect(search, fields)).ToArray();
        var variables = searches.Select(search => Variables(search, registry, names)).ToArray();
        var bodies = variables.Select(one => Body(document, one)).ToArray();
        await CheckAsync(gateway, plain, bodies);
        await File.WriteAllLinesAsync(files[0], plain);
        await File.WriteAllLinesAsync(files[1], bodies);
        await File.WriteAllLinesAsync(files[2], Enumerable.Range(0, UnknownDocuments).Select(i => Body(Document("Search" + i.ToString(CultureInfo.InvariantCulture), fields), variables[i % variables.Length])));

        var payload = await AskAsync(gateway, bodies[0]);
        await using var reference = await StartReferenceAsync(gateway, payload, folder);
        var referencePort = new Uri(await reference.ReadLineAsync()).Port;
        await using var rest = Child.StartSelf("load", files[0]);
        await using var known = Child.StartSelf("load", files[1], Path);
        await using var unknown = Child.StartSelf("load", files[2], Path);
        await ServerBenchmark.WarmUpAsync(rest, gateway.ProcessId, gateway.Port);
        await ServerBenchmark.WarmUpAsync(known, gateway.ProcessId, gateway.Port);
        await ServerBenchmark.WarmUpAsync(unknown, gateway.ProcessId, gateway.Port);
        await ServerBenchmark.WarmUpAsync(known, reference.Id, referencePort);

        var rounds = new List<((double Cpu, double Rate) Plain, (double Cpu, double Rate) Known, (double Cpu, double Rate) Unknown, (double Cpu, double Rate) Reference)>();
        for (var round = 0; round < options.Rounds; round++)
        {
            rounds.Add((await ServerBenchmark.MeasureAsync(rest, gateway.ProcessId, gateway.Port, options.Seconds),
                await ServerBenchmark.MeasureAsync(known, gateway.ProcessId, gateway.Port, options.Seconds),
                await ServerBenchmark.MeasureAsync(unknown, gateway.ProcessId, gateway.Port, options.Seconds),
                await ServerBenchmark.MeasureAsync(known, reference.Id, referencePort, options.Seconds)));
        }
        figures.Add(Part, "REST CPU", "µs/request", [.. rounds.Select(round => round.Plain.Cpu)], $"{Fields} fields selected, facets as in the workload");
        figures.Add(Part, "known document CPU", "µs/request", [.. rounds.Select(round => round.Known.Cpu)]);
        figures.Add(Part, "unknown document CPU", "µs/request", [.. rounds.Select(round => round.Unknown.Cpu)], $"{document.Length} bytes, each sent once");
        figures.Add(Part, "known document to REST", "CPU ratio", [.. rounds.Select(round => round.Known.Cpu / round.Plain.Cpu)], "at most 1.5");
        figures.Add(Part, "unknown document to REST", "CPU ratio", [.. rounds.Select(round => round.Unknown.Cpu / round.Plain.Cpu)], "at most 2.5");
        figures.Add(Part, "rate", "requests/s", [.. rounds.Select(round => round.Known.Rate)]);
        figures.Add(Part, "reference's rate", "requests/s", [.. rounds.Select(round => round.Reference.Rate)], "graphql-http on Node, one answer from memory");
        figures.Add(Part, "rate to the reference's", "ratio", [.. rounds.Select(round => round.Known.Rate / round.Reference.Rate)], "at least 3");
        await BadInputBenchmark.RunAsync(figures, gateway, registry);
    }

    private static string Document(string name, IEnumerable<AttributeNames> fields) => $$"""
        query {{name}}($query: String, $queryMode: QueryMode, $must: [ProductFilterInput!], $should: [ProductWishInput!], $mustNot: [ProductFilterInput!], $sort: [ProductSortInput!], $facets: [FacetInput!], $first: Int, $offset: Int) { products(query: $query, queryMode: $queryMode, must: $must, should: $should, mustNot: $mustNot, sort: $sort, facets: $facets, first: $first, offset: $offset) { totalCount catalogVersion edges { score node { id externalId {{string.Join(' ', fields.Select(Selection))}} } } facets { attribute unit values { value count } other missing stats { count min max } } pageInfo { endCursor } } }
        """;

    private static string Selection(AttributeNames attribute) => attribute.Field + attribute.Type switch
    {
        AttributeType.Money => " { amount currency }",
        AttributeType.Measure or AttributeType.Duration => " { value unit }",
        AttributeType.Geo => " { lat lon }",
        _ => "",
    };

    private static string WithSelect(string search, IEnumerable<AttributeNames> fields)
    {
        var request = JsonNode.Parse(search)!.AsObject();
        request["select"] = new JsonArray([.. fields.Select(field => JsonValue.Create(field.Key))]);
        return request.ToJsonString();
    }

    private static JsonObject Variables(string search, AttributeRegistry registry, RegistryNames names)
    {
        var request = SearchRequestReader.Read(Encoding.UTF8.GetBytes(search), registry).Value;
        return WithoutNulls(new JsonObject
        {
            ["query"] = request.Query,
            ["queryMode"] = request.Query is null ? null : request.QueryMode.ToString().ToUpperInvariant(),
            ["must"] = Filters(request.Must),
            ["mustNot"] = Filters(request.MustNot),
            ["should"] = request.Should.Count == 0 ? null
                : new JsonArray([.. request.Should.Select(wish => new JsonObject { ["filter"] = FilterWriter.Write(wish, names), ["weight"] = wish.Weight ?? 1 })]),
            ["sort"] = new JsonArray([.. request.Sort.Select(key => WithoutNulls(new JsonObject
            {
                ["by"] = key.By switch { "external_id" => "externalId", "id" or "_score" => key.By, _ => names.ByKey(key.By)!.Field },
                ["order"] = key.Order?.ToString().ToUpperInvariant(),
            }))]),
            ["facets"] = new JsonArray([.. request.Facets.Select(facet => WithoutNulls(new JsonObject
            {
                ["attribute"] = names.ByKey(facet.Attribute)!.Field,
                ["limit"] = facet.Limit,
                ["excludeOwn"] = facet.ExcludeOwn ? true : null,
                ["stats"] = facet.Stats ? true : null,
            }))]),
            ["first"] = request.Page?.Size ?? SearchLimits.DefaultPageSize,
            ["offset"] = request.Page?.Offset is > 0 and var offset ? offset : null,
        });

        JsonArray Filters(IReadOnlyList<Constraint> constraints) => new([.. constraints.Select(constraint => FilterWriter.Write(constraint, names))]);
    }

    // What is not asked is left out, as in REST's body: a client does not send it.
    private static JsonObject WithoutNulls(JsonObject members)
    {
        foreach (var name in members.Where(member => member.Value is null).Select(member => member.Key).ToArray())
        {
            members.Remove(name);
        }
        return members;
    }

    /// <summary>Holds that both doors answer the same to each search: hits, counts, statistics. Only then can their costs be compared.</summary>
    private static async Task CheckAsync(GatewayUnderTest gateway, string[] searches, string[] bodies)
    {
        for (var i = 0; i < searches.Length; i++)
        {
            var rest = JsonNode.Parse(await gateway.SearchAsync(searches[i]))!;
            var graphQL = JsonNode.Parse(await AskAsync(gateway, bodies[i]))!["data"]!["products"]!;
            var (one, other) = (new JsonObject
            {
                ["total"] = rest["total"]!.DeepClone(),
                ["ids"] = new JsonArray([.. rest["products"]!.AsArray().Select(product => product!["id"]!.DeepClone())]),
                ["facets"] = new JsonArray([.. rest["facets"]!.AsObject().Select(facet => Facet(facet.Value!))]),
            }, new JsonObject
            {
                ["total"] = graphQL["totalCount"]!.DeepClone(),
                ["ids"] = new JsonArray([.. graphQL["edges"]!.AsArray().Select(edge => edge!["node"]!["id"]!.DeepClone())]),
                ["facets"] = new JsonArray([.. graphQL["facets"]!.AsArray().Select(facet => Facet(facet!))]),
            });
            if (!JsonNode.DeepEquals(one, other))
            {
                throw new InvalidDataException($"REST and GraphQL differ in {searches[i]}:\n{one.ToJsonString()}\n{other.ToJsonString()}");
            }
        }

        static JsonObject Facet(JsonNode facet) => new()
        {
            ["missing"] = facet["missing"]!.DeepClone(),
            ["other"] = facet["other"]?.DeepClone(),
            ["values"] = facet["values"]?.DeepClone(),
            ["stats"] = facet["stats"] is { } stats ? WithoutNulls(stats.DeepClone().AsObject()) : null,
        };
    }

    private static string Body(string document, JsonObject variables) => new JsonObject { ["query"] = document, ["variables"] = variables.DeepClone() }.ToJsonString();

    private static async Task<string> AskAsync(GatewayUnderTest gateway, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await gateway.Client.PostAsync(Path, content);
        var text = await answer.Content.ReadAsStringAsync();
        using var json = JsonDocument.Parse(text);
        return json.RootElement.TryGetProperty("errors", out _) ? throw new InvalidDataException(text) : text;
    }

    private static async Task<Child> StartReferenceAsync(GatewayUnderTest gateway, string payload, string folder)
    {
        var work = Directory.CreateDirectory(System.IO.Path.Combine(folder, "reference")).FullName;
        await File.WriteAllTextAsync(System.IO.Path.Combine(work, "schema.graphql"), await gateway.Client.GetStringAsync("/schemas/gateway.graphql"));
        await File.WriteAllTextAsync(System.IO.Path.Combine(work, "payload.json"), payload);
        await File.WriteAllTextAsync(System.IO.Path.Combine(work, "package.json"), """{"private":true,"type":"module","dependencies":{"graphql":"16.15.0","graphql-http":"1.23.1"}}""");
        File.Copy(System.IO.Path.Combine(AppContext.BaseDirectory, "reference-server.mjs"), System.IO.Path.Combine(work, "server.mjs"));
        await using var install = Child.StartProgram("npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", work);
        await install.ReadToEndAsync(Patience);
        return Child.StartProgram("node", System.IO.Path.Combine(work, "server.mjs"), work);
    }
}
