using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CustobotGateway.Common.Database.Embedded;
using Npgsql;

namespace CustobotGateway.Benchmarks;

/// <summary>The same searches asked of PostgreSQL, in the same run: what one pays without an engine of one's own.</summary>
public static class PeerBenchmark
{
    private const string Part = "postgres";

    // At a million products a pass over all queries takes minutes; the order is shuffled, so that a part of it stands for all.
    private const int MostSecondsPerRound = 60;
    private const int MostRounds = 5;
    private const int Seed = 7003;

    public static async Task RunAsync(BenchOptions options, Figures figures, string folder, string schemaFile, string productsFile, string[] queries, string? oracleFile)
    {
        var table = new PeerTable(schemaFile);
        await using var server = await StartAsync(folder);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false, CommandTimeout = 600 }.ConnectionString);
        await connection.OpenAsync();
        var started = Stopwatch.GetTimestamp();
        await table.FillAsync(connection, productsFile);
        Figures.Tell($"PostgreSQL has its table and indexes after {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
        // One backend does all the work, so that its processor time is the query's.
        await PeerTable.ExecuteAsync(connection, "set max_parallel_workers_per_gather = 0; set work_mem = '256MB'");
        await using var whoAmI = new NpgsqlCommand("select pg_backend_pid()", connection);
        var backend = (int)(await whoAmI.ExecuteScalarAsync())!;

        var indexes = await IndexesAsync(connection);
        var peer = new PeerQuery(table);
        var statements = queries.Select(query => peer.Sql(JsonDocument.Parse(query).RootElement)).ToArray();
        var order = Enumerable.Range(0, statements.Length).ToArray();
        new Random(Seed).Shuffle(order);
        var oracle = oracleFile is null ? [] : File.ReadAllLines(oracleFile);
        var (cpu, p50, p99) = (new List<double>(), new List<double>(), new List<double>());
        var asked = 0;
        // The first round warms the caches, checks totals and pages, and is not counted.
        for (var round = 0; round <= Math.Min(options.Rounds, MostRounds); round++)
        {
            var walls = new List<double>();
            var (before, begun) = (Machine.CpuSeconds(backend), Stopwatch.GetTimestamp());
            foreach (var i in order)
            {
                var at = Stopwatch.GetTimestamp();
                var (total, page) = await AskAsync(connection, statements[i]);
                walls.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                if (round == 0 && oracle.Length > 0)
                {
                    Check(oracle[i], total, page);
                }
                if (Stopwatch.GetElapsedTime(begun).TotalSeconds > MostSecondsPerRound)
                {
                    break;
                }
            }
            if (round == 0)
            {
                continue;
            }
            cpu.Add((Machine.CpuSeconds(backend) - before) * 1000 / walls.Count);
            var sorted = walls.Order().ToArray();
            p50.Add(Figures.Percentile(sorted, .5));
            p99.Add(Figures.Percentile(sorted, .99));
            asked = walls.Count;
        }
        figures.Add(Part, "CPU", "ms/query", cpu, string.Create(CultureInfo.InvariantCulture,
            $"PostgreSQL {connection.PostgreSqlVersion.Major}, wide typed table with {indexes} indexes; {asked} of {queries.Length} queries a round"));
        figures.Add(Part, "p50", "ms", p50);
        figures.Add(Part, "p99", "ms", p99);
    }

    private static async Task<EmbeddedPostgres> StartAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        await using (var first = await EmbeddedPostgres.StartAsync(folder, durable: false, Figures.Tell, CancellationToken.None))
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(first.ConnectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync();
            // Room for the whole table, as a server that is set up for it would have.
            await PeerTable.ExecuteAsync(connection, "alter system set shared_buffers = '2GB'");
            await PeerTable.ExecuteAsync(connection, "alter system set maintenance_work_mem = '512MB'");
            await PeerTable.ExecuteAsync(connection, "alter system set autovacuum = off");
        }
        return await EmbeddedPostgres.StartAsync(folder, durable: false, Figures.Tell, CancellationToken.None);
    }

    private static async Task<(double Total, List<string> Page)> AskAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var (total, page) = (double.NaN, new List<string>());
        while (await reader.ReadAsync())
        {
            switch (reader.GetInt32(0))
            {
                case 0:
                    total = reader.GetDouble(3);
                    break;
                case 1:
                    page.Add(reader.GetString(1));
                    break;
            }
        }
        return (total, page);
    }

    private static void Check(string oracle, double total, List<string> page)
    {
        using var document = JsonDocument.Parse(oracle);
        var expected = document.RootElement;
        if (expected.GetProperty("total").GetDouble() != total)
        {
            throw new InvalidDataException($"PostgreSQL finds {total} products for query {expected.GetProperty("id")}, a plain scan {expected.GetProperty("total")}.");
        }
        // No page where the order is by relevance, which each judges in its own way.
        if (expected.GetProperty("ids") is { ValueKind: JsonValueKind.Array } ids && !ids.EnumerateArray().Select(id => id.GetRawText()).SequenceEqual(page))
        {
            throw new InvalidDataException($"PostgreSQL answers another page to query {expected.GetProperty("id")} than a plain scan.");
        }
    }

    private static async Task<long> IndexesAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select count(*) from pg_indexes where tablename = 'p'", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
