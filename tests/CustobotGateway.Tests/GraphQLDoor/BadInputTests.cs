using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CustobotGateway.Tests.Common;
using Xunit.Abstractions;

namespace CustobotGateway.Tests.GraphQLDoor;

/// <summary>Requests made to cost much are refused before anything is executed, with a place and a code.</summary>
public sealed class BadInputTests(GatewayFixture gateway, ITestOutputHelper output) : IClassFixture<GatewayFixture>
{
    // Far above what was seen, for machines that are busy: the figures are in the test's output.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private static string Repeat(string part, int times) => new StringBuilder(part.Length * times).Insert(0, part, times).ToString();

    public static TheoryData<string, string, string> Bombs => new()
    {
        { "deep nesting", "{ products { nodes " + Repeat("{ node ", 90) + "id" + Repeat(" }", 90) + " } }", "DEPTH_LIMIT_EXCEEDED" },
        { "deepest nesting", Repeat("{a", 300_000), "NESTING_LIMIT_EXCEEDED" },
        { "1 MB of braces", Repeat("{", 1_000_000), "GRAPHQL_SYNTAX_ERROR" },
        { "1 MB of lists", "{ products(first: " + Repeat("[", 1_000_000), "NESTING_LIMIT_EXCEEDED" },
        { "1 MB of fields", "{ " + Repeat("a ", 500_000) + "}", "TOKEN_LIMIT_EXCEEDED" },
        { "1 MB of one name", "{ " + Repeat("a", 1_000_000) + " }", "GRAPHQL_VALIDATION_FAILED" },
        { "1 MB of a string", "{ attribute(key: \"" + Repeat("a", 1_000_000) + "\") { nothing } }", "GRAPHQL_VALIDATION_FAILED" },
        { "alias bomb", "{ " + string.Concat(Enumerable.Range(0, 1_000).Select(i => $"a{i}: __typename ")) + "}", "ALIAS_LIMIT_EXCEEDED" },
        { "alias bomb of searches", "{ " + string.Concat(Enumerable.Range(0, 90).Select(i => $"a{i}: products(first: 100) {{ nodes {{ id }} edges {{ node {{ id }} }} }} ")) + "}", "COST_LIMIT_EXCEEDED" },
        { "fragment cycle", "query { ...a } fragment a on Query { ...b } fragment b on Query { ...a }", "GRAPHQL_VALIDATION_FAILED" },
        { "fragment bomb", "query { ...f0 } " + string.Concat(Enumerable.Range(0, 30).Select(i => $"fragment f{i} on Query {{ ...f{i + 1} ...f{i + 1} }} ")) + "fragment f30 on Query { __typename }", "FIELD_LIMIT_EXCEEDED" },
        { "directive overload", "{ __typename " + Repeat("@include(if: true) ", 1_000) + "}", "DIRECTIVE_LIMIT_EXCEEDED" },
        { "introspection bomb", "{ __schema { types " + Repeat("{ fields { type ", 20) + "{ name }" + Repeat(" } }", 20) + " } }", "INTROSPECTION_DEPTH_LIMIT_EXCEEDED" },
        { "int overflow", "{ products(first: 2147483648) { totalCount } }", "GRAPHQL_VALIDATION_FAILED" },
        { "overlapping fields", "{ " + string.Concat(Enumerable.Range(0, 400).Select(i => $"products {{ nodes {{ a{i % 9}: id ...on Product {{ a{i % 9}: externalId }} }} }} ")) + "}", "" },
        { "unknown operation", "type A { b: C }", "GRAPHQL_VALIDATION_FAILED" },
    };

