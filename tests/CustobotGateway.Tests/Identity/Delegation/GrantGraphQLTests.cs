using System.Net;
using System.Text.Json;
using CustobotGateway.Common;

namespace CustobotGateway.Tests.Identity.Delegation;

/// <summary>The GraphQL door does what REST does: the same answers, the same rules, the same refusals.</summary>
public sealed class GrantGraphQLTests(GrantGraphQLTests.Gateway shop) : IClassFixture<GrantGraphQLTests.Gateway>
{
    public sealed class Gateway : DelegationFixture
    {
        protected override bool Demo => true;
    }

    private const string GrantFields = "id status person timeZone scopes client { id name verified } authorizationDetails preferences remaining createdAt";

    [Fact]
    public async Task Grant_and_what_is_left_of_it_are_those_of_rest()
    {
        var agent = await shop.GrantAsync();
        var (_, rest) = await agent.GetAsync($"/v1/grants/{agent.GrantId}");
        var (_, left) = await agent.GetAsync($"/v1/grants/{agent.GrantId}/remaining");

        var answer = await shop.QueryAsync($"query($id: ID!) {{ grant(id: $id) {{ {GrantFields} }} grants {{ grants {{ id }} page {{ next }} }} }}", agent.Token, new { id = agent.GrantId });

        var grant = Data(answer).GetProperty("grant");
        Assert.Equal((rest.GetProperty("id").GetString(), "ACTIVE", rest.GetProperty("person").GetString()),
            (grant.GetProperty("id").GetString(), grant.GetProperty("status").GetString(), grant.GetProperty("person").GetString()));
        Assert.True(JsonElement.DeepEquals(rest.GetProperty("authorization_details"), grant.GetProperty("authorizationDetails")));
        Assert.True(JsonElement.DeepEquals(left, grant.GetProperty("remaining")), grant.ToString());
        Assert.Equal(agent.GrantId, Data(answer).GetProperty("grants").GetProperty("grants")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Manager_pauses_resumes_prefers_decides_and_revokes()
    {
        var agent = await shop.GrantAsync();
        var (approved, denied) = (await shop.AskAsync(agent, "cks_1"), await shop.AskAsync(agent, "cks_2"));
        var variables = new { id = agent.GrantId, approved = approved.Id, denied = denied.Id, wishes = new { delivery = new { max_days = 3 } } };

        var answer = await shop.QueryAsync("""
            mutation($id: ID!, $approved: ID!, $denied: ID!, $wishes: JSON!) {
              pauseGrant(id: $id) { status pausedAt } resumeGrant(id: $id) { status } setPreferences(id: $id, preferences: $wishes) { preferences }
              approvePurchase(id: $approved) { state decidedBy total { amount currency } } denyPurchase(id: $denied) { state offer }
              revokeGrant(id: $id) { status ends { kind id } }
            }
            """, shop.GraphQLManagerToken, variables);

        var data = Data(answer);
        Assert.Equal(("PAUSED", "ACTIVE", "APPROVED", "DENIED", "REVOKED"), (StateOf("pauseGrant"), StateOf("resumeGrant"), StateOf("approvePurchase"), StateOf("denyPurchase"), StateOf("revokeGrant")));
        Assert.Equal(3, data.GetProperty("setPreferences").GetProperty("preferences").GetProperty("delivery").GetProperty("max_days").GetInt32());
        Assert.Contains(data.GetProperty("revokeGrant").GetProperty("ends").EnumerateArray(), end => end.GetProperty("id").GetString() == approved.Id);
        Assert.Equal(["grant.issued", "approval.asked", "approval.asked", "grant.paused", "grant.resumed", "grant.preferences_set", "approval.approved", "approval.denied", "approval.void", "grant.revoked"],
            await shop.HistoryAsync(agent.GrantId));

        string StateOf(string field) => (data.GetProperty(field).TryGetProperty("status", out var status) ? status : data.GetProperty(field).GetProperty("state")).GetString()!;
    }

    [Theory]
    [InlineData("mutation($id: ID!) { pauseGrant(id: $id) { id } }", "POST", "/v1/grants/{0}/pause")]
    [InlineData("mutation($id: ID!) { revokeGrant(id: $id) { status } }", "DELETE", "/v1/grants/{0}")]
    [InlineData("mutation($id: ID!) { approvePurchase(id: $id) { id } }", "POST", "/v1/approvals/{0}/approve")]
    [InlineData("query($id: ID!) { approval(id: $id) { id } }", "GET", "/v1/approvals/{0}")]
    public async Task Refusals_are_those_of_rest(string query, string method, string path)
    {
        var agent = await shop.GrantAsync();
        foreach (var (graphql, rest) in new[]
        {
            (agent.Token, agent.Token),
            (shop.TokenOf("app", "somebody@example.com", [Scopes.GrantsManage], resource: "/graphql"), shop.TokenOf("app", "somebody@example.com", [Scopes.GrantsManage])),
            (shop.TokenOf("purchasing-bot", DelegationFixture.Person, [Scopes.GrantsManage], agent.GrantId, resource: "/graphql"), shop.TokenOf("purchasing-bot", DelegationFixture.Person, [Scopes.GrantsManage], agent.GrantId)),
        })
        {
            var answer = await shop.QueryAsync(query, graphql, new { id = agent.GrantId });
            var (status, problem) = await shop.SendAsync(new HttpMethod(method), path.Replace("{0}", agent.GrantId, StringComparison.Ordinal), rest);

            Assert.NotEqual(HttpStatusCode.OK, status);
            Assert.Equal(problem.GetProperty("code").GetString(), answer.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task Search_applies_preferences_as_rest_does_and_shows_each()
    {
        var agent = await shop.GrantAsync();
        await shop.ManageAsync(HttpMethod.Put, $"/v1/grants/{agent.GrantId}/preferences", """
            {"weights":[{"attribute":"rating","direction":"higher","weight":0.9,"value":4},{"attribute":"release_date","direction":"higher","weight":0.1}],
             "brands":{"avoid":["Nobody"]},"delivery":{"max_days":2},"budget_stance":"frugal"}
            """);

        var (status, rest) = await agent.PostAsync("/v1/products/search", """{"apply_preferences":true,"page":{"size":5}}""");
        var graphql = await shop.QueryAsync("{ products(applyPreferences: true, first: 5) { nodes { id } edges { score } appliedPreferences { preference constraint reason detail } } }", agent.Token);
        var (_, plain) = await agent.PostAsync("/v1/products/search", """{"page":{"size":5}}""");

        Assert.True(status == HttpStatusCode.OK, rest.ToString());
        var applied = rest.GetProperty("applied_preferences");
        Assert.Equal("/weights/0 /weights/1 /brands/avoid /delivery/max_days /budget_stance", string.Join(' ', applied.EnumerateArray().Select(one => one.GetProperty("preference").GetString()).Distinct()));
        Assert.Equal("""{"attribute":"rating","op":"gte","value":4,"weight":0.9}""", applied[0].GetProperty("constraint").GetRawText());
        Assert.Equal("value_needed", applied[1].GetProperty("reason").GetString());
        // The less the better: three steps, a third of the weight each.
        Assert.Equal(3, applied.EnumerateArray().Count(one => one.GetProperty("preference").GetString() == "/budget_stance"));
        Assert.True(rest.GetProperty("products")[0].GetProperty("score").GetDouble() > 1);
        Assert.Empty(plain.GetProperty("applied_preferences").EnumerateArray());
        var products = Data(graphql).GetProperty("products");
        Assert.Equal(rest.GetProperty("products").EnumerateArray().Select(one => one.GetProperty("id").GetString()), products.GetProperty("nodes").EnumerateArray().Select(one => one.GetProperty("id").GetString()));
        Assert.Equal(applied.GetArrayLength(), products.GetProperty("appliedPreferences").GetArrayLength());
        Assert.True(JsonElement.DeepEquals(applied[0].GetProperty("constraint"), products.GetProperty("appliedPreferences")[0].GetProperty("constraint")));
    }

    [Fact]
    public async Task Search_without_a_grant_has_no_preferences_to_apply()
    {
        using var body = new StringContent("""{"apply_preferences":true}""", System.Text.Encoding.UTF8, "application/json");
        using var rest = await shop.Client.PostAsync("/v1/products/search", body);
        var graphql = await shop.QueryAsync("{ products(applyPreferences: true) { totalCount } }", shop.GraphQLManagerToken);

        Assert.Equal((422, "grant_required"), ((int)rest.StatusCode, (await Tests.Common.GatewayFixture.ReadJsonAsync(rest)).GetProperty("code").GetString()));
        Assert.Equal("grant_required", graphql.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Search_by_get_with_preferences_is_not_kept_by_caches()
    {
        var agent = await shop.GrantAsync();
        var q = Convert.ToBase64String("""{"apply_preferences":true}"""u8).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/products/search?q=" + q);
        request.Headers.Authorization = new("Bearer", agent.Token);

        using var answer = await shop.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(answer.Headers.ETag);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    private static JsonElement Data(JsonElement answer)
    {
        Assert.False(answer.TryGetProperty("errors", out var errors), errors.ToString());
        return answer.GetProperty("data");
    }
}
