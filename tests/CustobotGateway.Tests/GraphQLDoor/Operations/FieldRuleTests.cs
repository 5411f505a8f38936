using System.Net;
using System.Text.Json;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.GraphQLDoor.Operations;

/// <summary>A field is refused, repeated and tried as the route of its operation is.</summary>
public sealed class FieldRuleTests(BuyingFixture shop) : IClassFixture<BuyingFixture>
{
    [Fact]
    public async Task What_rest_refuses_is_refused_with_the_same_code_status_and_words()
    {
        var product = await shop.AddProductAsync();
        var (owner, stranger, reader) = (await shop.GrantAsync(), await shop.GrantAsync(), await shop.GrantAsync(actions: ["quote"]));
        var session = await shop.OpenAsync(owner, product);
        foreach (var (agent, id) in new[] { (stranger, session), (reader, session), (owner, "cks_none") })
        {
            var field = (await shop.AskAsync(agent.Token, "mutation($id: ID!) { cancelCheckoutSession(id: $id) { id } }", new { id })).GetProperty("errors")[0];
            var (status, problem) = await agent.PostAsync($"/v1/checkout_sessions/{id}/cancel", "");

            Assert.NotEqual(HttpStatusCode.OK, status);
            Assert.Equal((problem.GetProperty("code").GetString(), (int)status), (field.GetProperty("extensions").GetProperty("code").GetString(), field.GetProperty("extensions").GetProperty("status").GetInt32()));
            Assert.Equal(problem.GetProperty("detail").GetString(), field.GetProperty("message").GetString());
        }
        Assert.Equal("READY_FOR_COMPLETE", (await shop.DoOneAsync(owner.Token, "query($id: ID!) { checkoutSession(id: $id) { status } }", new { id = session })).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Without_a_token_nothing_is_bought_and_the_policy_can_be_read()
    {
        var product = await shop.AddProductAsync();
        var answer = await shop.SendAsync("mutation($input: OpenCheckoutSessionInput!) { openCheckoutSession(input: $input) { id } }",
            JsonSerializer.SerializeToNode(new { input = new { lineItems = new[] { new { productId = product, quantity = 1 } } } }));
        var policy = await shop.SendAsync("{ returnPolicy { windowDays } }");

        Assert.Equal("unauthorized", GraphQLCalls.CodeOf(answer.GetProperty("errors")[0]));
        Assert.False(policy.TryGetProperty("errors", out _));
    }

    [Fact]
    public async Task What_is_at_fault_is_pointed_to_in_the_fields_own_names()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();

        var none = await shop.RefusalAsync(agent.Token, Documents.Open, Documents.Of(product, quantity: 0));
        var twice = await shop.RefusalAsync(agent.Token, """mutation { openCheckoutSession(input: { quoteId: "quo_1", cartId: "crt_1" }) { id } }""");
        var page = await shop.RefusalAsync(agent.Token, "{ orders(first: 1000) { page { next } } }");
        var time = await shop.RefusalAsync(agent.Token, """{ orders(placedFrom: "yesterday") { page { next } } }""");
        var nul = await shop.RefusalAsync(agent.Token, "query($id: ID!) { order(id: $id) { id } }", new { id = "ord_\0" });
        var type = (await shop.AskAsync(agent.Token, "mutation { openCheckoutSession(input: { lineItems: [{ productId: \"x\", quantity: 1.5 }] }) { id } }")).GetProperty("errors")[0].GetProperty("extensions");

        Assert.Equal(("invalid_request", "/input/lineItems/0/quantity"), Place(none));
        Assert.Equal(("invalid_request", "/input"), Place(twice));
        Assert.Equal("/first", Place(page).Pointer);
        Assert.Equal(("invalid_request", "/placedFrom"), Place(time));
        Assert.Equal(("invalid_request", "/id"), Place(nul));
        Assert.Equal("GRAPHQL_VALIDATION_FAILED", type.GetProperty("code").GetString());

        static (string? Code, string? Pointer) Place(JsonElement refusal) => (refusal.GetProperty("code").GetString(), refusal.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_key_names_one_request_through_either_door()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();

        var first = await shop.DoOneAsync(agent.Token, Documents.Open, Documents.Of(product, key: "one"));
        var again = await shop.DoOneAsync(agent.Token, Documents.Open, Documents.Of(product, key: "one"));
        var (status, rest) = await agent.PostAsync("/v1/checkout_sessions", $$"""{"line_items":[{"product_id":"{{product}}","quantity":1}]}""", key: "one");
        var other = await shop.RefusalAsync(agent.Token, Documents.Open, Documents.Of(product, quantity: 2, key: "one"));
        var id = first.GetProperty("id").GetString();
        var paid = await shop.DoOneAsync(agent.Token, Documents.Complete, new { id, key = "pay" });
        var paidAgain = await shop.DoOneAsync(agent.Token, Documents.Complete, new { id, key = "pay" });
        var refused = await shop.RefusalAsync(agent.Token, Documents.Complete, new { id, key = "later" });
        var bad = await shop.RefusalAsync(agent.Token, Documents.Open, Documents.Of(product, key: ""));

        Assert.Equal(id, again.GetProperty("id").GetString());
        Assert.Equal((HttpStatusCode.Created, id), (status, rest.GetProperty("id").GetString()));
        Assert.Equal("idempotency_key_reused", other.GetProperty("code").GetString());
        Assert.Equal(paid.ToString(), paidAgain.ToString());
        Assert.Equal("session_completed", refused.GetProperty("code").GetString());
        Assert.Equal("idempotency_key_invalid", bad.GetProperty("code").GetString());
        Assert.Equal(1, await shop.CountAsync("checkout.orders", "session_id = @id", new { id }));
    }

    [Fact]
    public async Task Two_doors_at_once_sell_one_thing_once()
    {
        var product = await shop.AddProductAsync(stock: 1);
        var agent = await shop.GrantAsync();
        var id = await shop.OpenAsync(agent, product);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => i % 2 == 0 ? shop.AskAsync(agent.Token, Documents.Complete, new { id, key = $"g{i}" }) : Body(agent.CompleteAsync(id, key: $"r{i}"))));
        var read = await shop.DoOneAsync(agent.Token, "query($id: ID!) { checkoutSession(id: $id) { status order { id } } }", new { id });

        Assert.Equal("COMPLETED", read.GetProperty("status").GetString());
        Assert.Equal((1, 0), (await shop.CountAsync("checkout.orders", "session_id = @id", new { id }), await shop.StockOfAsync(product)));
        Assert.Equal(20_000, (await agent.RemainingAsync()).GetProperty("spent").GetInt64());

        static async Task<JsonElement> Body(Task<(HttpStatusCode Status, JsonElement Body)> sent) => (await sent).Body;
    }

