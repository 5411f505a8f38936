using System.Net;
using System.Text.Json;
using CustobotGateway.GraphQLDoor;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.GraphQLDoor;

/// <summary>GraphQL over SSE, distinct connections.</summary>
public sealed class SubscriptionTests(SubscriptionTests.Gateway gateway) : IClassFixture<SubscriptionTests.Gateway>
{
    public sealed class Gateway : GatewayFixture
    {
        protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton(new GraphQLDoorOptions { MaxStreams = 6 });
    }

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Change_of_price_or_stock_is_told_and_no_other()
    {
        await PutAsync("offer", """{"name":"Lamp","price":{"amount":1000,"currency":"USD"},"stock_quantity":5}""");
        await using var events = await OpenAsync("""subscription { priceAndStock(ids: ["external_id:offer"]) { id product { name price { amount } stock_quantity version } } }""");

        var first = await events.NextAsync(product => product.ValueKind == JsonValueKind.Object);
        await PutAsync("offer", """{"name":"Another lamp","price":{"amount":1000,"currency":"USD"},"stock_quantity":5}""");
        await PutAsync("offer", """{"name":"Another lamp","price":{"amount":900,"currency":"USD"},"stock_quantity":5}""");
        var second = await events.NextAsync(_ => true);
        using var gone = await gateway.Admin.DeleteAsync("/v1/products/external_id:offer");
        var third = await events.NextAsync(_ => true);

        Assert.Equal((1000, 5), (first.GetProperty("price").GetProperty("amount").GetInt32(), first.GetProperty("stock_quantity").GetInt32()));
        Assert.Equal(("Another lamp", 900), (second.GetProperty("name").GetString(), second.GetProperty("price").GetProperty("amount").GetInt32()));
        Assert.Equal(JsonValueKind.Null, third.ValueKind);
    }

    [Fact]
    public async Task Change_of_the_catalogue_is_told()
    {
        await using var events = await OpenAsync("subscription { catalogChanged { version products } }", "catalogChanged");
        var before = await events.NextAsync(_ => true);

        await PutAsync("new", """{"name":"Desk"}""");
        var after = await events.NextAsync(catalog => catalog.GetProperty("products").GetInt32() > before.GetProperty("products").GetInt32());

        Assert.NotEqual(before.GetProperty("version").GetString(), after.GetProperty("version").GetString());
    }

    [Fact]
    public async Task Query_over_a_stream_is_one_event()
    {
        using var answer = await gateway.PostAsync(GraphQLCalls.Body("{ __typename }"), "text/event-stream");

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.StartsWith("event: next\ndata: {\"data\":{\"__typename\":\"Query\"}", text, StringComparison.Ordinal);
        Assert.EndsWith("\n\nevent: complete\ndata: \n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_subscription_is_one_event_with_errors()
    {
        using var answer = await gateway.PostAsync(GraphQLCalls.Body("subscription { priceAndStock(ids: []) { id } }"), "text/event-stream");

        Assert.Contains("invalid_request", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_streams_than_allowed_are_refused()
    {
        var open = new List<Events>();
        HttpResponseMessage? refused = null;
        for (var i = 0; i < 20 && refused is null; i++)
        {
            var answer = await gateway.PostAsync(GraphQLCalls.Body("subscription { catalogChanged { version } }"), "text/event-stream");
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                refused = answer;
            }
            else
            {
                open.Add(new Events(answer, "catalogChanged"));
            }
        }
        foreach (var events in open)
        {
            await events.DisposeAsync();
        }

        Assert.Equal("TOO_MANY_STREAMS", GraphQLCalls.CodeOf((await GatewayFixture.ReadJsonAsync(refused!)).GetProperty("errors")[0]));
        Assert.NotNull(refused!.Headers.RetryAfter);
        refused.Dispose();
    }

    private async Task<Events> OpenAsync(string subscription, string field = "priceAndStock") =>
        new(await gateway.PostAsync(GraphQLCalls.Body(subscription), "text/event-stream"), field);

    private async Task PutAsync(string key, string attributes)
    {
        using var content = new StringContent("{\"attributes\":" + attributes + "}", System.Text.Encoding.UTF8, "application/json");
        using var answer = await gateway.Admin.PutAsync("/v1/products/external_id:" + key, content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>An open stream.</summary>
    private sealed class Events(HttpResponseMessage answer, string field) : IAsyncDisposable
    {
        private StreamReader? _reader;

        /// <summary>The next value of the field (of priceAndStock its product) that meets the condition.</summary>
        public async Task<JsonElement> NextAsync(Func<JsonElement, bool> condition)
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            _reader ??= new StreamReader(await answer.Content.ReadAsStreamAsync());
            using var patience = new CancellationTokenSource(Patience);
            while (await _reader.ReadLineAsync(patience.Token) is { } line)
            {
                if (line.StartsWith("data: {", StringComparison.Ordinal))
                {
                    var value = JsonElement.Parse(line["data: ".Length..]).GetProperty("data").GetProperty(field);
                    value = field == "priceAndStock" ? value.GetProperty("product") : value;
                    if (condition(value))
                    {
                        return value;
                    }
                }
            }
            throw new EndOfStreamException();
        }

        public ValueTask DisposeAsync()
        {
            _reader?.Dispose();
            answer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
