using CustobotGateway.Identity.ResourceServer;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.ResourceServer;

/// <summary>What one gateway revokes, every gateway on the database knows within a second.</summary>
public sealed class RevocationTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    // Whole seconds, as in tokens.
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    private Revocations Revocations => gateway.App.Services.GetRequiredService<Revocations>();

    private static AccessToken Token(string mark) => new()
    {
        Issuer = "https://gw.example",
        Subject = "usr_" + mark,
        Audience = "https://gw.example/v1",
        ClientId = "client-" + mark,
        IssuedAt = Now,
        ExpiresAt = Now.AddMinutes(10),
        TokenId = "t-" + mark,
        GrantId = "grt_" + mark,
        Scopes = ScopeSet.Empty,
    };

    [Theory]
    [InlineData(RevocationKind.Grant, "grt_")]
    [InlineData(RevocationKind.Token, "t-")]
    [InlineData(RevocationKind.Client, "client-")]
    [InlineData(RevocationKind.Person, "usr_")]
    public async Task Revocation_is_known_within_a_second(RevocationKind kind, string prefix)
    {
        var token = Token(kind.ToString());
        Assert.False(Revocations.IsRevoked(token));

        await RevokeAsync(kind, prefix + kind, Now, commit: true);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        while (!Revocations.IsRevoked(token))
        {
            await Task.Delay(10, patience.Token);
        }
        Assert.False(Revocations.IsRevoked(Token("other")));
        Assert.False(Revocations.IsRevoked(token, isOwn: false));
    }

    [Fact]
    public async Task Revocation_that_is_rolled_back_means_nothing()
    {
        await RevokeAsync(RevocationKind.Grant, "grt_rolled-back", Now, commit: false);
        await RevokeAsync(RevocationKind.Grant, "grt_after", Now, commit: true);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        while (!Revocations.IsRevoked(Token("after")))
        {
            await Task.Delay(10, patience.Token);
        }
        Assert.False(Revocations.IsRevoked(Token("rolled-back")));
    }

    [Fact]
    public async Task Revocation_by_a_transaction_that_began_before_others_and_commits_after_them_is_found()
    {
        await using var slow = await gateway.OpenDatabaseAsync();
        await using var slowTransaction = await slow.BeginTransactionAsync();
        await Revocations.AddAsync(slowTransaction, RevocationKind.Grant, "grt_slow", Now, CancellationToken.None);
        await RevokeAsync(RevocationKind.Grant, "grt_fast", Now, commit: true);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        while (!Revocations.IsRevoked(Token("fast")))
        {
            await Task.Delay(10, patience.Token);
        }

        await slowTransaction.CommitAsync();

        while (!Revocations.IsRevoked(Token("slow")))
        {
            await Task.Delay(10, patience.Token);
        }
    }

    [Fact]
    public async Task Person_or_client_that_was_revoked_gets_new_tokens_that_hold()
    {
        await RevokeAsync(RevocationKind.Person, "usr_again", Now, commit: true);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        while (!Revocations.IsRevoked(Token("again")))
        {
            await Task.Delay(10, patience.Token);
        }

        Assert.False(Revocations.IsRevoked(Token("again") with { IssuedAt = Now.AddSeconds(1) }));
    }

    private async Task RevokeAsync(RevocationKind kind, string id, DateTimeOffset now, bool commit)
    {
        await using var connection = await gateway.OpenDatabaseAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Revocations.AddAsync(transaction, kind, id, now, CancellationToken.None);
        await (commit ? transaction.CommitAsync() : transaction.RollbackAsync());
    }
}
