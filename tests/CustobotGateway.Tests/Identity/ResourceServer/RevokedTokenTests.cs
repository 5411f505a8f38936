using System.Diagnostics;
using System.Net;
using CustobotGateway.Common;
using CustobotGateway.Identity.ResourceServer;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.Tests.Identity.ResourceServer;

/// <summary>A token that was revoked is refused everywhere within a second, though it was accepted and remembered before.</summary>
public sealed class RevokedTokenTests(TokenFixture gateway) : IClassFixture<TokenFixture>
{
    private const string Guarded = "/v1/demand/events";

    [Fact]
    public async Task Revocation_on_one_gateway_holds_on_another_within_a_second()
    {
        await using var second = new SecondGateway(gateway);
        await second.StartAsync();
        // Issued a while ago, so that what is revoked now means it.
        (RevocationKind Kind, Func<AccessToken, string> Id)[] kinds =
        [
            (RevocationKind.Grant, token => token.GrantId!), (RevocationKind.Token, token => token.TokenId),
            (RevocationKind.Client, token => token.ClientId), (RevocationKind.Person, token => token.Subject),
        ];
        foreach (var (kind, id) in kinds)
        {
            var basis = gateway.Token(Scopes.DemandRead);
            var token = basis with
            {
                Subject = AccessToken.SubjectOf($"client-{kind}"),
                ClientId = $"client-{kind}",
                GrantId = $"grt_{kind}",
                IssuedAt = basis.IssuedAt.AddSeconds(-30),
            };
            var signed = gateway.Signed(token);
            using var before = await gateway.SendAsync(HttpMethod.Get, Guarded, signed, client: second.Client);
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);

            await using (var connection = await gateway.OpenDatabaseAsync())
            {
                await using var transaction = await connection.BeginTransactionAsync();
                await Revocations.AddAsync(transaction, kind, id(token), DateTimeOffset.UtcNow, CancellationToken.None);
                await transaction.CommitAsync();
            }

            var begun = Stopwatch.GetTimestamp();
            HttpStatusCode status;
            do
            {
                using var after = await gateway.SendAsync(HttpMethod.Get, Guarded, signed, client: second.Client);
                status = after.StatusCode;
            }
            while (status == HttpStatusCode.OK && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(1));
            Assert.Equal((kind, HttpStatusCode.Unauthorized), (kind, status));
        }
    }
}
