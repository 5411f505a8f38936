using System.Text.Json;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Tests;

/// <summary>Responses are JSON, whatever values are in them.</summary>
public sealed class ResponseTests
{
    private static readonly string Long = new('x', 10_000);

    public static TheoryData<string> Texts => ["", "plain", "\"quoted\" and \\", "tab\tand\nline\u0001", "Größe", "漢字", "😀", "</script>", Long, Long + "é", "\u007f\u2028"];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Text_is_read_back_as_it_was(string text)
    {
        var schema = Schema.Parse("type Query { a: String, b: [String], c: String }", new Resolvers()
            .Field("Query", "a", (_, _, _) => text).Field("Query", "b", (_, _, _) => FieldValue.From(new object?[] { text, null, text })).Field("Query", "c", (_, _, _) => "end"));

        var answer = await Ask.Async(schema, "{ a b c }");

        var data = answer.Root.GetProperty("data");
        Assert.Equal((text, text, text, "end"), (data.GetProperty("a").GetString(), data.GetProperty("b")[0].GetString(), data.GetProperty("b")[2].GetString(), data.GetProperty("c").GetString()));
        Assert.Equal(JsonValueKind.Null, data.GetProperty("b")[1].ValueKind);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-1, "-1")]
    [InlineData(27, "27")]
    [InlineData(0.1, "0.1")]
    [InlineData(-1234.5, "-1234.5")]
    [InlineData(999_999_999_999_999, "999999999999999")]
    public async Task Number_is_written_in_its_shortest_form(double number, string json)
    {
        var schema = Schema.Parse("type Query { a: Float }", new Resolvers().Field("Query", "a", (_, _, _) => number));

        Assert.Equal("{\"a\":" + json + "}", (await Ask.Async(schema, "{ a }")).Data);
    }

    [Theory]
    [InlineData(1e15)]
    [InlineData(-1e300)]
    [InlineData(5e-324)]
    [InlineData(double.MaxValue)]
    [InlineData(1e21)]
    public async Task Large_and_small_numbers_are_read_back_as_they_were(double number)
    {
        var schema = Schema.Parse("type Query { a: Float }", new Resolvers().Field("Query", "a", (_, _, _) => number));

        Assert.Equal(number, (await Ask.Async(schema, "{ a }")).Root.GetProperty("data").GetProperty("a").GetDouble());
    }

    [Fact]
    public async Task Errors_data_and_extensions_stand_in_this_order()
    {
        var schema = Schema.Parse("type Query { a: Int, b: Int }", new Resolvers().Field("Query", "a", (_, _, _) => 1).Field("Query", "b", (_, _, _) => throw new GraphQLException("No.", "NO")));
        var options = new ExecutionOptions { WriteExtensions = (writer, _) => writer.WriteBoolean("told", true) };

        var answer = await Ask.Async(schema, "{ a b }", options: options);
        var refused = await Ask.Async(schema, "{ c }", options: options);

        Assert.Equal(["errors", "data", "extensions"], answer.Root.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["errors", "extensions"], refused.Root.EnumerateObject().Select(member => member.Name));
        Assert.True(answer.Root.GetProperty("extensions").GetProperty("told").GetBoolean());
    }
}
