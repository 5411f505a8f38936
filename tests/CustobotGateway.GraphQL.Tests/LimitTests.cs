using System.Buffers;
using System.Text;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Tests.Reference;
using CustobotGateway.GraphQL.Types;
using CustobotGateway.GraphQL.Validation;

namespace CustobotGateway.GraphQL.Tests;

public sealed class LimitTests
{
    public const string CostSdl = """
        directive @cost(weight: String!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
        directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean! = true) on FIELD_DEFINITION

        type Query {
          one: Item
          assumed: [Item] @listSize(assumedSize: 50)
          sliced(first: Int, last: Int): [Item] @listSize(slicingArguments: ["first", "last"])
          connection(first: Int = 24): Connection @listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"])
          dear(hard: Boolean @cost(weight: "7"), filter: Filter): Int @cost(weight: "3.5")
          union: [Thing] @listSize(assumedSize: 2)
        }
        type Connection { edges: [Edge] nodes: [Item] total: Int @cost(weight: "2") }
        type Edge { node: Item }
        type Item { id: ID parts: [Item] @listSize(assumedSize: 10) }
        type Heavy @cost(weight: "5") { id: ID }
        union Thing = Item | Heavy
        input Filter { text: String @cost(weight: "2") not: [Filter] }
        """;

    private static readonly Schema Costly = Schema.Parse(CostSdl);

    [Theory]
    [InlineData("{ one { id } }", 1, 2, 1)]
    [InlineData("{ assumed { id } }", 1, 51, 50)]
    [InlineData("{ sliced(first: 5) { id } }", 1, 6, 5)]
    [InlineData("{ connection { edges { node { id } } total } }", 28, 50, 24)]
    [InlineData("query ($n: Int = 3) { connection(first: $n) { nodes { id } } }", 2, 5, 3)]
    [InlineData("{ assumed { parts { parts { id } } } }", 551, 5551, 5000)]
    [InlineData("{ dear(hard: true) }", 10.5, 1, 1)]
    [InlineData("{ dear(filter: { text: \"a\", not: [{ text: \"b\" }] }) }", 7.5, 1, 1)]
    [InlineData("query ($f: Filter = { not: { text: \"b\" } }) { dear(filter: $f) }", 5.5, 1, 1)]
    [InlineData("{ union { ... on Item { id } } }", 1, 11, 2)]
    [InlineData("{ one @skip(if: true) { id } }", 0, 1, 1)]
    [InlineData("{ __schema { types { name } } }", 0, 1, 1)]
    public async Task Cost_is_the_sum_of_weights_times_list_sizes(string query, double fields, double types, double items)
    {
        var cost = (await Ask.Async(Costly, query)).Report.Cost;

        Assert.Equal((fields, types, items), (cost.FieldCost, cost.TypeCost, cost.ListItems));
    }

    [Theory]
    [InlineData("{ sliced { id } }", "SLICING_ARGUMENT_REQUIRED")]
    [InlineData("{ sliced(first: 1, last: 1) { id } }", "SLICING_ARGUMENT_REQUIRED")]
    [InlineData("{ sliced(first: 20000) { id } }", "LIST_LIMIT_EXCEEDED")]
    [InlineData("{ assumed { parts { parts { parts { id } } } } }", "LIST_LIMIT_EXCEEDED")]
    [InlineData("{ a: sliced(first: 6000) { id } b: sliced(first: 6000) { id } }", "COST_LIMIT_EXCEEDED")]
    public async Task What_costs_too_much_is_refused_before_it_runs(string query, string code)
    {
        var answer = await Ask.Async(Costly, query);

        Assert.Equal([code], answer.Codes);
        Assert.Equal("none", answer.Data);
        Assert.True(answer.Errors[0].TryGetProperty("locations", out _));
    }

