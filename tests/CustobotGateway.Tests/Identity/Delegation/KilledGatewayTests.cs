using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using CustobotGateway.Common;
using Dapper;

namespace CustobotGateway.Tests.Identity.Delegation;

/// <summary>Two gateways on one database, one of them a process of its own that is killed between holding the budget and charging.</summary>
public sealed partial class KilledGatewayTests(LedgerFixture shop) : IClassFixture<LedgerFixture>, IDisposable
{
    private const int HoldSeconds = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _data = Directory.CreateTempSubdirectory("gateway-test-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task What_a_killed_gateway_held_is_free_again_when_the_hold_expires()
    {
        var product = await shop.AddProductAsync(price: 100, stock: 5);
        var agent = await shop.GrantAsync("\"limits\":{\"total\":100}");
        var (killed, second) = (await agent.OpenSessionAsync(product), await agent.OpenSessionAsync(product));
        using var gateway = Start();
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(await UrlOfAsync(gateway)) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", agent.Token);
            // Whoever holds the stock's row stops the purchase after it has held the budget and before it charges.
            await using var connection = await shop.OpenDatabaseAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            Assert.True(Ids.TryGetNumber("prd", product, out var number));
            await connection.ExecuteAsync("select 1 from catalog.stock where product = @number for update", new { number }, transaction);
            var purchase = client.PostAsync($"/v1/checkout_sessions/{killed}/complete",
                new StringContent("""{"payment":{"handler":"sandbox","token":"tok_visa"}}""", Encoding.UTF8, "application/json"));
            await WaitUntilHeldAsync(agent, purchase);

            gateway.Kill();
            await gateway.WaitForExitAsync();

            await Assert.ThrowsAnyAsync<HttpRequestException>(() => purchase);
            await transaction.RollbackAsync();
        }
        finally
        {
            if (!gateway.HasExited)
            {
                gateway.Kill();
            }
        }
        var budget = await agent.RemainingAsync();
        Assert.Equal((100, 0, 0), (budget.GetProperty("held").GetInt64(), budget.GetProperty("spent").GetInt64(), budget.GetProperty("remaining").GetInt64()));
        Assert.Equal(HttpStatusCode.Forbidden, (await agent.CompleteAsync(second)).Status);

        shop.Clock.Advance(TimeSpan.FromSeconds(HoldSeconds));

        Assert.Equal(100, (await agent.RemainingAsync()).GetProperty("remaining").GetInt64());
        Assert.Equal(HttpStatusCode.OK, (await agent.CompleteAsync(second)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await agent.CompleteAsync(killed)).Status);
        Assert.Equal(4, await shop.StockOfAsync(product));
    }

    private async Task WaitUntilHeldAsync(Checkout.Agent agent, Task purchase)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!purchase.IsCompleted && await shop.CountAsync("identity.holds", "grant_id = @GrantId", new { agent.GrantId }) == 0)
        {
            await Task.Delay(10, patience.Token);
        }
        Assert.False(purchase.IsCompleted);
    }

    private Process Start() => Process.Start(new ProcessStartInfo("dotnet",
        [Path.Combine(AppContext.BaseDirectory, "CustobotGateway.dll"), "serve", "--data", _data, "--urls", "http://127.0.0.1:0", "--no-demo", "--connection", shop.ConnectionString])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["Identity__Delegation__HoldSeconds"] = HoldSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture) },
    })!;

    private static async Task<string> UrlOfAsync(Process gateway)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await gateway.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                return match.Groups["url"].Value;
            }
        }
        throw new InvalidOperationException("The gateway did not start: " + await gateway.StandardError.ReadToEndAsync(patience.Token));
    }

    [GeneratedRegex(@"listening on +(?<url>http\S+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Listening();
}
