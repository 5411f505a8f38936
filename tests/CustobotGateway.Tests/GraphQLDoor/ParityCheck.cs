using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Catalog;
using CustobotGateway.GraphQLDoor.Schemas;
using CustobotGateway.GraphQLDoor.Searching;
using CustobotGateway.Search;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.GraphQLDoor;

/// <summary>Asks the same search through REST and through GraphQL, and compares everything that both answer.</summary>
internal sealed class ParityCheck(GatewayFixture gateway, AttributeRegistry registry)
{
    private const string Head = """
        query($query: String, $queryMode: QueryMode, $must: [ProductFilterInput!], $should: [ProductWishInput!], $mustNot: [ProductFilterInput!], $sort: [ProductSortInput!],
              $facets: [FacetInput!], $explain: Boolean, $first: Int, $after: String, $offset: Int) {
          products(query: $query, queryMode: $queryMode, must: $must, should: $should, mustNot: $mustNot, sort: $sort, facets: $facets, explain: $explain, first: $first, after: $after, offset: $offset) {
            totalCount catalogVersion pageInfo { hasNextPage endCursor }
            facets { attribute unit missing other values { value count } ranges { from to count } stats { count min max } }
            relaxations { kind change size count } excludedBy { attribute matchesAlone totalWithout }
            edges { score cursor explain { attribute op outcome actual missedBy { value unit } } node { id externalId
        """;

    private readonly RegistryNames _names = new(registry, SchemaText.TakenTypes);

    /// <summary>How many searches were refused, by both.</summary>
    public int Refused { get; private set; }

    /// <summary>How many searches found something.</summary>
    public int Found { get; private set; }

