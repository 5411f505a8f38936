using System.Diagnostics;
using CustobotGateway.Commands;
using CustobotGateway.Common;
using CustobotGateway.Identity.People;
using CustobotGateway.OAuth.Tokens;
using Dapper;
using Npgsql;

namespace CustobotGateway.Benchmarks;

/// <summary>How long the gateway takes for a person's pages when the grant that they show has 10,000 actions behind it: one page after another, from request to last byte, on the loopback interface.</summary>
public static class PagesBenchmark
{
    private const string Part = "pages";
    private const int Behind = 10_000;
    private const int Others = 20;
    private const int PagesPerRound = 100;
    private const string Mandate = """[{"type":"purchase_mandate","mandate_id":"mdt_1","actions":["purchase","quote"],"currency":"EUR","limits":{"per_order":15000,"period":{"amount":100000000,"every":"P7D"},"total":1000000000},"max_orders":1000000,"categories":["it","office"],"approval_above":10000}]""";

    public static async Task RunAsync(BenchOptions options, Figures figures, string dataFolder)
    {
        await using var host = await GatewayHost.StartAsync(
            new GatewaySettings { Urls = ["http://127.0.0.1:0"], DataDirectory = dataFolder, ConnectionString = "", AdminToken = "benchmark-administrator-token", Demo = false }, CancellationToken.None);
        await host.WaitUntilReadyAsync(CancellationToken.None);
        var database = host.App.Services.GetRequiredService<NpgsqlDataSource>();
        var cookie = await FillAsync(database);
        using var browser = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = new Uri(host.Url) };
        browser.DefaultRequestHeaders.Add("Cookie", "gateway_session=" + cookie);
        foreach (var (name, path) in new[] { ("a grant with 10,000 actions behind it", "/grants/grt_1"), ("the list of grants, that one among them", "/grants"), ("approvals", "/approvals") })
        {
            await RoundAsync(browser, path);
            var (median, high) = (new List<double>(), new List<double>());
            for (var round = 0; round < options.Rounds; round++)
            {
                var times = await RoundAsync(browser, path);
                median.Add(Figures.Median(times));
                high.Add(Figures.Percentile(times.Order().ToArray(), 0.99));
            }
            figures.Add(Part, name, "ms", median, $"GET {path}, the median of {PagesPerRound}. The goal is 50");
            figures.Add(Part, name + ", 99th percentile", "ms", high);
        }
    }

    private static async Task<List<double>> RoundAsync(HttpClient browser, string path)
    {
        var times = new List<double>();
        for (var i = 0; i < PagesPerRound; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            using var answer = await browser.GetAsync(path);
            var html = await answer.Content.ReadAsStringAsync();
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            if (!answer.IsSuccessStatusCode || (path == "/grants/grt_1" && !html.Contains("<meter", StringComparison.Ordinal)))
            {
                throw new InvalidDataException($"{path} answered {(int)answer.StatusCode}.");
            }
        }
        return times;
    }

    /// <summary>A person who is signed in, with a grant of a long history and others; the session's secret.</summary>
    private static async Task<string> FillAsync(NpgsqlDataSource database)
    {
        var secret = SecretToken.Create();
        await using var connection = await database.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            var person = (await CreatePerson.RunAsync(transaction, "person@example.com", "none", [], "benchmark", TimeProvider.System, CancellationToken.None))!;
            await connection.ExecuteAsync("""
                insert into identity.sessions (id, secret_hash, person_id, authenticated_at, seen_at, expires_at) values ('ses_1', @hash, @Id, now(), now(), now() + interval '8 hours');
                insert into identity.grants (id, client_id, person, scopes, resources, details, created_at)
                select 'grt_' || n, 'agent', @Id, array['checkout'], array['http://127.0.0.1/v1'], @Mandate::jsonb, now() from generate_series(1, @Others) n;
                insert into identity.ledger (grant_id, mandate_id, reservation, entry, amount, currency, at, paid, refunded, orders)
                select 'grt_1', 'mdt_1', 'cks_' || n, 'commit', 100, 'EUR', now() - interval '1 hour' + n * interval '0.1 second', n * 100, 0, n from generate_series(1, @Behind) n;
                insert into common.events (stream, version, type, actor, at, data, previous_hash, hash)
                select 'grt_1', n, case when n = 1 then 'grant.given' else 'grant.spent' end, 'agent', now() - interval '1 hour' + n * interval '0.1 second',
                       jsonb_build_object('reservation', 'cks_' || n, 'paid', jsonb_build_object('amount', 100, 'currency', 'EUR')), sha256(convert_to((n - 1)::text, 'UTF8')), sha256(convert_to(n::text, 'UTF8'))
                from generate_series(1, @Behind) n;
                insert into identity.approvals (id, grant_id, mandate_id, reservation, offer_hash, offer, amount, currency, state, created_at, expires_at)
                select 'apr_' || lpad(n::text, 6, '0'), 'grt_1', 'mdt_1', 'cks_' || n, sha256(convert_to(n::text, 'UTF8')),
                       '{"currency":"EUR","line_items":[{"title":"A laptop","quantity":1,"unit_price":12000,"total":12000}],"totals":[{"type":"total","amount":12000}]}', 12000, 'EUR',
                       case when n > @Behind - 3 then 'pending' else 'used' end, now(), now() + interval '1 day' from generate_series(1, @Behind) n
                """,
                new { person.Id, hash = SecretHash.Of(secret).ToArray(), Mandate, Others, Behind }, transaction);
            await transaction.CommitAsync();
        }
        await connection.ExecuteAsync("analyze identity.ledger, identity.grants, identity.approvals, common.events");
        return secret;
    }
}