    [Theory]
    [MemberData(nameof(Bombs), DisableDiscoveryEnumeration = true)]
    public async Task Bomb_is_refused_before_anything_is_executed(string name, string document, string code)
    {
        var body = GraphQLCalls.Body(document);
        var (before, watch) = (GC.GetTotalAllocatedBytes(), Stopwatch.StartNew());

        using var answer = await gateway.PostAsync(body, GraphQLCalls.ResponseMedia);
        var content = await GatewayFixture.ReadJsonAsync(answer);

        output.WriteLine($"{name}: {body.Length:N0} bytes, {watch.Elapsed.TotalMilliseconds:F1} ms, {(GC.GetTotalAllocatedBytes() - before) / 1024.0:N0} KB allocated by client and gateway");
        if (body.Length > 1 << 20)
        {
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
            return;
        }
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(content.TryGetProperty("data", out _));
        var error = content.GetProperty("errors")[0];
        Assert.True(code.Length == 0 || GraphQLCalls.CodeOf(error) == code, content.ToString());
        Assert.True(error.GetProperty("locations").GetArrayLength() > 0, content.ToString());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Longest);
    }

    [Theory]
    [InlineData("""{ "first": 2147483648 }""", "BAD_USER_INPUT")]
    [InlineData("""{ "first": 1.5 }""", "BAD_USER_INPUT")]
    [InlineData("""{ "must": { "panel_type": { "eq": "NOTHING" } } }""", "BAD_USER_INPUT")]
    [InlineData("""{ "must": { "price": { "eq": { "amount": 9007199254740992, "currency": "USD" } } } }""", "BAD_USER_INPUT")]
    [InlineData("""{ "must": { "price": { "eq": { "amount": 1 } } } }""", "BAD_USER_INPUT")]
    [InlineData("""{ "must": { "nothing": { "eq": 1 } } }""", "BAD_USER_INPUT")]
    [InlineData("""{ "must": { "weight": { "eq": 1e400 } } }""", "BAD_USER_INPUT")]
    public async Task Variable_that_does_not_fit_is_refused(string variables, string code)
    {
        using var answer = await gateway.PostAsync(
            """{"query":"query($first: Int, $must: [ProductFilterInput!]) { products(first: $first, must: $must) { totalCount } }","variables":""" + variables + "}", GraphQLCalls.ResponseMedia);

        var error = (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("errors")[0];
        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.StatusCode, GraphQLCalls.CodeOf(error)));
        Assert.True(error.GetProperty("locations").GetArrayLength() > 0);
    }

    [Fact]
    public async Task Huge_list_in_variables_is_refused()
    {
        var variables = new JsonObject { ["must"] = new JsonArray([.. Enumerable.Range(0, 20_000).Select(_ => new JsonObject())]) };

        var error = await gateway.AskWronglyAsync("query($must: [ProductFilterInput!]) { products(must: $must) { totalCount } }", variables);

        Assert.Equal("VARIABLES_LIMIT_EXCEEDED", GraphQLCalls.CodeOf(error));
    }

    [Fact]
    public async Task Deeply_nested_filters_are_refused()
    {
        var filter = new JsonObject { ["brand"] = new JsonObject { ["eq"] = "a" } };
        for (var depth = 0; depth < 9; depth++)
        {
            filter = new JsonObject { ["any"] = new JsonArray(filter) };
        }

        var error = await gateway.AskWronglyAsync("query($must: [ProductFilterInput!]) { products(must: $must) { totalCount } }", new JsonObject { ["must"] = new JsonArray(filter) });

        Assert.Equal("nesting_too_deep", GraphQLCalls.CodeOf(error));
    }

    [Fact]
    public async Task Too_many_constraints_are_refused()
    {
        var filters = new JsonArray([.. Enumerable.Range(0, 257).Select(_ => new JsonObject { ["brand"] = new JsonObject { ["eq"] = "a" } })]);

        var error = await gateway.AskWronglyAsync("query($must: [ProductFilterInput!]) { products(must: $must) { totalCount } }", new JsonObject { ["must"] = filters });

        Assert.Equal("too_many_constraints", GraphQLCalls.CodeOf(error));
    }

    [Fact]
    public async Task Whole_introspection_is_allowed()
    {
        var types = (await gateway.AskAsync("""
            { __schema { types { kind name fields(includeDeprecated: true) { name args { name type { ...T } } type { ...T } } inputFields { name type { ...T } defaultValue } enumValues { name } possibleTypes { name } } } }
            fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }
            """)).GetProperty("__schema").GetProperty("types");

        Assert.True(types.GetArrayLength() > 200);
    }
}
