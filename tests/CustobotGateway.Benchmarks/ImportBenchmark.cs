using System.Diagnostics;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Benchmarks;

/// <summary>How fast feeds come in, from the file to the search, and what the gateway needs for it.</summary>
public static class ImportBenchmark
{
    private const string Part = "import";

    /// <summary>The real products: 25 files of PC parts through the shipped mapping, into the built-in registry, by the gateway's own verb.</summary>
    public static async Task RunRealAsync(Figures figures, string data)
    {
        if (SharedData.Find("data/products/pc-parts") is not { } folder)
        {
            Figures.Tell("the real products are not beside the repository (../shared/data/products): left out");
            return;
        }
        var files = Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal).ToArray();
        var rows = files.Sum(file => File.ReadLines(file).Count(line => line.Length > 0));
        await using var gateway = await GatewayUnderTest.StartAsync(data, registry: null);
        var started = Stopwatch.GetTimestamp();
        await gateway.WaitForTotalAsync(await GatewayUnderTest.ImportByVerbAsync(data, "pc-parts", files));
        var first = Stopwatch.GetElapsedTime(started).TotalSeconds;
        figures.Add(Part, "real products", "rows/s", rows / first, $"{rows:N0} rows with the pc-parts mapping, from the files until searches find them");
        figures.Add(Part, "real products, gateway's most memory", "MB", Machine.Memory(gateway.ProcessId, "VmHWM") / 1e6);
        started = Stopwatch.GetTimestamp();
        await GatewayUnderTest.ImportByVerbAsync(data, "pc-parts", files);
        figures.Add(Part, "real products again", "rows/s", rows / Stopwatch.GetElapsedTime(started).TotalSeconds, "nothing changed");
    }

    /// <summary>The workload's products, which the other parts then search.</summary>
    public static async Task RunWorkloadAsync(BenchOptions options, Figures figures, GatewayUnderTest gateway, string productsFile)
    {
        var before = Machine.Memory(gateway.ProcessId, "VmRSS");
        var cpu = Machine.CpuSeconds(gateway.ProcessId);
        var (imported, visible) = await gateway.ImportAsync(productsFile, options.Products);
        if (!options.Measures(Part))
        {
            return;
        }
        figures.Add(Part, "workload", "rows/s", options.Products / visible, $"{new FileInfo(productsFile).Length / 1e6:N0} MB of NDJSON over HTTP, until searches find them; {options.Products / imported:N0} until the report");
        figures.Add(Part, "workload, gateway's CPU", "µs/row", (Machine.CpuSeconds(gateway.ProcessId) - cpu) * 1e6 / options.Products, "index included");
        figures.Add(Part, "workload, gateway's memory before", "MB", before / 1e6);
        figures.Add(Part, "workload, gateway's most memory", "MB", Machine.Memory(gateway.ProcessId, "VmHWM") / 1e6, "index included");
        // A second time nothing changes, so that what is needed above the index shows.
        Machine.ForgetMostMemory(gateway.ProcessId);
        var resting = Machine.Memory(gateway.ProcessId, "VmRSS");
        var again = await gateway.ImportAsync(productsFile, options.Products);
        figures.Add(Part, "workload again", "rows/s", options.Products / again.Imported, "nothing changed");
        figures.Add(Part, "workload again, memory above the resting gateway", "MB", (Machine.Memory(gateway.ProcessId, "VmHWM") - resting) / 1e6);
    }
}
