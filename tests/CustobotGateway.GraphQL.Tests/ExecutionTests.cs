using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Tests;

public sealed class ExecutionTests
{
    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    // Spec §6.4.4: a null goes up to the nearest place that may be null.
    [Theory]
    [InlineData("Int", "null", """{"a":null}""", null)]
    [InlineData("Int!", "null", "null", "a")]
    [InlineData("[Int]", "[1,null]", """{"a":[1,null]}""", null)]
    [InlineData("[Int]!", "[1,null]", """{"a":[1,null]}""", null)]
    [InlineData("[Int]!", "null", "null", "a")]
    [InlineData("[Int!]", "[1,null]", """{"a":null}""", "a/1")]
    [InlineData("[Int!]!", "[1,null]", "null", "a/1")]
    [InlineData("[[Int!]]", "[[1],[null]]", """{"a":[[1],null]}""", "a/1/0")]
    [InlineData("[[Int!]!]", "[[1],[null]]", """{"a":null}""", "a/1/0")]
    [InlineData("Int", "\"text\"", """{"a":null}""", "a")]
    [InlineData("[Int]", "3", """{"a":null}""", "a")]
    public async Task Null_goes_up_to_the_nearest_nullable_place(string type, string value, string data, string? path)
    {
        foreach (var waits in new[] { false, true })
        {
            var json = JsonDocument.Parse(value).RootElement;
            var resolvers = waits
                ? new Resolvers().FieldAsync("Query", "a", async (_, _, _) => { await Task.Yield(); return FieldValue.From(json); })
                : new Resolvers().Field("Query", "a", (_, _, _) => FieldValue.From(json));

            var answer = await Ask.Async(Schema.Parse($"type Query {{ a: {type} }}", resolvers), "{ a }");

            Assert.Equal(data, answer.Data);
            Assert.Equal(path, answer.Errors.Length == 0 ? null : string.Join('/', answer.Errors[0].GetProperty("path").EnumerateArray()));
            Assert.Equal(data == "null", answer.Report.DataIsNull);
            Assert.Equal(ExecutionStatus.Executed, answer.Report.Status);
        }
    }

    [Theory]
    [InlineData("[Item!]!", "null")]
    [InlineData("[Item!]", """{"items":null,"b":1}""")]
    [InlineData("[Item]", """{"items":[null,null],"b":1}""")]
    [InlineData("[[Item!]]", """{"items":[null,null],"b":1}""")]
    [InlineData("[[Item!]!]", """{"items":null,"b":1}""")]
    public async Task Null_that_comes_late_goes_up_as_far(string type, string data)
    {
        object?[] pair = [new object(), new object()];
        var schema = Schema.Parse($"type Query {{ items: {type} b: Int }} type Item {{ n: Int! }}", new Resolvers()
            .Field("Query", "items", (_, _, _) => FieldValue.From(type.StartsWith("[[", StringComparison.Ordinal) ? new object?[] { pair, pair } : pair))
            .FieldAsync("Query", "b", async (_, _, _) => { await Task.Delay(1, CancellationToken.None); return 1; })
            .FieldAsync("Item", "n", async (_, _, _) => { await Task.Yield(); return FieldValue.Null; }));

        var answer = await Ask.Async(schema, "{ items { n } b }");

        Assert.Equal(data, answer.Data);
        Assert.All(answer.Messages, message => Assert.Equal("Cannot return null for non-nullable field Item.n.", message));
        Assert.Equal("n", answer.Errors[0].GetProperty("path").EnumerateArray().Last().GetString());
    }

