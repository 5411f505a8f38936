namespace CustobotGateway.Tests.Common;

/// <summary>A test in a real browser; skipped where none is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    public BrowserFactAttribute()
    {
        if (Path is null)
        {
            Skip = "no chromium is installed";
        }
    }

    /// <summary>The browser's program; null where there is none.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable("CUSTOBOT_CHROMIUM") is { Length: > 0 } set ? set : Places.FirstOrDefault(File.Exists);
}
