namespace CustobotGateway.Common.Database.Embedded;

/// <summary>Installs the distribution's PostgreSQL where that needs no question: as root, or by sudo without a password.</summary>
internal static class PostgresInstallation
{
    private sealed record Installer(string Program, string[][] Steps);

    private static readonly Installer[] Installers =
    [
        new("apt-get", [["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "--no-install-recommends", "postgresql"]]),
        new("dnf", [["dnf", "install", "-y", "postgresql-server"]]),
        new("apk", [["apk", "add", "postgresql"]]),
        new("zypper", [["zypper", "--non-interactive", "install", "postgresql-server"]]),
        new("pacman", [["pacman", "-Sy", "--noconfirm", "postgresql"]]),
    ];

    public static async Task RunAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        var installer = Installers.FirstOrDefault(one => ChildProcess.Find(one.Program) is not null)
            ?? throw new EmbeddedPostgresException($"PostgreSQL {PostgresBinaries.OldestMajor} or newer was not found. Install its server, or name one with --connection.");
        var prefix = await PrefixAsync(cancellationToken)
            ?? throw new EmbeddedPostgresException($"PostgreSQL was not found. Install it, then start again:\n  sudo {string.Join(' ', installer.Steps[^1])}\nor name a server with --connection.");
        foreach (var step in installer.Steps)
        {
            string[] command = [.. prefix, .. step];
            tell("PostgreSQL was not found; running: " + string.Join(' ', command));
            var done = await ChildProcess.RunAsync(["env", "DEBIAN_FRONTEND=noninteractive", .. command], cancellationToken);
            if (done.ExitCode != 0 && step == installer.Steps[^1])
            {
                throw new EmbeddedPostgresException($"'{string.Join(' ', command)}' failed:\n{done.Output}");
            }
        }
    }

    private static async Task<string[]?> PrefixAsync(CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess)
        {
            return [];
        }
        return ChildProcess.Find("sudo") is { } sudo && (await ChildProcess.RunAsync([sudo, "-n", "true"], cancellationToken)).ExitCode == 0
            ? [sudo, "-n"]
            : null;
    }
}
