using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Search;

/// <summary>
/// The files of the search workload: made by its generator, which lies beside the repository, and kept under <c>artifacts/</c>, since the same
/// generator with the same seeds always makes the same bytes.
/// </summary>
public sealed class WorkloadFiles
{
    private const int CatalogSeed = 7001;
    private const int QuerySeed = 7002;
    private const int Queries = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly string _generator;
    private readonly string _folder;

    private WorkloadFiles(string generator)
    {
        _generator = generator;
        var version = SHA256.HashData([.. Directory.GetFiles(Path.GetDirectoryName(generator)!, "*.mjs").Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes)]);
        _folder = Path.Combine(Artifacts(), "search-workload", Convert.ToHexStringLower(version.AsSpan(0, 6)));
        Directory.CreateDirectory(_folder);
    }

    /// <summary>Why there is no workload on this machine; null when there is one.</summary>
    public static string? Absence =>
        SharedData.Find("data/search-workload/gen.mjs") is null ? "The search workload's generator is not beside the repository (../shared/data/search-workload)."
        : !HasNode() ? "The search workload's generator needs Node.js, which is not installed."
        : null;

    /// <summary>The workload; <see cref="Absence"/> must be null.</summary>
    public static WorkloadFiles Find() => new(SharedData.Find("data/search-workload/gen.mjs") ?? throw new InvalidOperationException(Absence));

    /// <summary>The attributes: one JSON array.</summary>
    public string Schema => Make("schema.json", "schema");

    /// <summary>1,000 queries, one JSON object a line.</summary>
    public string QueryLines => Make("queries.ndjson", "queries", "--n", Text(Queries), "--seed", Text(QuerySeed), "--catalogue-seed", Text(CatalogSeed));

    /// <summary>The first products of the catalogue, one JSON object a line.</summary>
    public string Products(int count) => Make($"products-{count}.ndjson", "products", "--n", Text(count), "--seed", Text(CatalogSeed));

    /// <summary>What a plain scan of those products answers to each query, with all facet counts.</summary>
    public string Oracle(int count) => Make($"oracle-{count}.ndjson", "oracle", "--products", Products(count), "--queries", QueryLines, "--full", "1");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The repository's folder for what is made and not kept in it; outside a repository a folder of this user's.</summary>
    public static string Artifacts()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CustobotGateway.sln")))
            {
                return Path.Combine(folder.FullName, "artifacts");
            }
        }
        return Path.Combine(Path.GetTempPath(), "custobot-gateway-" + Environment.UserName);
    }

    private static bool HasNode()
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            return node.WaitForExit(Patience) && node.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private string Make(string name, params string[] arguments)
    {
        var file = Path.Combine(_folder, name);
        if (File.Exists(file))
        {
            return file;
        }
        // Made beside and renamed: a reader sees the whole file or none, and two that make it at once make the same.
        var made = Path.Combine(_folder, $"{name}.{Environment.ProcessId}.{Guid.NewGuid():n}");
        using (var output = File.Create(made))
        {
            using var node = Process.Start(new ProcessStartInfo("node", [_generator, .. arguments]) { RedirectStandardOutput = true })!;
            node.StandardOutput.BaseStream.CopyTo(output);
            if (!node.WaitForExit(Patience) || node.ExitCode != 0)
            {
                throw new InvalidOperationException($"The search workload's generator failed: {string.Join(' ', arguments)}");
            }
        }
        File.Move(made, file, overwrite: true);
        return file;
    }
}
