using System.Text;
using System.Text.Json.Nodes;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Tests;

/// <summary>Fields that are bound to writers answer the same whether they are written together or executed one by one.</summary>
public sealed class WriterTests
{
    private const string Sdl = """
        type Query { shop: Shop strict: Shop! other: Shop }
        type Shop { name: String! motto: String tags: [String!] best: Item items: [Item!]! none: [Item!] late: String }
        type Item { id: Int! price: Float parts: [Item!] fails: Int missing: Int! }
        """;

    private static readonly Resolvers Bound = new Resolvers()
        .Field("Query", "shop", (_, _, _) => FieldValue.From(new Shop()))
        .Field("Query", "strict", (_, _, _) => FieldValue.From(new Shop()))
        .Field("Query", "other", (_, _, _) => FieldValue.From(new Dictionary<string, object?> { ["name"] = "by name", ["tags"] = new object?[] { "a" } }))
        .Leaf<Shop>("Shop", "name", (in _, output) => Write(output, "\"Größe\""))
        .Leaf<Shop>("Shop", "motto", (in _, _) => false)
        .Leaf<Shop>("Shop", "tags", (in _, output) => Write(output, "[\"a\",\"b\"]"))
        .Object("Shop", "best", (in Shop _, out Item best) => (best = new Item(7)).Id == 7)
        .List<Shop, Item>("Shop", "items", (in _) => 3, (in _, i) => new Item(i))
        .List<Shop, Item>("Shop", "none", (in _) => -1, (in _, i) => new Item(i))
        .FieldAsync("Shop", "late", async (_, _, _) =>
        {
            await Task.Yield();
            return "late";
        })
        .Leaf<Item>("Item", "id", (in item, output) => Write(output, $"{item.Id}"))
        .Leaf<Item>("Item", "price", (in item, output) => item.Id != 1 && Write(output, "0.5"))
        .List<Item, Item>("Item", "parts", (in item) => item.Id == 2 ? 2 : 0, (in _, i) => new Item(10 + i))
        .Leaf<Item>("Item", "fails", (in _, output) => Write(output, "\"half of it") && Fail())
        .Leaf<Item>("Item", "missing", (in _, _) => false);

    private static readonly Schema Schema = Schema.Parse(Sdl, Bound);

    [Theory]
    [InlineData("name motto tags")]
    [InlineData("a: name b: name __typename c: __typename")]
    [InlineData("best { id price } items { id price parts { id parts { id } } } none { id }")]
    [InlineData("...F ...on Shop { items { id } } items { price }", "fragment F on Shop { best { ...G } } fragment G on Item { id }")]
    [InlineData("items { id price @skip(if: $no) } best @include(if: $no) { id }")]
    [InlineData("items { __typename }")]
    public async Task Written_together_or_one_by_one_the_answer_is_the_same(string selection, string fragments = "")
    {
        const string head = "query ($no: Boolean = false) { shop { never: name @include(if: $no)";

        var together = await AskAsync($"{head} {selection} }} }} {fragments}");
        var apart = await AskAsync($"{head} late {selection} }} }} {fragments}");

        var expected = JsonNode.Parse(apart.Data)!;
        Assert.True(expected["shop"]!.AsObject().Remove("late"));
        Assert.Empty(together.Errors);
        Assert.Equal(expected.ToJsonString(), JsonNode.Parse(together.Data)!.ToJsonString());
    }

    [Fact]
    public async Task What_fails_is_null_and_told_with_its_place()
    {
        var answer = await AskAsync("{ shop { name items { id fails } best { fails } } }");

        Assert.Equal("""{"shop":{"name":"Größe","items":[{"id":0,"fails":null},{"id":1,"fails":null},{"id":2,"fails":null}],"best":{"fails":null}}}""", answer.Data);
        Assert.Equal(["INTERNAL_SERVER_ERROR", "INTERNAL_SERVER_ERROR", "INTERNAL_SERVER_ERROR", "INTERNAL_SERVER_ERROR"], answer.Codes);
        Assert.Equal("""["shop","items",1,"fails"]""", answer.Errors[1].GetProperty("path").GetRawText());
        Assert.Equal(26, answer.Errors[1].GetProperty("locations")[0].GetProperty("column").GetInt32());
    }