    [Fact]
    public async Task Fields_of_one_request_do_not_share_the_key_of_its_header()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        const string Two = """
            mutation($input: OpenCheckoutSessionInput!) { a: openCheckoutSession(input: $input) { id } b: openCheckoutSession(input: $input) { id } }
            """;
        var variables = new { input = new { lineItems = new[] { new { productId = product, quantity = 1 } } } };

        var first = (await shop.AskAsync(agent.Token, Two, variables, key: "both")).GetProperty("data");
        var again = (await shop.AskAsync(agent.Token, Two, variables, key: "both")).GetProperty("data");

        Assert.NotEqual(first.GetProperty("a").ToString(), first.GetProperty("b").ToString());
        Assert.Equal(first.ToString(), again.ToString());
    }

    [Fact]
    public async Task A_dry_run_answers_as_the_write_would_and_changes_nothing()
    {
        var product = await shop.AddProductAsync(stock: 3);
        var agent = await shop.GrantAsync();
        var session = await shop.OpenAsync(agent, product);

        var tried = await shop.DoOneAsync(agent.Token, Documents.Open, Documents.Of(product, dry: true));
        var cart = await shop.AskAsync(agent.Token, "mutation($p: ID!) { createCart(input: { lineItems: [{ productId: $p, quantity: 1 }] }) { id } }", new { p = product }, prefer: "dry-run");
        var paid = await shop.DoOneAsync(agent.Token, """mutation($id: ID!) { completeCheckoutSession(id: $id, input: { payment: { handler: "sandbox", token: "tok_visa" } }, dryRun: true) { session { status } } }""", new { id = session });
        var paused = await shop.DoOneAsync(GatewayFixture.AdminToken, "mutation($id: ID!) { pauseGrant(id: $id, dryRun: true) { status } }", new { id = agent.GrantId });
        var refused = await shop.RefusalAsync(agent.Token, Documents.Open, Documents.Of("prd_0000000000000", dry: true));

        Assert.Equal("READY_FOR_COMPLETE", tried.GetProperty("status").GetString());
        Assert.Equal("READY_FOR_COMPLETE", paid.GetProperty("session").GetProperty("status").GetString());
        Assert.Equal("PAUSED", paused.GetProperty("status").GetString());
        Assert.NotEqual("idempotency_key_invalid", refused.GetProperty("code").GetString());
        Assert.Equal((1, 0, 0), (
            await shop.CountAsync("checkout.sessions", "grant_id = @GrantId", new { agent.GrantId }),
            await shop.CountAsync("checkout.carts", "grant_id = @GrantId", new { agent.GrantId }),
            await shop.CountAsync("checkout.orders", "grant_id = @GrantId", new { agent.GrantId })));
        Assert.True(cart.GetProperty("data").GetProperty("createCart").TryGetProperty("id", out _));
        Assert.Equal("active", (await agent.RemainingAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_grants_mutation_is_answered_once_for_each_key()
    {
        var agent = await shop.GrantAsync();
        const string Pause = "mutation($id: ID!) { pauseGrant(id: $id, idempotencyKey: \"p\") { status pausedAt } }";

        var paused = await shop.DoOneAsync(GatewayFixture.AdminToken, Pause, new { id = agent.GrantId });
        await shop.DoOneAsync(GatewayFixture.AdminToken, "mutation($id: ID!) { resumeGrant(id: $id, idempotencyKey: \"p\") { status } }", new { id = agent.GrantId });
        var again = await shop.DoOneAsync(GatewayFixture.AdminToken, Pause, new { id = agent.GrantId });

        Assert.Equal(paused.ToString(), again.ToString());
        Assert.Equal("active", (await agent.RemainingAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Lists_are_paged_and_what_they_could_hold_is_weighed()
    {
        var agent = await shop.GrantAsync(perOrder: 1_000_000, total: 10_000_000);
        var orders = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            orders.Insert(0, (await shop.BuyAsync(by: agent)).Id);
        }
        var (read, after) = (new List<string>(), (string?)null);
        do
        {
            var page = await shop.DoOneAsync(agent.Token, "query($after: String) { orders(first: 2, after: $after) { orders { id } page { next } } }", new { after });
            read.AddRange(page.GetProperty("orders").EnumerateArray().Select(order => order.GetProperty("id").GetString()!));
            after = page.GetProperty("page").GetProperty("next").GetString();
        }
        while (after is not null);
        var dear = await shop.RefusalAsync(agent.Token, "{ orders(first: 100) { orders { adjustments { lineItems { id } totals { lines { amount } } } fulfillment { events { lineItems { id } } } lineItems { id } } } }");
        var many = await shop.RefusalAsync(agent.Token,
            "mutation($input: OpenCheckoutSessionInput!) {" + string.Concat(Enumerable.Range(0, 101).Select(i => $" s{i}: openCheckoutSession(input: $input) {{ id }}")) + " }",
            new { input = new { cartId = "crt_1" } });

        Assert.Equal(orders, read);
        Assert.EndsWith("_LIMIT_EXCEEDED", dear.GetProperty("code").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("_LIMIT_EXCEEDED", many.GetProperty("code").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lane_that_does_not_buy_buys_through_no_field()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();

        var answer = await shop.AskAsync(agent.Token, "mutation($input: OpenCheckoutSessionInput!) { openCheckoutSession(input: $input) { id } }",
            new { input = new { lineItems = new[] { new { productId = product, quantity = 1 } } } }, isForged: true);
        var read = await shop.AskAsync(agent.Token, "{ catalog { version } returnPolicy { windowDays } }", isForged: true);

        Assert.Equal("lane_forbids", GraphQLCalls.CodeOf(answer.GetProperty("errors")[0]));
        Assert.False(read.TryGetProperty("errors", out _));
        Assert.Equal(0, await shop.CountAsync("checkout.sessions", "grant_id = @GrantId", new { agent.GrantId }));
    }

    [Fact]
    public async Task Each_field_counts_towards_the_limit_of_its_group()
    {
        var agent = await shop.GrantAsync();

        var answer = await shop.AskAsync(agent.Token, "{" + string.Concat(Enumerable.Range(0, BuyingFixture.MostOfGrant + 2).Select(i => $" o{i}: orders(first: 1) {{ page {{ next }} }}")) + " }");
        var (status, rest) = await agent.GetAsync("/v1/orders");

        Assert.Equal(2, answer.GetProperty("errors").EnumerateArray().Count(error => GraphQLCalls.CodeOf(error) == "too_many_requests"));
        Assert.Equal((HttpStatusCode.TooManyRequests, "too_many_requests"), (status, rest.GetProperty("code").GetString()));
    }
}
