using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Tests.Grants;

public sealed class CodeTests
{
    private static readonly CodeTokenRequest Request = new("code", A.Callback, A.Verifier);

    private static readonly AuthorizationCode Code = new()
    {
        Hash = SecretHash.Of("code"),
        Grant = A.Grant,
        RedirectUri = A.Callback,
        CodeChallenge = A.Challenge,
        ExpiresAt = A.Now.AddSeconds(60),
    };

    [Fact]
    public void A_code_gives_what_was_granted_for_the_first_resource()
    {
        var rights = Code.Redeem(Request, A.Client, null, A.Now.AddSeconds(59)).Rights!;

        Assert.Equal(new TokenRights(ScopeSet.Of("search", "buy"), A.Api, A.Details), rights);
    }

    [Fact]
    public void A_code_is_bound_to_everything_it_was_issued_for()
    {
        Refused(Code.Redeem(Request with { CodeVerifier = null }, A.Client, null, A.Now));
        Refused(Code.Redeem(Request with { CodeVerifier = A.Verifier[..^1] + "z" }, A.Client, null, A.Now));
        Refused(Code.Redeem(Request with { RedirectUri = A.Callback + "2" }, A.Client, null, A.Now));
        Refused(Code.Redeem(Request with { RedirectUri = null }, A.Client, null, A.Now));
        Refused(Code.Redeem(Request, A.Client with { ClientId = "other" }, null, A.Now));
        Refused(Code.Redeem(Request, A.Client, null, A.Now.AddSeconds(60)));
        Refused((Code with { DpopThumbprint = "jkt" }).Redeem(Request, A.Client, null, A.Now));
        Refused((Code with { DpopThumbprint = "jkt" }).Redeem(Request, A.Client, "other", A.Now));
        Assert.Null((Code with { DpopThumbprint = "jkt" }).Redeem(Request, A.Client, "jkt", A.Now).Error);
        Assert.Null((Code with { RedirectUriWasSent = false }).Redeem(Request with { RedirectUri = null }, A.Client, null, A.Now).Error);
        Assert.Null(Code.Redeem(Request with { RedirectUri = null }, A.Client with { MayOmitRedirectUriAtToken = true }, null, A.Now).Error);
    }

    [Fact]
    public void Reuse_ends_the_grant_but_not_at_the_hand_of_another_client_or_without_the_verifier()
    {
        var used = Code with { ConsumedAt = A.Now };

        Assert.True(used.Redeem(Request, A.Client, null, A.Now.AddHours(1)).RevokesGrant);
        Assert.False(used.Redeem(Request, A.Client with { ClientId = "other" }, null, A.Now).RevokesGrant);
        Assert.False(used.Redeem(Request with { CodeVerifier = new string('a', 43) }, A.Client, null, A.Now).RevokesGrant);
    }

    [Fact]
    public void A_token_request_may_only_narrow()
    {
        Assert.Equal(ScopeSet.Of("buy"), Code.Redeem(Request with { Scopes = ScopeSet.Of("buy") }, A.Client, null, A.Now).Rights!.Scopes);
        Assert.Equal(A.Graph, Code.Redeem(Request with { Resource = A.Graph }, A.Client, null, A.Now).Rights!.Resource);
        Assert.Equal("invalid_scope", Code.Redeem(Request with { Scopes = ScopeSet.Of("openid") }, A.Client, null, A.Now).Error!.Code);
        Assert.Equal("invalid_target", Code.Redeem(Request with { Resource = "https://gw.example/mcp" }, A.Client, null, A.Now).Error!.Code);
        var wider = AuthorizationDetails.Read(A.MandateJson.Replace("250.00", "250.01", StringComparison.Ordinal), [A.Mandate], A.Now).Value;
        Assert.Equal("invalid_authorization_details", Code.Redeem(Request with { Details = wider }, A.Client, null, A.Now).Error!.Code);
        Assert.Equal("invalid_authorization_details", (Code with { Grant = A.Grant with { Details = null } }).Redeem(Request with { Details = A.Details }, A.Client, null, A.Now).Error!.Code);
    }

    [Fact]
    public void A_device_polls_and_learns_what_was_decided()
    {
        var pending = new DeviceGrant { Hash = SecretHash.Of("d"), UserCode = "WDJB-MJHT", ClientId = A.Client.ClientId, ExpiresAt = A.Now.AddMinutes(10) };
        var approved = pending with { State = DeviceState.Approved, Grant = A.Grant };

        Assert.Equal("authorization_pending", Poll(pending, A.Now, out var polled));
        Assert.Equal("slow_down", Poll(polled, A.Now.AddSeconds(4.9), out var slowed));
        Assert.Equal(TimeSpan.FromSeconds(10), slowed.Interval);
        Assert.Equal("slow_down", Poll(slowed, A.Now.AddSeconds(14), out _));
        Assert.Equal("authorization_pending", Poll(slowed, A.Now.AddSeconds(15), out _));
        Assert.Equal("access_denied", Poll(pending with { State = DeviceState.Denied }, A.Now, out _));
        Assert.Equal("expired_token", Poll(approved, A.Now.AddMinutes(10), out _));
        Assert.Equal("invalid_grant", Poll(approved with { State = DeviceState.Consumed }, A.Now, out _));
        Assert.Equal("invalid_grant", Poll(approved with { ClientId = "other" }, A.Now, out _));
        Assert.Equal("invalid_grant", Poll(approved with { DpopThumbprint = "jkt" }, A.Now, out _));
        Assert.Null(Poll(approved, A.Now, out _));
    }

    private static string? Poll(DeviceGrant row, DateTimeOffset now, out DeviceGrant polled) => row.Redeem(new DeviceTokenRequest("d"), A.Client, null, now, out polled).Error?.Code;

    private static void Refused(Redemption redemption)
    {
        Assert.Null(redemption.Rights);
        Assert.Equal("invalid_grant", redemption.Error?.Code);
        Assert.False(redemption.RevokesGrant);
    }
}