    [Theory]
    [InlineData("ALIAS_LIMIT_EXCEEDED")]
    [InlineData("DIRECTIVE_LIMIT_EXCEEDED")]
    [InlineData("DEPTH_LIMIT_EXCEEDED")]
    [InlineData("INTROSPECTION_DEPTH_LIMIT_EXCEEDED")]
    [InlineData("FIELD_LIMIT_EXCEEDED")]
    [InlineData("TOKEN_LIMIT_EXCEEDED")]
    [InlineData("NESTING_LIMIT_EXCEEDED")]
    public async Task Each_limit_refuses_with_its_code_and_a_place(string code)
    {
        var query = code switch
        {
            "ALIAS_LIMIT_EXCEEDED" => $"{{ {string.Concat(Enumerable.Range(0, 101).Select(i => $"a{i}: __typename "))} }}",
            "DIRECTIVE_LIMIT_EXCEEDED" => $"{{ __typename {string.Concat(Enumerable.Repeat("@skip(if: false) ", 101))} }}",
            "DEPTH_LIMIT_EXCEEDED" => $"{{ dog {string.Concat(Enumerable.Repeat("{ friend ", 15))} {{ name }} {new string('}', 15)} }}",
            "INTROSPECTION_DEPTH_LIMIT_EXCEEDED" => $"{{ __type(name: \"Dog\") {string.Concat(Enumerable.Repeat("{ ofType ", 20))} {{ name }} {new string('}', 20)} }}",
            "FIELD_LIMIT_EXCEEDED" => $"{{ {string.Concat(Enumerable.Repeat("__typename ", 2_001))} }}",
            "TOKEN_LIMIT_EXCEEDED" => $"{{ {string.Concat(Enumerable.Repeat("__typename ", 10_001))} }}",
            _ => $"{{ any(value: {new string('[', 120)}{new string(']', 120)}) }}",
        };

        var answer = await Ask.Async(PetSchema.Schema, query);

        Assert.Equal([code], answer.Codes);
        Assert.True(answer.Errors[0].GetProperty("locations")[0].GetProperty("column").GetInt32() > 1);
        Assert.Equal(ExecutionStatus.RequestError, answer.Report.Status);
    }

    [Theory]
    [InlineData("{ dog { name friend { friend { name } } } }", 32)]
    [InlineData("{ dog { ...A } } fragment A on Dog { friend { ...B } } fragment B on Dog { name friend { name } }", 90)]
    [InlineData("{ dog { ... on Dog { friend { ... { friend { id: name } } } } } }", 46)]
    [InlineData("{ dog { ...A } } fragment A on Dog { ...B } fragment B on Dog { ...A friend { friend { friend { name } } } }", 88)]
    [InlineData("{ __type(name: \"Dog\") { ofType { ofType { name } } } }", 43)]
    public async Task Depth_error_points_at_the_first_field_that_is_too_deep(string query, int column)
    {
        var answer = await Ask.Async(PetSchema.Schema, query, options: new ExecutionOptions { Limits = new() { MaxDepth = 3, MaxIntrospectionDepth = 3 } });

        Assert.EndsWith("DEPTH_LIMIT_EXCEEDED", answer.Codes[0], StringComparison.Ordinal);
        Assert.Equal(column, answer.Errors[0].GetProperty("locations")[0].GetProperty("column").GetInt32());
    }

    [Fact]
    public async Task The_usual_introspection_is_within_the_limits()
    {
        var standard = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Reference", "introspection.graphql"));

        var answer = await Ask.Async(PetSchema.Schema, standard);

        Assert.Empty(answer.Errors);
        Assert.Equal(15, answer.Report.Shape.IntrospectionDepth);
        Assert.Equal("Query", answer.Root.GetProperty("data").GetProperty("__schema").GetProperty("queryType").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Doubling_fragments_count_what_they_would_ask()
    {
        // Each fragment spreads the next twice: 2^40 fields in forty lines.
        var query = "{ dog { ...F0 } }" + string.Concat(Enumerable.Range(0, 40).Select(i => $" fragment F{i} on Dog {{ a: friend {{ ...F{i + 1} }} b: friend {{ ...F{i + 1} }} }}"))
            + " fragment F40 on Dog { name }";

        var answer = await Ask.Async(PetSchema.Schema, query);

        Assert.Contains("FIELD_LIMIT_EXCEEDED", answer.Codes);
        Assert.Contains("ALIAS_LIMIT_EXCEEDED", answer.Codes);
        Assert.Contains("DEPTH_LIMIT_EXCEEDED", answer.Codes);
    }

    [Fact]
    public async Task A_cycle_of_many_fragments_is_refused()
    {
        var cycle = "{ dog { ...F0 } }" + string.Concat(Enumerable.Range(0, 50).Select(i => $" fragment F{i} on Dog {{ ...F{(i + 1) % 50} }}"));
        var chain = "{ dog { ...F0 } }" + string.Concat(Enumerable.Range(0, 900).Select(i => $" fragment F{i} on Dog {{ name ...F{i + 1} }}"));

        Assert.StartsWith("Cannot spread fragment \"F0\" within itself via \"F1\"", (await Ask.Async(PetSchema.Schema, cycle)).Messages[0], StringComparison.Ordinal);
        Assert.Equal(["NESTING_LIMIT_EXCEEDED"], (await Ask.Async(PetSchema.Schema, chain)).Codes);
    }

    // Documents that make validators compare without end: pairs of fields, of fragments, of fields with fragments, of nested sets.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Validation_works_within_its_budget(int kind)
    {
        var text = new StringBuilder();
        switch (kind)
        {
            case 0:
                text.Append("{ ").Append(string.Concat(Enumerable.Repeat("pet { name } ", 2_000))).Append('}');
                break;
            case 1:
                text.Append("{ dog { ").AppendJoin(' ', Enumerable.Range(0, 1_000).Select(i => $"...F{i}")).Append(" } }");
                text.Append(string.Concat(Enumerable.Range(0, 1_000).Select(i => $" fragment F{i} on Dog {{ name }}")));
                break;
            case 2:
                text.Append("{ dog { ...F0 ...G0 } }");
                text.Append(string.Concat(Enumerable.Range(0, 60).Select(i => $" fragment F{i} on Dog {{ friend {{ ...F{i + 1} ...G{i + 1} }} ...F{i + 1} ...G{i + 1} }} fragment G{i} on Dog {{ friend {{ ...G{i + 1} ...F{i + 1} }} }}")));
                text.Append(" fragment F60 on Dog { name } fragment G60 on Dog { name }");
                break;
            default:
                text.Append("{ pet ").Append(string.Concat(Enumerable.Repeat("{ friend { name } friend ", 20))).Append("{ name }").Append(new string('}', 20)).Append(" }");
                break;
        }

        var context = DocumentValidator.Run(PetSchema.Schema, Parser.Parse(text.ToString()), OperationLimits.DefaultMaxValidationWork);

        Assert.InRange(context.Work, 1, OperationLimits.DefaultMaxValidationWork + 5_000);
        if (kind < 2)
        {
            Assert.Equal("VALIDATION_LIMIT_EXCEEDED", context.Errors[^1].Code);
        }
    }

    [Theory]
    [InlineData("{a ")]
    [InlineData("a: x ")]
    [InlineData("@skip ")]
    [InlineData("...F ")]
    [InlineData("#comment ")]
    [InlineData("\"")]
    [InlineData("{__schema{types{fields{type ")]
    [InlineData("(a:[[[{b:1},")]
    [InlineData("\u00e9\ufeff ")]
    public async Task A_megabyte_of_anything_is_refused_with_a_place_and_little_memory(string part)
    {
        var text = "{ " + string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length));
        var request = Ask.Request(text);
        var engine = new GraphQLEngine(new DocumentCache());
        var output = new ArrayBufferWriter<byte>();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var run = engine.ExecuteAsync(PetSchema.Schema, request, new ExecutionOptions(), output);

        Assert.True(run.IsCompleted);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(ExecutionStatus.RequestError, (await run).Status);
        Assert.Contains("\"line\":", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
        Assert.InRange(allocated, 1, 8_000_000);
    }

    [Fact]
    public async Task Huge_lists_in_variables_are_refused()
    {
        var answer = await Ask.Async(PetSchema.Schema, "query ($v: [Int!]) { echo(list: $v) }", $"{{\"v\":[{string.Join(',', Enumerable.Repeat("1", 200_000))}]}}");

        Assert.Equal(["VARIABLES_LIMIT_EXCEEDED"], answer.Codes);
    }

    [Fact]
    public async Task A_cached_document_is_refused_under_narrower_limits()
    {
        var engine = new GraphQLEngine(new DocumentCache());
        var request = Ask.Request("{ dog { friend { name } } }");
        var output = new ArrayBufferWriter<byte>();

        await engine.ExecuteAsync(PetSchema.Schema, request, new ExecutionOptions { Root = PetSchema.Root }, output);
        var wide = await engine.ExecuteAsync(PetSchema.Schema, request, new ExecutionOptions { Root = PetSchema.Root }, output);
        var again = await engine.ExecuteAsync(PetSchema.Schema, request, new ExecutionOptions { Root = PetSchema.Root }, output);
        var narrow = await engine.ExecuteAsync(PetSchema.Schema, request, new ExecutionOptions { Limits = new() { MaxDepth = 2 } }, output);

        Assert.Equal((ExecutionStatus.Executed, false), (wide.Status, wide.IsCached));
        Assert.Equal((ExecutionStatus.Executed, true), (again.Status, again.IsCached));
        Assert.Equal((ExecutionStatus.RequestError, "DEPTH_LIMIT_EXCEEDED"), (narrow.Status, narrow.ErrorCode));
    }
}
