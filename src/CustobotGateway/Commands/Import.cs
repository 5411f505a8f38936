using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using CustobotGateway.Catalog.Import;
using CustobotGateway.Common;

namespace CustobotGateway.Commands;

/// <summary><c>./gateway import FILE…</c>: brings a feed into the catalogue, through the gateway that runs on the data folder or one of its own.</summary>
public static class Import
{
    private const string Mapping = "--mapping", Mode = "--mode", AsJson = "--json";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly JsonSerializerOptions Indented = new(Json.Options) { WriteIndented = true };

    /// <summary>The verb.</summary>
    public static Verb Verb { get; } = new()
    {
        Name = "import",
        Operands = "FILE…",
        Summary = "Import product feeds: JSONL, CSV, TSV or XML, also compressed (.gz)",
        Help = """
            Several files are one feed. Uses the gateway that runs on the data folder, or starts one for as long as it takes. The catalogue changes all at
            once at the end. Prints a report of what was accepted and what was refused, and why; exit code 1 when the import failed.
            """,
        Options =
        [
            new(Mapping, "NAME-OR-FILE", "How fields become attributes: the name of a mapping, or a JSON file (docs/mappings.md)"),
            new(Mode, "MODE", "upsert (default) keeps products that the feed lacks, replace withdraws them"),
            new(AsJson, null, "Print the report as JSON"),
            .. GatewayOptions.All,
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(Words words, CancellationToken cancellationToken)
    {
        if (words.Operands.Count == 0)
        {
            throw CommandException.Usage("name at least one file to import.");
        }
        if (words[Mode] is not (null or "upsert" or "replace"))
        {
            throw CommandException.Usage("--mode is upsert or replace.");
        }
        foreach (var file in words.Operands)
        {
            if (!File.Exists(file))
            {
                throw new CommandException($"there is no file {file}.");
            }
            if (FeedFormats.MediaTypeOf(file) is null)
            {
                throw CommandException.Usage($"{file}: the name does not say the format; it ends with .jsonl, .ndjson, .csv, .tsv, .txt or .xml, and .gz where it is compressed.");
            }
        }
        var settings = GatewayOptions.Read(words);
        GatewayHost? host = null;
        try
        {
            var running = DataFolder.FindRunning(settings.DataDirectory);
            if (running is null)
            {
                // Nobody asks it for pages: any free port will do, unless one was named. Who brings products of their own wants no demo beside them.
                settings = settings with { Demo = false };
                host = await GatewayHost.StartAsync(words.Has("--urls") ? settings : settings with { Urls = ["http://127.0.0.1:0"] }, cancellationToken);
                await host.WaitUntilReadyAsync(cancellationToken);
            }
            var token = host?.Settings.AdminToken
                ?? new[] { settings.AdminToken, Environment.GetEnvironmentVariable("GATEWAY_ADMIN_TOKEN"), DataFolder.FindAdminToken(settings.DataDirectory) }.FirstOrDefault(one => !string.IsNullOrEmpty(one))
                ?? throw new CommandException("the administrator's token is not in the data folder; give it with --admin-token.");
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(host?.Url ?? running!.Url), Timeout = Timeout.InfiniteTimeSpan };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var report = await ImportAsync(client, words, cancellationToken);
            Print(report, words.Has(AsJson));
            return report.GetProperty("status").GetString() == "completed" ? ExitCode.Done : ExitCode.Failed;
        }
        finally
        {
            if (host is not null)
            {
                await host.DisposeAsync();
            }
        }
    }

    private static async Task<JsonElement> ImportAsync(HttpClient client, Words words, CancellationToken cancellationToken)
    {
        var progress = System.Console.IsErrorRedirected ? null : new ImportProgress(System.Console.Error);
        var id = await SendAsync(client, words, cancellationToken);
        while (true)
        {
            var report = await ReadAsync(await client.GetAsync("/v1/imports/" + id, cancellationToken), cancellationToken);
            if (report.GetProperty("status").GetString() is "completed" or "failed")
            {
                progress?.End();
                return report;
            }
            progress?.Show(report);
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static async Task<string> SendAsync(HttpClient client, Words words, CancellationToken cancellationToken)
    {
        using var body = new MultipartFormDataContent();
        var query = "mode=" + (words[Mode] ?? "upsert");
        if (words[Mapping] is { } mapping)
        {
            if (File.Exists(mapping))
            {
                body.Add(new ByteArrayContent(await File.ReadAllBytesAsync(mapping, cancellationToken)), "mapping");
            }
            else
            {
                query += "&mapping=" + Uri.EscapeDataString(mapping);
            }
        }
        foreach (var file in words.Operands)
        {
            // Read from the disk while it is sent: a feed may be larger than memory.
            var content = new StreamContent(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.SequentialScan), 1 << 17);
            content.Headers.ContentType = new MediaTypeHeaderValue(FeedFormats.MediaTypeOf(file)!);
            body.Add(content, "file", Path.GetFileName(file));
        }
        var answer = await ReadAsync(await client.PostAsync("/v1/products:import?" + query, body, cancellationToken), cancellationToken);
        return answer.GetProperty("id").GetString()!;
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using (answer)
        {
            var json = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
            return answer.IsSuccessStatusCode ? json
                : throw new CommandException($"the gateway refused: {(json.TryGetProperty("detail", out var detail) ? detail.GetString() : answer.StatusCode.ToString())}");
        }
    }

    private static void Print(JsonElement json, bool asJson)
    {
        if (asJson)
        {
            System.Console.Out.WriteLine(JsonSerializer.Serialize(json, Indented));
            return;
        }
        ImportText.Write(System.Console.Out, json.Deserialize<ImportReport>(Json.Options)!);
    }
}

/// <summary>One line on a terminal that says how far an import is.</summary>
internal sealed class ImportProgress(TextWriter terminal)
{
    private const int BarWidth = 24;
    private readonly long _begun = Stopwatch.GetTimestamp();

    /// <summary>Draws the line again.</summary>
    public void Show(JsonElement report)
    {
        var (done, total) = (report.GetProperty("bytes_done").GetDouble(), report.GetProperty("bytes_total").GetDouble());
        var share = total > 0 ? Math.Clamp(done / total, 0, 1) : 0;
        var rows = report.GetProperty("rows").GetInt64();
        var rate = report.TryGetProperty("rate", out var known) ? known.GetDouble() : 0;
        var phase = report.TryGetProperty("phase", out var name) ? name.GetString() : "receiving";
        var left = share is > 0.01 and < 1 ? TimeSpan.FromSeconds(Stopwatch.GetElapsedTime(_begun).TotalSeconds * ((1 - share) / share)).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) + " left" : phase == "swapping" ? "making visible" : "";
        var bar = new string('#', (int)(share * BarWidth)).PadRight(BarWidth, '.');
        terminal.Write(string.Create(CultureInfo.InvariantCulture, $"\r[{bar}] {share,4:P0}  {rows:N0} rows  {rate:N0} rows/s  {left}   "));
    }

    /// <summary>Takes the line away.</summary>
    public void End() => terminal.Write("\r" + new string(' ', 100) + "\r");
}

/// <summary>A report as text.</summary>
internal static class ImportText
{
    private const int ShownRefusals = 10;
    private const int ShownAttributes = 8;

