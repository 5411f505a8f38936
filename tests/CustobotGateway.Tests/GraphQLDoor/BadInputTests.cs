using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using CustobotGateway.Tests.Common;
using Xunit.Abstractions;

namespace CustobotGateway.Tests.GraphQLDoor;

/// <summary>Requests made to cost much are refused before anything is executed, with a place and a code.</summary>
public sealed class BadInputTests(GatewayFixture gateway, ITestOutputHelper output) : IClassFixture<GatewayFixture>
{
    // Far above what was seen, for machines that are busy: the figures are in the test's output.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    public static TheoryData<string> Names => [.. Bombs.All.Select(bomb => bomb.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Bomb_is_refused_before_anything_is_executed(string name)
    {
        var bomb = Bombs.All.Single(bomb => bomb.Name == name);
        var (before, watch) = (GC.GetTotalAllocatedBytes(), Stopwatch.StartNew());

        using var answer = await gateway.PostAsync(bomb.Body, GraphQLCalls.ResponseMedia);
        var content = await GatewayFixture.ReadJsonAsync(answer);

        output.WriteLine($"{name}: {bomb.Body.Length:N0} bytes, {watch.Elapsed.TotalMilliseconds:F1} ms, {(GC.GetTotalAllocatedBytes() - before) / 1024.0:N0} KB allocated by client and gateway");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(content.TryGetProperty("data", out _));
        var error = content.GetProperty("errors")[0];
        Assert.True(bomb.Code is null || GraphQLCalls.CodeOf(error) == bomb.Code, content.ToString());
        Assert.Equal(bomb.HasPlace, error.TryGetProperty("locations", out var locations) && locations.GetArrayLength() > 0);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Longest);
    }

    [Fact]
    public async Task Body_above_a_mebibyte_is_refused()
    {
        using var answer = await gateway.PostAsync(GraphQLCalls.Body("#" + new string('a', 1 << 20)), GraphQLCalls.ResponseMedia);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
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
