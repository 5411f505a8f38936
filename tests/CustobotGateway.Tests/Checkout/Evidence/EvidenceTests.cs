using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Tests.Checkout.Orders;
using Dapper;

namespace CustobotGateway.Tests.Checkout.Evidence;

/// <summary>What is known of an order can be taken away and verified by anybody, without the gateway.</summary>
public sealed class EvidenceTests(EvidenceTests.Shop shop) : IClassFixture<EvidenceTests.Shop>
{
    public sealed class Shop : OrderFixture;

    private static async Task<(JsonElement Statement, string Jws)> ReadAsync(Bought order)
    {
        var (status, evidence) = await order.Agent.GetAsync(order.Path + "/evidence");
        Assert.True(status == HttpStatusCode.OK, evidence.GetRawText());
        return (evidence.GetProperty("statement"), evidence.GetProperty("jws").GetString()!);
    }

    // By the framework alone: nothing of the gateway's own verifies what the gateway signed (RFC 7515 §5.2, RFC 7518 §3.4).
    private async Task<bool> IsGoodAsync(string jws)
    {
        var parts = jws.Split('.');
        var header = JsonElement.Parse(Base64Url.DecodeFromChars(parts[0]));
        Assert.Equal(("ES256", "evidence+jws"), (header.GetProperty("alg").GetString(), header.GetProperty("typ").GetString()));
        var set = JsonElement.Parse(await shop.Client.GetStringAsync("/oauth/jwks"));
        var jwk = set.GetProperty("keys").EnumerateArray().Single(key => key.GetProperty("kid").GetString() == header.GetProperty("kid").GetString());
        byte[] Of(string name) => Base64Url.DecodeFromChars(jwk.GetProperty(name).GetString());
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Of("x"), Y = Of("y") } });
        return key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256);
    }

    private static byte[] PayloadOf(string jws) => Base64Url.DecodeFromChars(jws.Split('.')[1]);

    [Fact]
    public async Task The_evidence_is_verified_with_the_published_keys_and_a_changed_byte_is_seen()
    {
        var order = await shop.BuyAsync(quantity: 2, price: 1_500);
        await order.DeliverAsync();

        var (statement, jws) = await ReadAsync(order);

        Assert.True(await IsGoodAsync(jws));
        var parts = jws.Split('.');
        var changed = Encoding.UTF8.GetString(PayloadOf(jws)).Replace("\"amount\":3000", "\"amount\":3001", StringComparison.Ordinal);
        Assert.False(await IsGoodAsync($"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(changed))}.{parts[2]}"));
        Assert.Equal(Encoding.UTF8.GetString(CanonicalJson.Of(statement)), Encoding.UTF8.GetString(PayloadOf(jws)));
    }

    [Fact]
    public async Task The_same_state_of_things_gives_the_same_bytes_and_another_gives_others()
    {
        var order = await shop.BuyAsync();

        var first = PayloadOf((await ReadAsync(order)).Jws);
        shop.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = PayloadOf((await ReadAsync(order)).Jws);
        await order.ShipAsync();

        Assert.Equal(first, second);
        Assert.NotEqual(first, PayloadOf((await ReadAsync(order)).Jws));
    }

    [Fact]
    public async Task It_tells_who_bought_what_was_allowed_and_left_and_every_history_holds()
    {
        var agent = await shop.GrantAsync(perOrder: 50_000, total: 100_000);
        var product = await shop.AddProductAsync(price: 10_000);
        await shop.BuyAsync(agent, (product, 2));
        var order = await shop.BuyAsync(agent, (product, 3));
        await shop.BuyAsync(agent, (product, 1));

        var (statement, _) = await ReadAsync(order);

        Assert.Equal(("custobot-evidence/1", "purchasing-bot", "buyer@example.com", agent.GrantId), (statement.GetProperty("format").GetString(),
            statement.GetProperty("identity").GetProperty("client_id").GetString(), statement.GetProperty("identity").GetProperty("person").GetString(),
            statement.GetProperty("identity").GetProperty("grant_id").GetString()));
        var mandate = Assert.Single(statement.GetProperty("grant").GetProperty("mandates").EnumerateArray());
        // Before it 200.00 of 1,000.00 were spent; what came after it is not told.
        Assert.Equal((100_000, 20_000, 80_000, 30_000), (mandate.GetProperty("total").GetInt64(), mandate.GetProperty("spent").GetInt64(), mandate.GetProperty("left").GetInt64(),
            mandate.GetProperty("paid").GetInt64()));
        Assert.Equal(30_000, statement.GetProperty("payment").GetProperty("captured").GetInt64());
        var histories = statement.GetProperty("histories").EnumerateArray().ToList();
        Assert.Contains(histories, history => history.GetProperty("stream").GetString() == order.Id);
        Assert.Contains(histories, history => history.GetProperty("stream").GetString() == agent.GrantId);
        Assert.All(histories, history =>
        {
            var events = history.GetProperty("events").EnumerateArray().Select(line => line.Deserialize<EventLine>(StoredJson.Options)!.ToEvent()!).ToList();
            Assert.Null(EventChain.FirstBreak(events));
        });
    }

    [Fact]
    public async Task A_bargained_order_brings_its_negotiation()
    {
        var product = await shop.AddProductAsync(price: 20_000);
        var agent = await shop.GrantAsync();
        var quote = await agent.AgreeAsync(product, 19_000);
        var (_, session) = await agent.PostAsync("/v1/checkout_sessions", $$"""{"quote_id":"{{quote}}"}""");
        var (_, completed) = await agent.CompleteAsync(session.GetProperty("id").GetString()!);

        var (_, evidence) = await agent.GetAsync($"/v1/orders/{completed.GetProperty("order").GetProperty("id").GetString()}/evidence");

        Assert.Contains(evidence.GetProperty("statement").GetProperty("histories").EnumerateArray(), history => history.GetProperty("stream").GetString()!.StartsWith("neg_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_that_was_changed_in_the_database_shows_in_the_evidence()
    {
        var order = await shop.BuyAsync();
        await using (var connection = await shop.OpenDatabaseAsync())
        {
            // Who can do that can do anything, and is seen nevertheless.
            await connection.ExecuteAsync("""
                alter table common.events disable trigger events_append_only;
                update common.events set data = jsonb_set(data, '{total,amount}', '1') where stream = @Id;
                alter table common.events enable trigger events_append_only
                """, new { order.Id });
        }

        var (statement, _) = await ReadAsync(order);

        var events = statement.GetProperty("histories")[0].GetProperty("events").EnumerateArray().Select(line => line.Deserialize<EventLine>(StoredJson.Options)!.ToEvent()!).ToList();
        Assert.Equal(1, EventChain.FirstBreak(events));
    }

    [Fact]
    public async Task A_stranger_gets_no_evidence()
    {
        var order = await shop.BuyAsync();

        (await (await shop.GrantAsync()).GetAsync(order.Path + "/evidence")).ShouldBe(404, "not_found");
        Assert.Equal(HttpStatusCode.OK, (await shop.ReadAsync(order.Path + "/evidence")).Status);
    }
}
