using System.Text.Json;
using CustobotGateway.Identity;
using CustobotGateway.Identity.Keys;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.AuthorizationServer;

/// <summary>What tokens are signed with, on every gateway of the database.</summary>
public sealed class KeyTests(OAuthFixture gateway) : IClassFixture<OAuthFixture>
{
    private SigningKeyRing Ring => gateway.App.Services.GetRequiredService<SigningKeyRing>();

    [Fact]
    public async Task Next_key_is_announced_before_it_signs_and_the_old_one_stays_until_its_tokens_are_over()
    {
        var first = await KeyOfAsync();
        var before = await PublishedAsync();

        var next = await Ring.RotateAsync(atOnce: false, drop: false, CancellationToken.None);
        Assert.Contains(next.KeyId, await PublishedAsync());
        Assert.DoesNotContain(next.KeyId, before);
        Assert.Equal(first, await KeyOfAsync());

        gateway.Clock.Advance(TimeSpan.FromDays(14) + TimeSpan.FromSeconds(1));
        Assert.Equal(next.KeyId, await KeyOfAsync());
        Assert.Contains(first, await PublishedAsync());

        gateway.Clock.Advance(TimeSpan.FromDays(3));
        Assert.DoesNotContain(first, await PublishedAsync());
    }

    [Fact]
    public async Task Keys_that_are_dropped_are_gone_at_once_with_what_they_signed()
    {
        var client = await gateway.AddClientAsync();
        var token = (await gateway.PostAsync("/oauth/token", client, [("grant_type", "client_credentials")])).ShouldSucceed().Text("access_token");
        var old = await KeyOfAsync();

        await Ring.RotateAsync(atOnce: false, drop: true, CancellationToken.None);

        Assert.NotEqual(old, await KeyOfAsync());
        Assert.Single(await PublishedAsync());
        Assert.False(await gateway.IsActiveAsync(client, token));
    }

    [Fact]
    public async Task Another_gateway_signs_with_the_same_key_and_hears_of_a_change_within_a_second()
    {
        var other = await gateway.StartSecondAsync();
        try
        {
            Assert.Equal(await PublishedAsync(), await PublishedAsync(other));
            var next = await Ring.RotateAsync(atOnce: true, drop: false, CancellationToken.None);

            var begun = DateTime.UtcNow;
            while (!(await PublishedAsync(other)).Contains(next.KeyId))
            {
                Assert.True(DateTime.UtcNow - begun < TimeSpan.FromSeconds(5));
                await Task.Delay(50);
            }
            Assert.Equal(next.KeyId, await KeyOfAsync(other));
        }
        finally
        {
            await gateway.StopSecondAsync();
        }
    }

    [Fact]
    public async Task Key_is_stored_sealed()
    {
        await using var connection = await gateway.OpenDatabaseAsync();
        var stored = (await connection.QueryAsync<byte[]>("select sealed from identity.signing_keys")).AsList();

        Assert.NotEmpty(stored);
        // PKCS #8 of a key on P-256 names its curve by this identifier (RFC 5480 §2.1.1.1).
        Assert.All(stored, bytes => Assert.True(bytes.AsSpan().IndexOf((byte[])[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]) < 0));
    }

    private async Task<string> KeyOfAsync(HttpClient? server = null)
    {
        await gateway.App.Services.GetRequiredService<SharedVersions>().CheckAsync(CancellationToken.None);
        await Ring.ReadAsync(CancellationToken.None);
        var client = await gateway.AddClientAsync();
        var answer = (await gateway.PostAsync("/oauth/token", client, [("grant_type", "client_credentials")], gateway: server)).ShouldSucceed();
        return JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(answer.Text("access_token").Split('.')[0])).GetProperty("kid").GetString()!;
    }

    private async Task<List<string>> PublishedAsync(HttpClient? server = null)
    {
        var keys = JsonElement.Parse(await (server ?? gateway.Client).GetByteArrayAsync("/oauth/jwks")).GetProperty("keys");
        Assert.All(keys.EnumerateArray(), key => Assert.False(key.TryGetProperty("d", out _)));
        return [.. keys.EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
    }
}
