namespace CustobotGateway.Common.Database.Embedded;

/// <summary>The user that the private PostgreSQL runs as: ourselves, or as root an unprivileged one, since PostgreSQL refuses root.</summary>
/// <param name="Name">The user's name; null for ourselves.</param>
/// <param name="Uid">Its number.</param>
/// <param name="Gid">Its group's number.</param>
internal sealed record ServerUser(string? Name, string Uid, string Gid)
{
    private static readonly string[] Candidates = ["postgres", "nobody"];

    public static ServerUser Choose()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new ServerUser(null, "", "");
        }
        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToLookup(fields => fields[0]);
        var fields = Candidates.SelectMany(name => users[name]).FirstOrDefault()
            ?? throw new EmbeddedPostgresException("PostgreSQL refuses to run as root, and there is neither a user 'postgres' nor 'nobody'. Start the gateway as an ordinary user, or name a server with --connection.");
        return new ServerUser(fields[0], fields[2], fields[3]);
    }

    /// <summary>The command as this user. setpriv becomes the command, where su and runuser would stand between it and its signals.</summary>
    public string[] Prefix(params string[] command) => Name is null ? command
        : ChildProcess.Find("setpriv") is { } setpriv ? [setpriv, $"--reuid={Uid}", $"--regid={Gid}", "--clear-groups", "--", .. command]
        : ChildProcess.Find("runuser") is { } runuser ? [runuser, "-u", Name, "--", .. command]
        : throw new EmbeddedPostgresException("As root the gateway starts PostgreSQL under another user, which needs setpriv or runuser (package util-linux).");

    public Task<ChildProcess> RunAsync(CancellationToken cancellationToken, params string[] command) => ChildProcess.RunAsync(Prefix(command), cancellationToken);

    /// <summary>Makes a folder that this user owns and nobody else enters.</summary>
    public async Task CreateFolderAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (Name is not null)
        {
            await MustAsync(["chown", $"{Uid}:{Gid}", path], cancellationToken);
        }
    }

    /// <summary>
    /// Refuses a data folder that this user cannot reach. The folder itself is the gateway's: it is opened to the user's group where it
    /// is closed (as a fresh temporary folder is). The folders above are not ours to change.
    /// </summary>
    public async Task RequireReachableAsync(string folder, CancellationToken cancellationToken)
    {
        if (Name is null || await CanEnterAsync(folder, cancellationToken))
        {
            return;
        }
        if (Path.GetDirectoryName(folder) is { } parent && !await CanEnterAsync(parent, cancellationToken))
        {
            throw new EmbeddedPostgresException($"The data folder {folder} cannot be reached by the user '{Name}', as whom PostgreSQL runs since it refuses root. "
                + $"Choose another with --data (for example --data /var/lib/custobot-gateway), let '{Name}' pass through the folders above it (chmod o+x), or start the gateway as an ordinary user.");
        }
        await MustAsync(["chgrp", Gid, folder], cancellationToken);
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute);
    }

    private async Task<bool> CanEnterAsync(string folder, CancellationToken cancellationToken) =>
        (await RunAsync(cancellationToken, "test", "-x", folder)).ExitCode == 0;

    private static async Task MustAsync(string[] command, CancellationToken cancellationToken)
    {
        var done = await ChildProcess.RunAsync(command, cancellationToken);
        if (done.ExitCode != 0)
        {
            throw new EmbeddedPostgresException($"'{string.Join(' ', command)}' failed: {done.Output}");
        }
    }
}