    public static void Write(TextWriter output, ImportReport report)
    {
        Line($"Import {report.Id} {report.Status.ToString().ToLowerInvariant()}{(report.Failure is { } failure ? $": {failure.Code}: {failure.Detail}" : "")}");
        Line($"  rows      {report.Rows,12:N0}   ({report.Rate ?? 0:N0} a second)");
        Line($"  accepted  {report.Accepted,12:N0}   created {report.Created:N0}, changed {report.Changed:N0}, unchanged {report.Unchanged:N0}");
        Line($"  withdrawn {report.Withdrawn,12:N0}");
        if (report.StockChanged > 0)
        {
            Line($"  stock     {report.StockChanged,12:N0}   counts changed");
        }
        Line($"  refused   {report.Refused,12:N0}");
        foreach (var reason in report.RefusedByReason)
        {
            Line($"    {reason.Code,-24} {reason.Count,8:N0}");
        }
        foreach (var refusal in report.Refusals.Take(ShownRefusals))
        {
            Line($"    {(refusal.File is null ? "line" : refusal.File + ":")} {refusal.Line}: {refusal.Code}: {refusal.Detail}");
        }
        if (report.LeftOut.Count > 0)
        {
            Line($"  left out of accepted rows");
            foreach (var left in report.LeftOut)
            {
                Line($"    {left.Member,-24} {left.Code,-20} {left.Count,8:N0}  {left.Detail}");
            }
        }
        foreach (var category in report.Coverage)
        {
            Line($"  {category.Category ?? "no category"}: {category.Products:N0} products; {string.Join(", ", category.Attributes.Take(ShownAttributes).Select(one => $"{one.Attribute} {(double)one.Filled / category.Products:P0}"))}{(category.Attributes.Count > ShownAttributes ? $", {category.Attributes.Count - ShownAttributes} more" : "")}");
        }

        void Line(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }
}
