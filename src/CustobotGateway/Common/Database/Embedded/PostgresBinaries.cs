using System.Globalization;
using System.Text.RegularExpressions;

namespace CustobotGateway.Common.Database.Embedded;

/// <summary>A PostgreSQL server installed on this machine.</summary>
/// <param name="Folder">Where postgres, initdb and pg_ctl are.</param>
/// <param name="Major">The major version.</param>
public sealed partial record PostgresBinaries(string Folder, int Major)
{
    /// <summary>The oldest major version that the migrations are written for.</summary>
    public const int OldestMajor = 15;

    private static readonly string[] VersionedFolders = ["/usr/lib/postgresql", "/usr/lib", "/usr", "/opt/homebrew/opt", "/usr/local/opt"];

    /// <summary>The newest installed server, or the newest of one major version; null when there is none.</summary>
    public static async Task<PostgresBinaries?> FindAsync(int? major, CancellationToken cancellationToken)
    {
        var found = new List<PostgresBinaries>();
        foreach (var folder in Candidates().Distinct())
        {
            if (File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")))
            {
                var version = await ChildProcess.RunAsync([Path.Combine(folder, "postgres"), "--version"], cancellationToken);
                if (Version().Match(version.Output) is { Success: true } match)
                {
                    found.Add(new PostgresBinaries(folder, int.Parse(match.Groups["major"].Value, CultureInfo.InvariantCulture)));
                }
            }
        }
        return found.Where(one => major is null ? one.Major >= OldestMajor : one.Major == major).MaxBy(one => one.Major);
    }

    private static IEnumerable<string> Candidates()
    {
        if (ChildProcess.Find("postgres") is { } onPath)
        {
            yield return Path.GetDirectoryName(onPath)!;
        }
        foreach (var parent in VersionedFolders.Where(Directory.Exists))
        {
            // Debian: /usr/lib/postgresql/15/bin; Fedora: /usr/pgsql-15/bin; Alpine: /usr/lib/postgresql15/bin; Homebrew: opt/postgresql@15/bin.
            foreach (var folder in Directory.EnumerateDirectories(parent).Where(name => Versioned().IsMatch(Path.GetFileName(name))))
            {
                yield return Path.Combine(folder, "bin");
            }
        }
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Version();

    [GeneratedRegex(@"^(pgsql-|postgresql@?)?\d+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Versioned();
}