    [Fact]
    public async Task An_exception_is_masked_and_told_to_the_log()
    {
        var seen = new List<string>();
        var schema = Schema.Parse("type Query { a: Int b: Int c: Int }", new Resolvers()
            .Field("Query", "a", (_, _, _) => throw new InvalidOperationException("secret"))
            .Field("Query", "b", (_, _, _) => throw new GraphQLException("The shop is closed.", "CLOSED", new Dictionary<string, object?> { ["until"] = 9 }))
            .FieldAsync("Query", "c", async (_, _, _) => { await Task.Yield(); throw new InvalidOperationException("secret"); }));

        var answer = await Ask.Async(schema, "{ a b\n c }", options: new ExecutionOptions { OnError = (failure, field) => seen.Add($"{field}: {failure.Message}") });

        Assert.Equal("""{"a":null,"b":null,"c":null}""", answer.Data);
        Assert.DoesNotContain("secret", answer.Json, StringComparison.Ordinal);
        Assert.Equal(["INTERNAL_SERVER_ERROR", "CLOSED", "INTERNAL_SERVER_ERROR"], answer.Codes);
        Assert.Equal(9, answer.Errors[1].GetProperty("extensions").GetProperty("until").GetInt32());
        Assert.Equal("""[{"line":2,"column":2}]""", answer.Errors[2].GetProperty("locations").GetRawText());
        Assert.Equal(["Query.a: secret", "Query.c: secret"], seen);
    }

    [Fact]
    public async Task Queries_wait_side_by_side_and_mutations_one_after_another()
    {
        var log = new ConcurrentQueue<string>();
        var gates = new ConcurrentDictionary<string, TaskCompletionSource>();
        AsyncFieldResolver resolve = async (context, _, _) =>
        {
            log.Enqueue($"+{context.ResponseName}");
            if (log.Count(entry => entry[0] == '+') == 3)
            {
                gates["all"].TrySetResult();
            }
            await (context.Parent.Name == "Query" ? gates["all"].Task : Task.Delay(1, context.CancellationToken)).ConfigureAwait(false);
            log.Enqueue($"-{context.ResponseName}");
            return 1;
        };
        gates["all"] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var schema = Schema.Parse("type Query { a: Int } type Mutation { a: Int }", new Resolvers().FieldAsync("Query", "a", resolve).FieldAsync("Mutation", "a", resolve));

        var query = await Ask.Async(schema, "{ x: a y: a z: a }").WaitAsync(TimeSpan.FromSeconds(30));
        var starts = log.Take(3).ToArray();
        log.Clear();
        var mutation = await Ask.Async(schema, "mutation { x: a y: a z: a }");

        Assert.Equal(["+x", "+y", "+z"], starts);
        Assert.Equal(["+x", "-x", "+y", "-y", "+z", "-z"], log);
        Assert.Equal("""{"x":1,"y":1,"z":1}""", query.Data);
        Assert.Equal("""{"x":1,"y":1,"z":1}""", mutation.Data);
    }

