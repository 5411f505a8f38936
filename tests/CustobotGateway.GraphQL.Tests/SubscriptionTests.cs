using System.Runtime.CompilerServices;
using System.Text;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Tests;

public sealed class SubscriptionTests
{
    private const string Sdl = "type Query { a: Int } type Subscription { ticks(to: Int!): Tick silent: Int } type Tick { n: Int! }";

    [Fact]
    public async Task Each_event_is_answered()
    {
        Assert.Equal(
            ["""{"data":{"ticks":{"n":0}}}""", """{"data":{"ticks":{"n":1}}}""", """{"data":{"ticks":{"n":2}}}"""],
            await ReadAsync("subscription ($to: Int!) { ticks(to: $to) { n } }", """{"to":3}"""));
    }

    [Fact]
    public async Task A_failing_source_ends_with_an_error()
    {
        var responses = await ReadAsync("subscription { ticks(to: -1) { n } }");

        Assert.Equal("""{"errors":[{"message":"The events could not be read.","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}""", Assert.Single(responses));
    }

    [Fact]
    public async Task What_is_refused_gives_one_response()
    {
        Assert.Contains("is required", Assert.Single(await ReadAsync("subscription { ticks { n } }")), StringComparison.Ordinal);
        Assert.Contains("has no events", Assert.Single(await ReadAsync("subscription { silent }")), StringComparison.Ordinal);
        Assert.Equal("""{"data":{"a":1}}""", Assert.Single(await ReadAsync("{ a }")));
    }

    [Fact]
    public async Task Who_leaves_ends_the_source()
    {
        using var cancellation = new CancellationTokenSource();
        var read = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Engine().SubscribeAsync(Schema(), Ask.Request("subscription { ticks(to: 1000000) { n } }"), new ExecutionOptions(), cancellation.Token))
            {
                if (++read == 3)
                {
                    await cancellation.CancelAsync();
                }
            }
        });
        Assert.Equal(3, read);
    }

    private static GraphQLEngine Engine() => new(new DocumentCache());

    private static Schema Schema() => Types.Schema.Parse(Sdl, new Resolvers()
        .Field("Query", "a", (_, _, _) => 1)
        .Subscribe("ticks", (context, arguments) => Ticks(arguments.Get<int>("to"), context.CancellationToken))
        .Field("Subscription", "ticks", (_, tick, _) => FieldValue.From(tick))
        .Field("Tick", "n", (_, tick, _) => FieldValue.From(tick)));

    private static async IAsyncEnumerable<object?> Ticks(int to, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var i = 0; to < 0 || i < to; i++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return to < 0 ? throw new InvalidOperationException("secret") : i;
        }
    }

    private static async Task<List<string>> ReadAsync(string query, string? variables = null)
    {
        var responses = new List<string>();
        await foreach (var response in Engine().SubscribeAsync(Schema(), Ask.Request(query, variables), new ExecutionOptions()))
        {
            responses.Add(Encoding.UTF8.GetString(response.Span));
        }
        return responses;
    }

}
