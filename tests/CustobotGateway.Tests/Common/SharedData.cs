namespace CustobotGateway.Tests.Common;

/// <summary>Test data that lies beside the repository and not in it. Where it is absent, a test that needs it has nothing to say.</summary>
public static class SharedData
{
    /// <summary>The path of a file or folder under the neighbouring <c>shared</c> folder, or null.</summary>
    public static string? Find(string path)
    {
        var roots = Environment.GetEnvironmentVariable("CUSTOBOT_SHARED") is { Length: > 0 } set ? [set] : Ancestors().Select(folder => Path.Combine(folder, "shared"));
        return roots.Select(root => Path.Combine(root, path)).FirstOrDefault(Path.Exists);
    }

    private static IEnumerable<string> Ancestors()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return folder.FullName;
        }
    }
}
