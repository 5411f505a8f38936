using System.Text;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Tests.Grants;

public sealed class RefreshTests
{
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    private static readonly RefreshToken First = new()
    {
        Hash = SecretHash.Of("r0"),
        FamilyId = "f",
        Grant = A.Grant,
        IssuedAt = A.Now,
        ExpiresAt = A.Now.AddDays(1),
        FamilyExpiresAt = A.Now.AddDays(2),
    };

    private static readonly RefreshToken Consumed = First with { ConsumedAt = A.Now, SealedSuccessor = [1] };

    [Fact]
    public void A_token_is_rotated_and_its_successor_does_not_outlive_the_family()
    {
        var decision = Redeem(First);
        var successor = First.Successor(SecretHash.Of("r1"), TimeSpan.FromDays(1), A.Now.AddDays(1.5));

        Assert.Equal(RefreshStep.Rotate, decision.Step);
        Assert.Equal(new TokenRights(A.Grant.Scopes, A.Api, A.Details), decision.Rights);
        Assert.Equal((First.FamilyExpiresAt, "f"), (successor.ExpiresAt, successor.FamilyId));
    }

    [Fact]
    public void Reuse_revokes_the_family()
    {
        Assert.Equal(RefreshStep.RevokeFamily, Redeem(Consumed, leeway: TimeSpan.Zero).Step);
        Assert.Equal(RefreshStep.RevokeFamily, Redeem(Consumed, now: A.Now + Leeway).Step);
        Assert.Equal(RefreshStep.RevokeFamily, Redeem(Consumed with { SuccessorIsConsumed = true }).Step);
        Assert.Equal(RefreshStep.RevokeFamily, Redeem(Consumed with { SealedSuccessor = null }).Step);
        Assert.Equal("invalid_grant", Redeem(Consumed, leeway: TimeSpan.Zero).Error?.Code);
    }

    [Fact]
    public void Within_the_leeway_the_last_but_one_gets_the_same_successor() =>
        Assert.Equal(RefreshStep.Repeat, Redeem(Consumed, now: A.Now + Leeway - TimeSpan.FromMilliseconds(1)).Step);

    [Fact]
    public void Another_client_or_another_key_is_refused_and_burns_nothing()
    {
        var bound = Consumed with { Thumbprint = "jkt" };

        Assert.Equal(RefreshStep.Refuse, Redeem(Consumed, A.Client with { ClientId = "other" }, leeway: TimeSpan.Zero).Step);
        Assert.Equal(RefreshStep.Refuse, Redeem(bound, A.PublicClient, "other", TimeSpan.Zero).Step);
        Assert.Equal(RefreshStep.Refuse, Redeem(bound, A.PublicClient, null, TimeSpan.Zero).Step);
        Assert.Equal(RefreshStep.RevokeFamily, Redeem(bound, A.PublicClient, "jkt", TimeSpan.Zero).Step);
    }

    [Fact]
    public void A_confidential_client_may_change_its_key_and_neither_begin_nor_end_to_have_one()
    {
        Assert.Equal(RefreshStep.Rotate, Redeem(First with { Thumbprint = "jkt" }, thumbprint: "next").Step);
        Assert.Equal(RefreshStep.Refuse, Redeem(First with { Thumbprint = "jkt" }).Step);
        Assert.Equal(RefreshStep.Refuse, Redeem(First, thumbprint: "jkt").Step);
    }

    [Fact]
    public void Only_a_bound_token_of_a_confidential_client_stays()
    {
        var still = A.Client with { Refresh = RefreshPolicy.Static };

        Assert.Equal(RefreshStep.Keep, Redeem(First with { Thumbprint = "jkt" }, still, "jkt").Step);
        Assert.Equal(RefreshStep.Rotate, Redeem(First, still).Step);
        Assert.Equal(RefreshStep.Rotate, Redeem(First with { Thumbprint = "jkt" }, A.PublicClient with { Refresh = RefreshPolicy.Static }, "jkt").Step);
    }

    [Fact]
    public void Expired_and_revoked_tokens_are_refused()
    {
        Assert.Equal(RefreshStep.Refuse, Redeem(First, now: First.ExpiresAt).Step);
        Assert.Equal(RefreshStep.Refuse, Redeem(Consumed, now: First.FamilyExpiresAt).Step);
        Assert.Equal(RefreshStep.Refuse, Redeem(First with { FamilyRevokedAt = A.Now }).Step);
        Assert.Equal(RefreshStep.Refuse, Redeem(Consumed with { FamilyRevokedAt = A.Now }).Step);
    }

    [Fact]
    public void What_is_narrowed_is_narrowed_for_this_access_token_and_never_widened()
    {
        Assert.Equal(ScopeSet.Of("search"), First.Redeem(new("r0") { Scopes = ScopeSet.Of("search") }, A.Client, null, Leeway, A.Now).Rights!.Scopes);
        Assert.Equal("invalid_scope", First.Redeem(new("r0") { Scopes = ScopeSet.Of("search", "openid") }, A.Client, null, Leeway, A.Now).Error?.Code);
        Assert.Equal("invalid_target", First.Redeem(new("r0") { Resource = "https://gw.example/mcp" }, A.Client, null, Leeway, A.Now).Error?.Code);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(30, 10)]
    public async Task Of_ten_at_once_one_rotates_and_the_others_get_the_same_or_end_the_family(int leewaySeconds, int answered)
    {
        var store = new MemoryRefreshTokens();
        await store.AddAsync(First, default);
        using var start = new Barrier(10);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return UseAsync(store, "r0", $"r1-{i}", TimeSpan.FromSeconds(leewaySeconds));
            },
            default, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));

        Assert.Equal(answered, answers.Count(answer => answer is not null));
        Assert.Single(answers.OfType<string>().Distinct());
        var next = await store.FindAsync(SecretHash.Of(answers.First(answer => answer is not null)!), default);
        Assert.Equal(leewaySeconds == 0, next!.FamilyRevokedAt is not null);
    }

    // What an endpoint does: look, decide, act by the conditional statement, and if another was first, look again.
    private static async Task<string?> UseAsync(MemoryRefreshTokens store, string token, string successor, TimeSpan leeway)
    {
        while (true)
        {
            var row = (await store.FindAsync(SecretHash.Of(token), default))!;
            switch (row.Redeem(new RefreshTokenRequest(token), A.Client, null, leeway, A.Now).Step)
            {
                case RefreshStep.Rotate:
                    var next = row.Successor(SecretHash.Of(successor), TimeSpan.FromDays(1), A.Now);
                    if (await store.TryRotateAsync(row.Hash, next, Encoding.UTF8.GetBytes(successor), A.Now, default))
                    {
                        return successor;
                    }
                    break;
                case RefreshStep.Repeat:
                    return Encoding.UTF8.GetString(row.SealedSuccessor!);
                case RefreshStep.RevokeFamily:
                    await store.RevokeFamilyAsync(row.FamilyId, A.Now, default);
                    return null;
                default:
                    return null;
            }
        }
    }

    private static RefreshDecision Redeem(RefreshToken row, Client? client = null, string? thumbprint = null, TimeSpan? leeway = null, DateTimeOffset? now = null) =>
        row.Redeem(new RefreshTokenRequest("r0"), client ?? A.Client, thumbprint, leeway ?? Leeway, now ?? A.Now);
}
