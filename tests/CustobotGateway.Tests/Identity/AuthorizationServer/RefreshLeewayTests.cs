using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.Identity.Clients;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.AuthorizationServer;

/// <summary>An answer that was lost may be asked for again, for a moment and by the same client; a theft still ends the family.</summary>
public sealed class RefreshLeewayTests(RefreshLeewayTests.Gateway gateway) : IClassFixture<RefreshLeewayTests.Gateway>
{
    public sealed class Gateway : OAuthFixture
    {
        protected override void ConfigureServices(IServiceCollection services)
        {
            base.ConfigureServices(services);
            services.AddSingleton(new AuthorizationServerOptions { RefreshReuseLeewaySeconds = 10 }.Check());
        }
    }

    [Fact]
    public async Task The_same_successor_is_answered_again_within_the_leeway()
    {
        var (client, token) = await BeginAsync();

        var lost = (await gateway.RefreshAsync(client, token)).ShouldSucceed();
        gateway.Clock.Advance(TimeSpan.FromSeconds(9));
        var again = (await gateway.RefreshAsync(client, token)).ShouldSucceed();

        Assert.Equal(lost.Text("refresh_token"), again.Text("refresh_token"));
        Assert.NotEqual(lost.Text("access_token"), again.Text("access_token"));
        (await gateway.RefreshAsync(client, again.Text("refresh_token"))).ShouldSucceed();
    }

    [Fact]
    public async Task Ten_at_once_get_one_successor()
    {
        var (client, token) = await BeginAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => gateway.RefreshAsync(client, token)));

        Assert.Single(answers.Select(answer => answer.ShouldSucceed().Text("refresh_token")).Distinct());
    }

    [Fact]
    public async Task Once_the_successor_was_used_the_old_one_ends_the_family()
    {
        var (client, token) = await BeginAsync();
        var next = (await gateway.RefreshAsync(client, token)).ShouldSucceed().Text("refresh_token");
        var latest = (await gateway.RefreshAsync(client, next)).ShouldSucceed();

        (await gateway.RefreshAsync(client, token)).ShouldBe(400, "invalid_grant");

        (await gateway.RefreshAsync(client, latest.Text("refresh_token"))).ShouldBe(400, "invalid_grant");
        Assert.False(await gateway.IsActiveAsync(client, latest.Text("access_token")));
    }

    [Fact]
    public async Task After_the_leeway_a_used_token_ends_the_family()
    {
        var (client, token) = await BeginAsync();
        var next = (await gateway.RefreshAsync(client, token)).ShouldSucceed();

        gateway.Clock.Advance(TimeSpan.FromSeconds(11));
        (await gateway.RefreshAsync(client, token)).ShouldBe(400, "invalid_grant");

        (await gateway.RefreshAsync(client, next.Text("refresh_token"))).ShouldBe(400, "invalid_grant");
        Assert.False(await gateway.IsActiveAsync(client, next.Text("access_token")));
    }

    [Fact]
    public async Task Another_client_neither_gets_the_successor_nor_ends_the_family()
    {
        var (client, token) = await BeginAsync();
        var next = (await gateway.RefreshAsync(client, token)).ShouldSucceed().Text("refresh_token");

        (await gateway.RefreshAsync(await gateway.AddClientAsync(), token)).ShouldBe(400, "invalid_grant");

        (await gateway.RefreshAsync(client, next)).ShouldSucceed();
    }

    private async Task<(ClientRecord Client, string Token)> BeginAsync()
    {
        var client = await gateway.AddClientAsync();
        return (client, (await gateway.TokensAsync(client, "offline_access catalog:read")).Text("refresh_token"));
    }
}