    [Fact]
    public async Task A_mutation_that_fails_ends_those_after_it()
    {
        var calls = 0;
        var schema = Schema.Parse("type Query { a: Int } type Mutation { a: Int! }", new Resolvers()
            .Field("Mutation", "a", (_, _, _) => ++calls == 2 ? FieldValue.Null : calls));

        var answer = await Ask.Async(schema, "mutation { x: a y: a z: a }");

        Assert.Equal("null", answer.Data);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait()
    {
        using var cancellation = new CancellationTokenSource();
        var schema = Schema.Parse("type Query { a: Int }", new Resolvers().FieldAsync("Query", "a", async (_, _, _) =>
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
            return 1;
        }));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Ask.Async(schema, "{ a }", cancellationToken: cancellation.Token).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Loads_are_batched_over_all_fields_of_a_level()
    {
        var batches = new List<string>();
        var makers = new BatchLoader<int, string>((keys, _, _) =>
        {
            batches.Add($"makers {string.Join(',', keys)}");
            return ValueTask.FromResult<IReadOnlyDictionary<int, string>>(keys.ToDictionary(key => key, key => $"m{key % 2}"));
        });
        var countries = new BatchLoader<string, string>(async (keys, _, _) =>
        {
            await Task.Delay(1, CancellationToken.None).ConfigureAwait(false);
            batches.Add($"countries {string.Join(',', keys)}");
            return keys.ToDictionary(key => key, key => $"land of {key}");
        });
        var schema = Schema.Parse("type Query { items: [Item!]! } type Item { maker: Maker } type Maker { name: String country: String }", new Resolvers()
            .Field("Query", "items", (_, _, _) => FieldValue.From(Enumerable.Range(0, 24).Cast<object?>().ToArray()))
            .FieldAsync("Item", "maker", async (context, item, _) => FieldValue.From(new Maker((await context.LoadAsync(makers, (int)item!).ConfigureAwait(false))!)))
            .Field<Maker>("Maker", "name", maker => maker.Name)
            .FieldAsync("Maker", "country", async (context, maker, _) => await context.LoadAsync(countries, ((Maker)maker!).Name).ConfigureAwait(false)));

        var answer = await Task.Run(() => Ask.Async(schema, "{ items { maker { name country } } again: items { maker { country } } }"));

        Assert.Equal([$"makers {string.Join(',', Enumerable.Range(0, 24))}", "countries m0,m1"], batches);
        Assert.Equal("land of m1", answer.Root.GetProperty("data").GetProperty("again")[23].GetProperty("maker").GetProperty("country").GetString());
    }

    [Fact]
    public async Task A_loader_that_fails_fails_its_fields()
    {
        var loader = new BatchLoader<int, string>((_, _, _) => throw new GraphQLException("No answer from the store.", "STORE_DOWN"));
        var schema = Schema.Parse("type Query { a: String }", new Resolvers().FieldAsync("Query", "a", async (context, _, _) => await context.LoadAsync(loader, 1)));

        var answer = await Ask.Async(schema, "{ a b: a }");

        Assert.Equal(["STORE_DOWN", "STORE_DOWN"], answer.Codes);
    }

    [Theory]
    [InlineData("query ($v: Boolean!) { a @include(if: $v) b: a a @skip(if: $v) { x } }", false, """{"b":{"x":1},"a":{"x":1}}""")]
    [InlineData("query ($v: Boolean!) { a @include(if: $v) { x } b: a { x } a { x } }", false, """{"b":{"x":1},"a":{"x":1}}""")]
    [InlineData("query ($v: Boolean!) { a @include(if: $v) { x } b: a { x } a { x } }", true, """{"a":{"x":1},"b":{"x":1}}""")]
    [InlineData("query ($v: Boolean!) { a { x @skip(if: $v) } ...F @include(if: $v) } fragment F on Query { a { y } }", true, """{"a":{"y":2}}""")]
    [InlineData("query ($v: Boolean!) { a { x @skip(if: $v) } ...F @include(if: $v) } fragment F on Query { a { y } }", false, """{"a":{"x":1}}""")]
    public async Task Fields_are_merged_in_the_order_of_those_that_are_asked(string query, bool v, string data)
    {
        var schema = Schema.Parse("type Query { a: A } type A { x: Int y: Int }", new Resolvers()
            .Field("Query", "a", (_, _, _) => FieldValue.From(new object()))
            .Field("A", "x", (_, _, _) => 1)
            .Field("A", "y", (_, _, _) => 2));
        query = query.Replace("a @include(if: $v) b: a a @skip", "a @include(if: $v) { x } b: a { x } a @skip", StringComparison.Ordinal);

        Assert.Equal(data, (await Ask.Async(schema, query, $"{{\"v\":{(v ? "true" : "false")}}}")).Data);
    }

    [Fact]
    public async Task Leaves_are_written_as_their_types_say()
    {
        var schema = Schema.Parse("scalar Any enum E { X } type Query { i: Int f: Float s: String b: Boolean id: ID e: E any: Any raw: Any big: Int nan: Float no: E }", new Resolvers()
            .Field("Query", "i", (_, _, _) => 1.0)
            .Field("Query", "f", (_, _, _) => FieldValue.From(1.10m))
            .Field("Query", "s", (_, _, _) => "é\"<\n")
            .Field("Query", "b", (_, _, _) => true)
            .Field("Query", "id", (_, _, _) => 7)
            .Field("Query", "e", (_, _, _) => FieldValue.From(E.X))
            .Field("Query", "any", (_, _, _) => FieldValue.From(new Dictionary<string, object?> { ["a"] = new object?[] { 1, null } }))
            .Field("Query", "raw", (_, _, _) => FieldValue.Json("xx{\"r\":1}"u8.ToArray(), 2, 7))
            .Field("Query", "big", (_, _, _) => 3_000_000_000L)
            .Field("Query", "nan", (_, _, _) => double.NaN)
            .Field("Query", "no", (_, _, _) => "Y"));

        var answer = await Ask.Async(schema, "{ i f s b id e any raw big nan no __typename }");

        Assert.Equal("""{"i":1,"f":1.10,"s":"é\"<\n","b":true,"id":"7","e":"X","any":{"a":[1,null]},"raw":{"r":1},"big":null,"nan":null,"no":null,"__typename":"Query"}""", answer.Data);
        Assert.Equal(3, answer.Errors.Length);
    }

    [Fact]
    public async Task Abstract_values_have_the_type_of_their_class()
    {
        var schema = Schema.Parse("interface I { n: String } type A implements I { n: String } type B { b: Int } union U = A | B type Query { i: [I] u: [U] }", new Resolvers()
            .Type<Maker>("A")
            .Field<Maker>("A", "n", maker => maker.Name)
            .Field("Query", "i", (_, _, _) => FieldValue.From(new object[] { new Maker("m"), Nothing }))
            .Field("Query", "u", (_, _, _) => FieldValue.From(new object[] { new Maker("m"), new Dictionary<string, object?> { ["__typename"] = "B", ["b"] = 1 } })));

        var answer = await Ask.Async(schema, "{ i { __typename n } u { __typename ... on A { n } ... on B { b } } }");

        Assert.Equal("""{"i":[{"__typename":"A","n":"m"},null],"u":[{"__typename":"A","n":"m"},{"__typename":"B","b":1}]}""", answer.Data);
        Assert.StartsWith("Abstract type \"I\" must resolve to an Object type", Assert.Single(answer.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_document_is_executed_by_many_at_once()
    {
        const string Query = "query ($v: Boolean!, $n: Int!) { i { __typename ... on A { n(n: $n) } ... on B { b @skip(if: $v) } } }";
        var schema = Schema.Parse("interface I { x: Int } type A implements I { x: Int n(n: Int): Int } type B implements I { x: Int b: Int } type Query { i: [I] }", new Resolvers()
            .Type<Maker>("A")
            .Field("A", "n", (_, _, arguments) => arguments.Get<int>("n"))
            .FieldAsync("B", "b", async (_, _, _) => { await Task.Yield(); return 2; })
            .Field("Query", "i", (_, _, _) => FieldValue.From(new object[] { new Maker("m"), new Dictionary<string, object?> { ["__typename"] = "B" } })));
        var engine = new GraphQLEngine(new DocumentCache());

        await Parallel.ForAsync(0, 400, async (i, cancellationToken) =>
        {
            var output = new ArrayBufferWriter<byte>();
            await engine.ExecuteAsync(schema, Ask.Request(Query, $"{{\"v\":{(i % 2 == 0 ? "true" : "false")},\"n\":{i}}}"), new ExecutionOptions(), output, cancellationToken);
            Assert.Equal(
                $"{{\"data\":{{\"i\":[{{\"__typename\":\"A\",\"n\":{i}}},{{\"__typename\":\"B\"{(i % 2 == 0 ? "" : ",\"b\":2")}}}]}}}}",
                Encoding.UTF8.GetString(output.WrittenSpan));
        });
    }

    [Fact]
    public async Task A_resolver_sees_what_is_asked_of_its_value()
    {
        var asked = new List<bool>();
        var schema = Schema.Parse("type Query { a: A } type A { x: Int y: Int }", new Resolvers().Field("Query", "a", (context, _, _) =>
        {
            var type = (ObjectType)context.Schema.FindType("A")!;
            asked.AddRange([context.Asks(type, "x"), context.Asks(type, "y")]);
            return FieldValue.Null;
        }));

        await Ask.Async(schema, "{ a { ...F } } fragment F on A { z: y }");

        Assert.Equal([false, true], asked);
    }

    [Theory]
    [InlineData("query a { x } query b { x }", null, "Must provide operation name if query contains multiple operations.")]
    [InlineData("query a { x } query b { x }", "c", "Unknown operation named \"c\".")]
    [InlineData("mutation { x }", null, "Schema is not configured to execute mutation operation.")]
    [InlineData("subscription { x }", null, "Subscriptions are answered as a stream only.")]
    public async Task Operations_that_cannot_be_executed_are_refused(string query, string? operation, string message)
    {
        var answer = await Ask.Async(Schema.Parse("type Query { x: Int }"), query, operation: operation);

        Assert.Equal(message, Assert.Single(answer.Messages));
        Assert.Equal("none", answer.Data);
        Assert.Equal(ExecutionStatus.RequestError, answer.Report.Status);
    }

    [Fact]
    public async Task A_mutation_is_refused_where_only_reads_are_allowed()
    {
        var answer = await Ask.Async(Schema.Parse("type Query { x: Int } type Mutation { x: Int }"), "mutation { x }", options: new() { AllowMutations = false });

        Assert.Equal(["OPERATION_NOT_ALLOWED"], answer.Codes);
    }

    [Theory]
    [InlineData("Int!", "{}", "Variable \"$v\" of required type \"Int!\" was not provided.")]
    [InlineData("Int!", """{"v":null}""", "Variable \"$v\" of non-null type \"Int!\" must not be null.")]
    [InlineData("Int", """{"v":1.5}""", "Variable \"$v\" got invalid value 1.5; Int cannot represent non-integer value: 1.5")]
    [InlineData("Int", """{"v":2147483648}""", "Variable \"$v\" got invalid value 2147483648; Int cannot represent non 32-bit signed integer value: 2147483648")]
    [InlineData("E", """{"v":"BLAK"}""", "Variable \"$v\" got invalid value \"BLAK\"; Value \"BLAK\" does not exist in \"E\" enum. Did you mean the enum value \"BLACK\"?")]
    [InlineData("[I!]", """{"v":[{"a":1},{"a":"x"}]}""", "Variable \"$v\" got invalid value \"x\" at \"v[1].a\"; Int cannot represent non-integer value: \"x\"")]
    [InlineData("I", """{"v":{"b":1}}""", "Variable \"$v\" got invalid value { b: 1 }; Field \"b\" is not defined by type \"I\". Did you mean \"a\"?")]
    [InlineData("O", """{"v":{"a":1,"b":2}}""", "Variable \"$v\" got invalid value { a: 1, b: 2 }; Exactly one key must be specified for OneOf type \"O\".")]
    [InlineData("O", """{"v":{"a":null}}""", "Variable \"$v\" got invalid value null at \"v.a\"; Field \"a\" must be non-null.")]
    [InlineData("Day", """{"v":"someday"}""", "Variable \"$v\" got invalid value \"someday\"; Expected type \"Day\". A day is written 2026-11-22.")]
    public async Task Variables_that_do_not_fit_are_refused(string type, string variables, string message)
    {
        var schema = Schema.Parse("scalar Day enum E { BLACK } input I { a: Int } input O @oneOf { a: Int b: Int } scalar Any type Query { x(v: Any): Int }", new Resolvers()
            .Scalar("Day", value => value is string text && DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) ? day : throw new FormatException("A day is written 2026-11-22.")));
        var everything = Schema.Parse($"scalar Day enum E {{ BLACK }} input I {{ a: Int }} input O @oneOf {{ a: Int b: Int }} type Query {{ x(v: {type}): Int }}", new Resolvers()
            .Scalar("Day", ((ScalarType)schema.FindType("Day")!).Read!));

        var answer = await Ask.Async(everything, $"query ($v: {type}) {{ x(v: $v) }}", variables);

        Assert.Equal(message, answer.Messages[0]);
        Assert.Equal("BAD_USER_INPUT", answer.Codes[0]);
        Assert.Equal("none", answer.Data);
    }

    [Fact]
    public async Task Extensions_and_admission_tell_the_cost()
    {
        ExecutionReport? admitted = null;
        var options = new ExecutionOptions
        {
            OnAdmitted = report => admitted = report,
            WriteExtensions = (writer, report) => writer.WriteNumber("cost", report.Cost.FieldCost),
        };
        var schema = Schema.Parse(LimitTests.CostSdl, new Resolvers().Field("Query", "one", (_, _, _) => FieldValue.From(Nothing)));

        var answer = await Ask.Async(schema, "{ one { id } }", options: options);

        Assert.Equal("""{"data":{"one":{"id":null}},"extensions":{"cost":1}}""", answer.Json);
        Assert.Equal(answer.Report.Cost, admitted?.Cost);
    }

    private enum E
    {
        X,
    }

    private sealed record Maker(string Name);
}