    /// <summary>Asks both; fails where they differ.</summary>
    public async Task CheckAsync(JsonObject search, IReadOnlyList<string> keys)
    {
        search["select"] = new JsonArray([.. keys.Select(key => JsonValue.Create(key))]);
        using var answer = await gateway.Client.PostAsync("/v1/products/search", new StringContent(search.ToJsonString(), Encoding.UTF8, "application/json"));
        var rest = await GatewayFixture.ReadJsonAsync(answer);
        var variables = Variables(search);
        var graphQL = await gateway.SendAsync(Query(keys), variables);
        var context = $"{search.ToJsonString()}\n{variables.ToJsonString()}\n{rest}\n{graphQL}";
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            Refused++;
            Assert.True(graphQL.TryGetProperty("errors", out var errors) && GraphQLCalls.CodeOf(errors[0]) == rest.GetProperty("code").GetString(), context);
            return;
        }
        Assert.False(graphQL.TryGetProperty("errors", out _), context);
        var connection = graphQL.GetProperty("data").GetProperty("products");
        Found += connection.GetProperty("totalCount").GetInt32() > 0 ? 1 : 0;
        Assert.True(JsonNode.DeepEquals(FromRest(rest), FromGraphQL(connection, keys)), $"{FromRest(rest).ToJsonString()}\n{FromGraphQL(connection, keys).ToJsonString()}\n{context}");
        await CheckNextPageAsync(search, rest, variables, connection, keys, context);
    }

    /// <summary>The page after the first hit by its own cursor begins with the second, and the next page is REST's.</summary>
    private async Task CheckNextPageAsync(JsonObject search, JsonElement rest, JsonObject variables, JsonElement connection, IReadOnlyList<string> keys, string context)
    {
        if (rest.GetProperty("page").GetProperty("next").GetString() is not { } next || rest.GetProperty("products").GetArrayLength() < 2)
        {
            return;
        }
        var again = search.DeepClone().AsObject();
        again["page"] = new JsonObject { ["size"] = search["page"]?["size"]?.DeepClone(), ["after"] = next };
        again.Remove("facets");
        again.Remove("explain");
        using var answer = await gateway.Client.PostAsync("/v1/products/search", new StringContent(again.ToJsonString(), Encoding.UTF8, "application/json"));
        var restIds = (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("products").EnumerateArray().Select(product => product.GetProperty("id").GetString()).ToArray();
        var edges = connection.GetProperty("edges");
        var (nextPage, afterFirst) = (variables.DeepClone().AsObject(), variables.DeepClone().AsObject());
        (nextPage["after"], nextPage["offset"], nextPage["explain"]) = (connection.GetProperty("pageInfo").GetProperty("endCursor").GetString(), null, false);
        (afterFirst["after"], afterFirst["offset"], afterFirst["explain"]) = (edges[0].GetProperty("cursor").GetString(), null, false);

        var (nextIds, afterFirstIds) = (await IdsAsync(nextPage, keys), await IdsAsync(afterFirst, keys));
        Assert.True(restIds.SequenceEqual(nextIds), context);
        Assert.True(edges[1].GetProperty("node").GetProperty("id").GetString() == afterFirstIds[0], context);
    }

    private async Task<string?[]> IdsAsync(JsonObject variables, IReadOnlyList<string> keys) =>
        [.. (await gateway.AskAsync(Query(keys), variables)).GetProperty("products").GetProperty("edges").EnumerateArray().Select(edge => edge.GetProperty("node").GetProperty("id").GetString())];

    private string Query(IReadOnlyList<string> keys) => $"{Head} {string.Join(' ', keys.Select(key => _names.ByKey(key)!).Select(attribute => attribute.Field + attribute.Type switch
    {
        AttributeType.Money => " { amount currency }",
        AttributeType.Measure or AttributeType.Duration => " { value unit }",
        AttributeType.Geo => " { lat lon }",
        _ => "",
    }))} attributes(keys: {JsonSerializer.Serialize(keys)}) }} }} }} }}";

    private JsonObject Variables(JsonObject search)
    {
        var request = SearchRequestReader.Read(Encoding.UTF8.GetBytes(search.ToJsonString()), registry).Value;
        return new JsonObject
        {
            ["query"] = request.Query,
            ["queryMode"] = request.QueryMode.ToString().ToUpperInvariant(),
            ["must"] = Filters(request.Must),
            ["mustNot"] = Filters(request.MustNot),
            ["should"] = new JsonArray([.. request.Should.Select(wish => new JsonObject { ["filter"] = FilterWriter.Write(wish, _names), ["weight"] = wish.Weight })]),
            ["sort"] = new JsonArray([.. request.Sort.Select(key => new JsonObject
            {
                ["by"] = key.By switch { "external_id" => "externalId", "id" or "_score" => key.By, _ => _names.ByKey(key.By)!.Field },
                ["order"] = key.Order?.ToString().ToUpperInvariant(),
            })]),
            ["facets"] = new JsonArray([.. (search["facets"]?.AsArray() ?? []).Select(facet => new JsonObject
            {
                ["attribute"] = _names.ByKey((string)facet!["attribute"]!)!.Field,
                ["limit"] = facet["limit"]?.DeepClone(),
                ["excludeOwn"] = facet["exclude_own"]?.DeepClone() ?? false,
                ["stats"] = facet["stats"]?.DeepClone() ?? false,
                ["ranges"] = facet["ranges"]?.DeepClone(),
            })]),
            ["explain"] = request.Explain,
            ["first"] = request.Page?.Size ?? SearchLimits.DefaultPageSize,
            ["offset"] = request.Page?.Offset,
        };
    }

    private JsonArray Filters(IReadOnlyList<Constraint> constraints) => new([.. constraints.Select(constraint => FilterWriter.Write(constraint, _names))]);

    private static JsonObject FromRest(JsonElement answer) => new()
    {
        ["total"] = Node(answer.GetProperty("total")),
        ["version"] = Node(answer.GetProperty("catalog_version")),
        ["more"] = answer.GetProperty("page").GetProperty("next").ValueKind == JsonValueKind.String,
        ["facets"] = new JsonArray([.. answer.GetProperty("facets").EnumerateObject().Select(facet =>
        {
            var node = Node(facet.Value)!.AsObject();
            node["attribute"] = facet.Name;
            return WithoutNulls(node);
        })]),
        ["relaxations"] = new JsonArray([.. answer.GetProperty("relaxations").EnumerateArray().Select(one => Pick(one, "kind", "change", "size", "count"))]),
        ["excluded"] = new JsonArray([.. (answer.TryGetProperty("excluded_by", out var excluded) ? excluded.EnumerateArray().ToArray() : []).Select(one =>
            new JsonObject { ["attribute"] = Member(one, "attribute"), ["alone"] = Member(one, "matches_alone"), ["without"] = Member(one, "total_without") })]),
        ["products"] = new JsonArray([.. answer.GetProperty("products").EnumerateArray().Select(product => new JsonObject
        {
            ["id"] = Member(product, "id"),
            ["external"] = Member(product, "external_id"),
            ["score"] = Member(product, "score"),
            ["attributes"] = Member(product, "attributes"),
            ["typed"] = Member(product, "attributes"),
            ["explain"] = product.TryGetProperty("explain", out var explain) ? new JsonArray([.. explain.EnumerateArray().Select(one => Outcome(one, "missed_by", text => text))]) : null,
        })]),
    };

    private JsonObject FromGraphQL(JsonElement connection, IReadOnlyList<string> keys) => new()
    {
        ["total"] = Node(connection.GetProperty("totalCount")),
        ["version"] = Node(connection.GetProperty("catalogVersion")),
        ["more"] = connection.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean(),
        ["facets"] = new JsonArray([.. connection.GetProperty("facets").EnumerateArray().Select(facet => WithoutNulls(Node(facet)!.AsObject()))]),
        ["relaxations"] = new JsonArray([.. connection.GetProperty("relaxations").EnumerateArray().Select(one => Pick(one, "kind", "change", "size", "count"))]),
        ["excluded"] = new JsonArray([.. connection.GetProperty("excludedBy").EnumerateArray().Select(one =>
            new JsonObject { ["attribute"] = Member(one, "attribute"), ["alone"] = Member(one, "matchesAlone"), ["without"] = Member(one, "totalWithout") })]),
        ["products"] = new JsonArray([.. connection.GetProperty("edges").EnumerateArray().Select(edge => new JsonObject
        {
            ["id"] = Member(edge.GetProperty("node"), "id"),
            ["external"] = Member(edge.GetProperty("node"), "externalId"),
            ["score"] = Member(edge, "score"),
            ["attributes"] = Member(edge.GetProperty("node"), "attributes"),
            ["typed"] = Typed(edge.GetProperty("node"), keys),
            ["explain"] = edge.GetProperty("explain") is { ValueKind: JsonValueKind.Array } explain
                ? new JsonArray([.. explain.EnumerateArray().Select(one => Outcome(one, "missedBy", text => text.ToLowerInvariant()))]) : null,
        })]),
    };

    /// <summary>The typed fields in REST's form: by key, places as lists, nothing where there is no value.</summary>
    private JsonObject Typed(JsonElement node, IReadOnlyList<string> keys)
    {
        var attributes = new JsonObject();
        foreach (var attribute in keys.Distinct().Select(key => _names.ByKey(key)!))
        {
            var value = node.GetProperty(attribute.Field);
            if (value.ValueKind != JsonValueKind.Null)
            {
                attributes[attribute.Key] = attribute.Type == AttributeType.Geo ? new JsonArray(Member(value, "lat"), Member(value, "lon")) : Node(value);
            }
        }
        return attributes;
    }

    private static JsonObject Outcome(JsonElement one, string missedBy, Func<string, string> lower) => new()
    {
        ["attribute"] = Member(one, "attribute"),
        ["op"] = Member(one, "op"),
        ["outcome"] = lower(one.GetProperty("outcome").GetString()!),
        ["actual"] = Member(one, "actual"),
        ["missed"] = one.TryGetProperty(missedBy, out var missed) && missed.ValueKind == JsonValueKind.Object ? WithoutNulls(Node(missed)!.AsObject()) : null,
    };

    private static JsonObject Pick(JsonElement one, params string[] members) => new([.. members.Select(member => KeyValuePair.Create(member, Member(one, member)))]);

    private static JsonNode? Member(JsonElement value, string name) => value.TryGetProperty(name, out var member) ? Node(member) : null;

    /// <summary>The node as it reads after a number's spelling is forgotten: 27 and 27.0 are one.</summary>
    private static JsonNode? Node(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => JsonValue.Create(value.GetDouble()),
        JsonValueKind.Object => new JsonObject(value.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, Node(member.Value)))),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(Node)]),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonNode.Parse(value.GetRawText()),
    };

    private static JsonObject WithoutNulls(JsonObject members)
    {
        foreach (var (name, value) in members.ToList())
        {
            if (value is null)
            {
                members.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                WithoutNulls(inner);
            }
            else if (value is JsonArray list)
            {
                foreach (var item in list.OfType<JsonObject>())
                {
                    WithoutNulls(item);
                }
            }
        }
        return members;
    }
}
