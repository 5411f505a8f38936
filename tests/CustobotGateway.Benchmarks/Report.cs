using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CustobotGateway.Benchmarks;

/// <summary>Tells the figures: as a table, as JSON, and in the documentation.</summary>
public static class Report
{
    /// <summary>A number with as many digits as a reader can use.</summary>
    public static string Text(double value) => (Math.Abs(value) switch
    {
        _ when !double.IsFinite(value) => "–",
        >= 1000 => Math.Round(value).ToString("N0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    });

    /// <summary>The figures as a Markdown table, which reads as well on a terminal.</summary>
    public static string Table(BenchOptions options, Figures figures)
    {
        string[] header = ["part", "figure", "median", "unit", "lowest – highest", "note"];
        string[][] rows =
        [
            header,
            .. figures.All.Select(figure => new[]
            {
                figure.Part, figure.Name, Text(figure.Value), figure.Unit,
                figure.Rounds.Count > 1 ? $"{Text(figure.Rounds.Min())} – {Text(figure.Rounds.Max())}" : "", figure.Note ?? "",
            }),
        ];
        var widths = Enumerable.Range(0, header.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var table = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{options.Products:N0} products of the search workload; {options.Rounds} rounds of {options.Seconds} s; {Machine.Describe()}; {DateTime.UtcNow:yyyy-MM-dd}.\n\n");
        foreach (var row in rows)
        {
            table.Append("| ").AppendJoin(" | ", row.Select((cell, column) => column == 2 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).Append(" |\n");
            if (row == header)
            {
                table.Append("| ").AppendJoin(" | ", widths.Select((width, column) => column == 2 ? new string('-', width - 1) + ":" : new string('-', width))).Append(" |\n");
            }
        }
        return table.ToString();
    }

    /// <summary>Writes the figures as JSON.</summary>
    public static void WriteJson(string file, BenchOptions options, Figures figures)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, JsonSerializer.Serialize(new
        {
            machine = Machine.Describe(),
            date = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            products = options.Products,
            seconds = options.Seconds,
            figures = figures.All.Select(figure => new { part = figure.Part, name = figure.Name, value = Finite(figure.Value), unit = figure.Unit, rounds = figure.Rounds.Select(Finite), note = figure.Note }),
        }, Indented));
    }

    /// <summary>Replaces what stands between the marks of this number of products, and of the parts where not all were measured; adds them at the end where they are missing.</summary>
    public static void WriteMarkdown(string file, BenchOptions options, string table)
    {
        var what = string.Join(' ', options.MeasuresAll ? [] : options.Only.Order(StringComparer.Ordinal).Prepend(""));
        var (begin, end) = ($"<!-- figures {options.Products}{what} -->", $"<!-- end {options.Products}{what} -->");
        var section = $"{begin}\n{table}{end}";
        var text = File.Exists(file) ? File.ReadAllText(file) : "# Benchmarks\n";
        var from = text.IndexOf(begin, StringComparison.Ordinal);
        var to = from < 0 ? -1 : text.IndexOf(end, from, StringComparison.Ordinal);
        text = to < 0 ? $"{text.TrimEnd()}\n\n{section}\n" : text[..from] + section + text[(to + end.Length)..];
        File.WriteAllText(file, text);
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
