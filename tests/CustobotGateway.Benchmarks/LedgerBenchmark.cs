using System.Diagnostics;
using System.Text.Json;
using CustobotGateway.Commands;
using CustobotGateway.Common;
using CustobotGateway.Identity.Delegation;
using Dapper;
using Npgsql;

namespace CustobotGateway.Benchmarks;

/// <summary>
/// How many reservations a second are decided on one grant, 200 at once, on a database whose commits wait for the disk. All of them want the same row: this is the rate
/// of one person's agents, not of the gateway.
/// </summary>
public static class LedgerBenchmark
{
    private const string Part = "ledger";
    private const int AtOnce = 200;
    private const int BatchesPerRound = 5;
    private const long Amount = 100;
    // Half of a batch is held and half refused.
    private const long Total = AtOnce / 2 * Amount;
    private const int Behind = 10_000;

    public static async Task RunAsync(BenchOptions options, Figures figures, string dataFolder)
    {
        await using var host = await GatewayHost.StartAsync(
            new GatewaySettings { Urls = ["http://127.0.0.1:0"], DataDirectory = dataFolder, ConnectionString = "", AdminToken = "benchmark-administrator-token", Demo = false }, CancellationToken.None);
        await host.WaitUntilReadyAsync(CancellationToken.None);
        var (ledger, database) = (host.App.Services.GetRequiredService<Ledger>(), host.App.Services.GetRequiredService<NpgsqlDataSource>());
        await RoundAsync(ledger, database, "warm", Behind);
        var (empty, full) = (new List<double>(), new List<double>());
        for (var round = 0; round < options.Rounds; round++)
        {
            empty.Add(await RoundAsync(ledger, database, $"e{round}", 0));
            full.Add(await RoundAsync(ledger, database, $"l{round}", Behind));
        }
        figures.Add(Part, "decided on one grant", "1/s", empty, $"{AtOnce} reservations at once, half of them held; commits wait for the disk. The goal is 300");
        figures.Add(Part, "decided with 10,000 entries behind", "1/s", full, "the same, on a grant with 10,000 orders in its period");
    }

    private static async Task<double> RoundAsync(Ledger ledger, NpgsqlDataSource database, string name, int behind)
    {
        var time = 0.0;
        for (var batch = 0; batch < BatchesPerRound; batch++)
        {
            var grant = $"grt_{name}_{batch}";
            await AddGrantAsync(database, grant, behind);
            var begun = Stopwatch.GetTimestamp();
            var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => Task.Run(() => AuthoriseAsync(ledger, database, grant, $"cks_{i}"))));
            time += Stopwatch.GetElapsedTime(begun).TotalSeconds;
            if (answers.Count(answer => answer.Held is not null) != Total / Amount)
            {
                throw new InvalidDataException($"{answers.Count(answer => answer.Held is not null)} of {AtOnce} reservations are held, {Total / Amount} fit.");
            }
        }
        return AtOnce * BatchesPerRound / time;
    }

    private static async Task<Authorisation> AuthoriseAsync(Ledger ledger, NpgsqlDataSource database, string grant, string reservation)
    {
        var purchase = new Purchase(reservation, new Money(Amount, "EUR"), [new PurchaseLine("prd_1", "A thing", 1, Amount, JsonElement.Parse("""{"category":"laptop"}"""))], JsonElement.Parse("{}"));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var answer = await ledger.AuthoriseAsync(
            transaction, new AgentPrincipal("bot", "usr_1", grant, false, []), purchase, TimeSpan.FromMinutes(2), TimeProvider.System.GetUtcNow(), CancellationToken.None);
        await transaction.CommitAsync();
        return answer;
    }

    private static async Task AddGrantAsync(NpgsqlDataSource database, string grant, int behind)
    {
        await using var connection = await database.OpenConnectionAsync();
        var total = Total + (behind * Amount);
        await connection.ExecuteAsync("""
            insert into identity.grants (id, client_id, person, mandate, token_hash, created_at)
            values (@grant, 'bot', 'usr_1', @mandate::jsonb, decode(md5(@grant), 'hex'), now());
            insert into identity.ledger (grant_id, mandate_id, reservation, entry, amount, currency, at, paid, refunded, orders)
            select @grant, @grant, 'old_' || n, 'commit', @Amount, 'EUR', now() - interval '1 hour' + n * interval '0.1 second', n * @Amount, 0, n from generate_series(1, @behind) n
            """,
            new
            {
                grant,
                behind,
                Amount,
                mandate = $$"""{"type":"purchase_mandate","actions":["purchase"],"currency":"EUR","max_orders":1000000,"categories":["it"],"limits":{"total":{{total}},"period":{"amount":{{total}},"every":"P7D"} } }""",
            });
        await connection.ExecuteAsync("analyze identity.ledger");
    }
}
