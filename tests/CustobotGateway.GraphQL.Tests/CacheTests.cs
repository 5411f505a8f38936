using System.Buffers;
using System.Text;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Tests;

public sealed class CacheTests
{
    private static readonly Schema First = Schema.Parse("type Query { a: Int }");
    private static readonly Schema Second = Schema.Parse("type Query { a: Int }");

    [Fact]
    public async Task The_cache_stays_within_its_bytes_and_keeps_what_was_used_last()
    {
        var cache = new DocumentCache(maxBytes: 100_000);
        var engine = new GraphQLEngine(cache);
        var output = new ArrayBufferWriter<byte>();
        for (var i = 0; i < 500; i++)
        {
            await engine.ExecuteAsync(First, Ask.Request("{ a }"), new ExecutionOptions(), output);
            await engine.ExecuteAsync(First, Ask.Request($"{{ x{i}: a }}"), new ExecutionOptions(), output);
            await engine.ExecuteAsync(First, Ask.Request($"{{ x{i}: a }}"), new ExecutionOptions(), output);
        }

        Assert.InRange(cache.Bytes, 1, 100_000);
        Assert.InRange(cache.Count, 2, 60);
        Assert.True((await engine.ExecuteAsync(First, Ask.Request("{ a }"), new ExecutionOptions(), output)).IsCached);
        Assert.False((await engine.ExecuteAsync(First, Ask.Request("{ x0: a }"), new ExecutionOptions(), output)).IsCached);
    }

    [Fact]
    public async Task Documents_belong_to_their_schema_and_go_with_it()
    {
        var cache = new DocumentCache();
        var engine = new GraphQLEngine(cache);
        var output = new ArrayBufferWriter<byte>();
        await engine.ExecuteAsync(First, Ask.Request("{ a }"), new ExecutionOptions(), output);
        await engine.ExecuteAsync(First, Ask.Request("{ a }"), new ExecutionOptions(), output);

        var other = await engine.ExecuteAsync(Second, Ask.Request("{ a }"), new ExecutionOptions(), output);
        cache.Forget(First);

        Assert.False(other.IsCached);
        Assert.Equal(1, cache.Count);
    }

    [Theory]
    [InlineData("{ b }", 3, 0)]
    [InlineData("{ a }", 1, 0)]
    [InlineData("{ a }", 2, 1)]
    public async Task Documents_are_kept_that_are_valid_and_come_again(string query, int times, int kept)
    {
        var cache = new DocumentCache();
        for (var i = 0; i < times; i++)
        {
            await new GraphQLEngine(cache).ExecuteAsync(First, Ask.Request(query), new ExecutionOptions(), new ArrayBufferWriter<byte>());
        }

        Assert.Equal(kept, cache.Count);
    }

    [Fact]
    public void The_hash_is_SHA256()
    {
        const string Empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

        Assert.Equal(Empty, DocumentHash.Of([]).ToString());
        Assert.True(DocumentHash.TryParse(Empty.ToUpperInvariant(), out var parsed));
        Assert.Equal(DocumentHash.Of([]), parsed);
        Assert.False(DocumentHash.TryParse("e3b0", out _));
    }

    [Fact]
    public async Task A_hot_page_of_products_allocates_little()
    {
        var names = Enumerable.Range(0, 15).Select(i => $"f{i}").ToArray();
        var resolvers = new Resolvers().Field("Query", "products", (_, parent, _) => FieldValue.From(parent));
        byte[] text = [.. "\"some text\""u8];
        foreach (var name in names)
        {
            resolvers.Field("Product", name, (_, _, _) => FieldValue.Json(text));
        }
        var schema = Schema.Parse($"type Query {{ products(first: Int): [Product!]! }} type Product {{ {string.Concat(names.Select(name => $"{name}: String! "))} }}", resolvers);
        var engine = new GraphQLEngine(new DocumentCache());
        var request = Ask.Request($"query ($n: Int) {{ products(first: $n) {{ {string.Join(' ', names)} }} }}", """{"n":24}""");
        var options = new ExecutionOptions { Root = Enumerable.Range(0, 24).Select(_ => new object()).ToArray() };
        var output = new ArrayBufferWriter<byte>(64_000);
        long least = long.MaxValue;
        for (var i = 0; i < 200; i++)
        {
            output.ResetWrittenCount();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var run = engine.ExecuteAsync(schema, request, options, output);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.True(run.IsCompletedSuccessfully);
            Assert.Equal(0, (await run).ErrorCount);
        }

        // What the engine itself takes for 360 leaves, besides the answer's own buffer.
        Assert.InRange(least, 1, 4_000);
        Assert.StartsWith("{\"data\":{\"products\":[{\"f0\":\"some text\"", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }
}
