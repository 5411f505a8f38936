using System.Diagnostics;
using System.Text.Json;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Commands;

public sealed class ImportTests : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("gateway-import-").FullName;
    private TestDatabase _database = null!;

    [Fact]
    public async Task Files_are_imported_by_a_gateway_started_for_it_and_the_report_is_printed()
    {
        var lamps = Write("lamps.jsonl", """{"id":"a","name":"Lamp","weight":"2.6 lb"}""");
        var desks = Write("desks.csv", "id,name,weight\nb,Desk,12 kg\nc,Broken,heavy\n");

        var (code, output) = await RunAsync("import", lamps, desks, "--json");

        Assert.Equal(0, code);
        var report = JsonElement.Parse(output);
        Assert.Equal((3, 2, 1), (report.GetProperty("rows").GetInt32(), report.GetProperty("created").GetInt32(), report.GetProperty("refused").GetInt32()));
        Assert.Equal(("desks.csv", 3), (report.GetProperty("refusals")[0].GetProperty("file").GetString(), report.GetProperty("refusals")[0].GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task Import_that_fails_ends_with_1_and_one_that_was_asked_wrongly_with_2()
    {
        var broken = Write("broken.xml", "<rss><channel><item>");

        Assert.Equal(1, (await RunAsync("import", broken)).Code);
        Assert.Equal(1, (await RunAsync("import", Path.Combine(_data, "nobody.csv"))).Code);
        Assert.Equal(2, (await RunAsync("import")).Code);
        Assert.Equal(2, (await RunAsync("import", Path.Combine(_data, "nobody.csv"), "--mode", "sideways")).Code);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_data, name);
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in new[] { typeof(GatewayApplication).Assembly.Location }.Concat(words).Concat(["--data", Path.Combine(_data, "data"), "--connection", _database.ConnectionString, "--no-demo"]))
        {
            start.ArgumentList.Add(word);
        }
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await errors;
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, output);
    }

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}