    [Theory]
    [InlineData("{ shop { name best { id missing } } }", """{"shop":{"name":"Größe","best":null}}""")]
    [InlineData("{ shop { name items { missing } } }", """{"shop":null}""")]
    [InlineData("{ strict { items { missing } } }", "null")]
    public async Task Null_where_there_must_be_a_value_goes_up_to_where_it_may_be(string query, string data)
    {
        var answer = await AskAsync(query);

        Assert.Equal(data, answer.Data);
        Assert.Equal("Cannot return null for non-nullable field Item.missing.", answer.Messages[0]);
    }

    [Fact]
    public async Task Parents_of_another_class_are_read_by_name() =>
        Assert.Equal("""{"other":{"name":"by name","motto":null,"tags":["a"]}}""", (await AskAsync("{ other { name motto tags } }")).Data);

    [Fact]
    public async Task Without_a_buffer_the_field_fails()
    {
        var answer = await Ask.Async(Schema, "{ shop { motto } }");

        Assert.Equal(("{\"shop\":{\"motto\":null}}", "INTERNAL_SERVER_ERROR"), (answer.Data, answer.Codes[0]));
    }

    [Theory]
    [InlineData("{ shop { items { id parts { id } } } }", 20)]
    [InlineData("{ shop { late items { id } } }", 20)]
    [InlineData("{ shop { name } other { name } }", 30)]
    [InlineData("{ shop { late } }", 10)]
    public async Task A_response_that_grows_too_large_is_an_error_in_its_place(string query, int bytes)
    {
        var answer = await AskAsync(query, new OperationLimits { MaxResponseBytes = bytes });

        Assert.Equal(("null", "RESPONSE_LIMIT_EXCEEDED", 1), (answer.Data, answer.Codes[0], answer.Errors.Length));
        Assert.True(answer.Errors[0].GetProperty("locations").GetArrayLength() > 0);
        Assert.True(answer.Report is { Status: ExecutionStatus.Executed, DataIsNull: true, ErrorCode: "RESPONSE_LIMIT_EXCEEDED" });
    }

    [Fact]
    public async Task A_response_of_the_allowed_size_is_answered()
    {
        var whole = await AskAsync("{ shop { items { id price parts { id } } tags } }");

        var again = await AskAsync("{ shop { items { id price parts { id } } tags } }", new OperationLimits { MaxResponseBytes = whole.Data.Length });

        Assert.Equal(whole.Data, again.Data);
    }

    private static Task<Answer> AskAsync(string query, OperationLimits? limits = null) =>
        Ask.Async(Schema, query, options: new ExecutionOptions { Limits = limits ?? new(), Values = new Values() });

    private static bool Write(IValueBuffer output, string json)
    {
        output.Add(Encoding.UTF8.GetBytes(json));
        return true;
    }

    private static bool Fail() => throw new InvalidOperationException("Not for clients.");

    private sealed class Shop;

    private readonly record struct Item(int Id);

    /// <summary>Grows by being replaced, from one byte on, so that parts that were handed out are put to the test.</summary>
    private sealed class Values : IValueBuffer
    {
        public int Length { get; private set; }

        public byte[] Bytes { get; private set; } = new byte[1];

        public void Add(ReadOnlySpan<byte> json)
        {
            if (Length + json.Length > Bytes.Length)
            {
                var larger = new byte[(Length + json.Length) * 2];
                Bytes.CopyTo(larger, 0);
                Bytes = larger;
            }
            json.CopyTo(Bytes.AsSpan(Length));
            Length += json.Length;
        }

        public void BackTo(int length) => Length = length;
    }
}
