using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace CustobotGateway.GraphQL.Tests.Reference;

/// <summary>The npm package <c>graphql</c> 16, run by Node in a temporary folder.</summary>
internal static class ReferenceImplementation
{
    private const string Version = "16.15.0";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static bool IsThere { get; } = TryRun("node", "--version") && TryRun("npm", "--version");

    public static JsonElement Ask(object question)
    {
        var folder = Install();
        var start = new ProcessStartInfo("node", "reference.mjs") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var node = Process.Start(start)!;
        var answer = node.StandardOutput.ReadToEndAsync();
        var complaint = node.StandardError.ReadToEndAsync();
        JsonSerializer.Serialize(node.StandardInput.BaseStream, question);
        node.StandardInput.Close();
        Assert.True(node.WaitForExit(Patience), "node did not end");
        Assert.True(node.ExitCode == 0, complaint.Result);
        return JsonDocument.Parse(answer.Result).RootElement;
    }

    // Kept between runs: the version is pinned.
    private static string Install()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"graphql-reference-{Version}");
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Reference", "reference.mjs"), Path.Combine(folder, "reference.mjs"), overwrite: true);
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "graphql")))
        {
            var start = new ProcessStartInfo("npm", $"install graphql@{Version} --no-audit --no-fund --no-save") { WorkingDirectory = folder, RedirectStandardOutput = true };
            using var npm = Process.Start(start)!;
            npm.StandardOutput.ReadToEnd();
            Assert.True(npm.WaitForExit(Patience), "npm did not end");
            Assert.Equal(0, npm.ExitCode);
        }
        return folder;
    }

    private static bool TryRun(string program, string arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true });
            process!.StandardOutput.ReadToEnd();
            return process.WaitForExit(Patience) && process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A test that asks the reference implementation; skipped where Node is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReferenceFactAttribute : FactAttribute
{
    public ReferenceFactAttribute()
    {
        if (!ReferenceImplementation.IsThere)
        {
            Skip = "needs node and npm";
        }
    }
}
