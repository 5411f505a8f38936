using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Tests.Grants;

public sealed class TokenExchangeTests
{
    private static readonly ExchangeTokenRequest Request = new("subject", null);
    private static readonly Client Delegate = A.Client with { ClientId = "delegate" };

    [Fact]
    public void The_new_token_has_the_same_subject_and_grant_the_caller_as_client_and_actor_and_never_more()
    {
        var token = Decide(A.Token, A.Client, Request with { Resource = A.Graph, Scopes = ScopeSet.Of("search") }).Value;

        Assert.Equal(("p-1", "g-1", A.Graph, "t-2"), (token.Subject, token.GrantId, token.Audience, token.TokenId));
        Assert.Equal(new Actor("client:s6BhdRkqt3"), token.Actor);
        Assert.Equal(ScopeSet.Of("search"), token.Scopes);
        Assert.Equal(A.Now.AddMinutes(5), token.ExpiresAt);
        Assert.Equal(A.Token.ExpiresAt, Decide(A.Token, A.Client, lifetime: TimeSpan.FromHours(1)).Value.ExpiresAt);
    }

    [Fact]
    public void Nobody_exchanges_a_token_that_is_not_theirs_unless_it_or_its_grant_names_them()
    {
        Assert.Equal("invalid_request", Decide(A.Token, Delegate).Error?.Code);
        Assert.Null(Decide(A.Token with { MayAct = "client:delegate" }, Delegate).Error);
        Assert.Null(Decide(A.Token, Delegate, delegates: ["delegate"]).Error);
        Assert.Equal("delegate", Decide(A.Token, Delegate, delegates: ["delegate"]).Value.ClientId);
        Assert.Null(Decide(A.Token with { MayAct = "client:delegate" }, Delegate).Value.MayAct);
    }

    [Fact]
    public void By_default_nobody_exchanges_anything()
    {
        Assert.Equal("unauthorized_client", Decide(A.Token, A.Client with { ExchangeResources = [] }).Error?.Code);
        Assert.Equal("unauthorized_client", Decide(A.Token, A.Client with { GrantTypes = [GrantTypes.AuthorizationCode] }).Error?.Code);
        Assert.Equal("unauthorized_client", Decide(A.Token, A.Client with { AuthMethod = AuthMethods.None }).Error?.Code);
        Assert.Equal("invalid_target", Decide(A.Token, A.Client with { ExchangeResources = [A.Graph] }).Error?.Code);
        Assert.Equal("invalid_target", Decide(A.Token, A.Client with { ExchangeResources = [A.Graph] }, Request with { Resource = A.Api }).Error?.Code);
    }

    [Fact]
    public void An_actor_token_is_the_caller_s_own()
    {
        var own = A.Token with { ClientId = "delegate", Subject = "client:delegate" };

        Assert.Null(Decide(A.Token, Delegate, actor: own, delegates: ["delegate"]).Error);
        Assert.Equal("invalid_request", Decide(A.Token, Delegate, actor: own with { ClientId = "other" }, delegates: ["delegate"]).Error?.Code);
        Assert.Equal("invalid_request", Decide(A.Token, Delegate, actor: own with { Subject = "p-2" }, delegates: ["delegate"]).Error?.Code);
    }

    [Fact]
    public void Scopes_are_what_subject_and_caller_both_have()
    {
        Assert.Equal(ScopeSet.Of("search"), Decide(A.Token, A.Client with { Scopes = ScopeSet.Of("search", "openid") }).Value.Scopes);
        Assert.Equal("invalid_scope", Decide(A.Token, A.Client, Request with { Scopes = ScopeSet.Of("search", "openid") }).Error?.Code);
        Assert.Equal("invalid_scope", Decide(A.Token, A.Client with { Scopes = ScopeSet.Of("search") }, Request with { Scopes = ScopeSet.Of("search", "buy") }).Error?.Code);
        Assert.Equal("invalid_scope", Decide(A.Token with { Scopes = ScopeSet.Empty }, A.Client).Error?.Code);
    }

    [Fact]
    public void Mandates_are_narrowed_and_fall_away_where_the_caller_may_have_none()
    {
        var wider = AuthorizationDetails.Read(A.MandateJson.Replace("80.00", "81.00", StringComparison.Ordinal), [A.Mandate], A.Now).Value;

        Assert.Equal(A.Details, Decide(A.Token, A.Client).Value.Details);
        Assert.Equal("invalid_authorization_details", Decide(A.Token, A.Client, Request with { Details = wider }).Error?.Code);
        Assert.Equal("invalid_authorization_details", Decide(A.Token with { Details = null }, A.Client, Request with { Details = A.Details }).Error?.Code);
        Assert.Null(Decide(A.Token, A.Client with { AuthorizationDetailsTypes = [] }).Value.Details);
    }

    [Fact]
    public void The_chain_grows_outwards_to_four_and_not_by_the_same_actor_twice()
    {
        var token = A.Token;
        foreach (var name in new[] { "a", "b", "b", "c", "d" })
        {
            token = Decide(token, Delegate with { ClientId = name }, delegates: [name]).Value;
        }

        Assert.Equal(new Actor("client:d", new Actor("client:c", new Actor("client:b", new Actor("client:a")))), token.Actor);
        Assert.Equal("invalid_request", Decide(token, Delegate with { ClientId = "e" }, delegates: ["e"]).Error?.Code);
    }

    [Fact]
    public void A_bound_token_is_exchanged_with_its_key_alone()
    {
        var bound = A.Token with { Thumbprint = "jkt" };

        Assert.Equal("invalid_dpop_proof", Decide(bound, A.Client).Error?.Code);
        Assert.Equal("invalid_dpop_proof", Decide(bound, A.Client, thumbprint: "other").Error?.Code);
        Assert.Equal("jkt", Decide(bound, A.Client, thumbprint: "jkt").Value.Thumbprint);
        Assert.Equal("jkt", Decide(A.Token, A.Client, thumbprint: "jkt").Value.Thumbprint);
    }

    private static Checked<AccessToken> Decide(
        AccessToken subject, Client caller, ExchangeTokenRequest? request = null, AccessToken? actor = null, string[]? delegates = null, string? thumbprint = null, TimeSpan? lifetime = null) =>
        TokenExchange.Decide(request ?? Request, subject, actor, caller, delegates ?? [], thumbprint, "t-2", lifetime ?? TimeSpan.FromMinutes(5), A.Now);
}
