using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.GraphQL;
using CustobotGateway.GraphQLDoor.Http;
using CustobotGateway.GraphQLDoor.Schemas;
using CustobotGateway.Tests.GraphQLDoor;

namespace CustobotGateway.Benchmarks;

/// <summary>What it takes to refuse the requests that are made to cost much: one after another, by a gateway that has nothing else to do.</summary>
public static class BadInputBenchmark
{
    private const string Part = "bad input";
    private const int Times = 20;

    public static async Task RunAsync(Figures figures, GatewayUnderTest gateway, AttributeRegistry registry)
    {
        var schema = new GatewaySchema(registry);
        Machine.ForgetMostMemory(gateway.ProcessId);
        var before = Machine.Memory(gateway.ProcessId, "VmRSS");
        var rows = new List<(Bomb Bomb, double[] Milliseconds, string Note)>();
        foreach (var bomb in Bombs.All)
        {
            // The first pays for code that no request has needed yet.
            await RefuseAsync(gateway, bomb);
            var (cpu, milliseconds, answer) = (Machine.CpuSeconds(gateway.ProcessId), new double[Times], "");
            for (var i = 0; i < Times; i++)
            {
                var start = Stopwatch.GetTimestamp();
                answer = await RefuseAsync(gateway, bomb);
                milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
            cpu = (Machine.CpuSeconds(gateway.ProcessId) - cpu) * 1000 / Times;
            var allocated = await AllocatedAsync(schema, bomb) / 1024.0;
            rows.Add((bomb, milliseconds, string.Create(CultureInfo.InvariantCulture,
                $"{Encoding.UTF8.GetByteCount(bomb.Body):N0} bytes; {CodeOf(answer)}, {answer.Length:N0} bytes; CPU {cpu:0.0} ms, {allocated:N0} KB allocated")));
        }
        foreach (var (bomb, milliseconds, note) in rows.OrderByDescending(row => Figures.Median(row.Milliseconds)))
        {
            figures.Add(Part, bomb.Name, "ms", milliseconds, note);
        }
        figures.Add(Part, "gateway's memory above before", "MB", Math.Max(0, Machine.Memory(gateway.ProcessId, "VmHWM") - before) / 1e6, $"the most while all {rows.Count} were refused {Times + 1} times each");
    }

    private static async Task<string> RefuseAsync(GatewayUnderTest gateway, Bomb bomb)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = new StringContent(bomb.Body, Encoding.UTF8, "application/json"),
            Headers = { { "Accept", "application/graphql-response+json" } },
        };
        using var answer = await gateway.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (int)answer.StatusCode == 400 ? text : throw new InvalidDataException($"{(int)answer.StatusCode} for {bomb.Name}: {text}");
    }

    private static string CodeOf(string answer)
    {
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString()!;
    }

    /// <summary>The same in this process, where what is allocated can be counted: reading the body, and the engine's refusal.</summary>
    private static async Task<long> AllocatedAsync(GatewaySchema schema, Bomb bomb)
    {
        var (json, engine, output) = (Encoding.UTF8.GetBytes(bomb.Body), new GraphQLEngine(new DocumentCache()), new ArrayBufferWriter<byte>(4 << 20));
        var before = 0L;
        for (var i = 0; i < 2; i++)
        {
            output.ResetWrittenCount();
            before = GC.GetTotalAllocatedBytes(precise: true);
            if (RequestBody.Read(json, out _) is { Query: { } query } body)
            {
                await engine.ExecuteAsync(schema.Schema, new GraphQLRequest { Query = query, Variables = body.Variables }, new ExecutionOptions(), output);
            }
        }
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
