using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace CustobotGateway.Common.Database.Embedded;

/// <summary>
/// A private PostgreSQL in the data folder, reached by a socket in a folder that only its user enters; it listens on no port.
/// The caller holds the lock of the data folder, so a server that already runs on it is an orphan of a gateway that was killed.
/// A server that ends by itself is started again.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const string Superuser = "gateway";
    private const string SocketFolderPrefix = "gateway-";
    private const int StartSeconds = 60;
    private const int LaunchAttempts = 5;
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(1);

    private readonly string _folder;
    private readonly string _socketFolder;
    private readonly PostgresBinaries _binaries;
    private readonly ServerUser _user;
    private readonly CancellationTokenSource _ends = new();
    private Task _watching = Task.CompletedTask;

    private EmbeddedPostgres(string folder, string socketFolder, PostgresBinaries binaries, ServerUser user) =>
        (_folder, _socketFolder, _binaries, _user) = (folder, socketFolder, binaries, user);

    /// <summary>How to reach its database <c>gateway</c>.</summary>
    public string ConnectionString => ConnectionTo(_socketFolder);

    /// <summary>How to reach the one that a gateway runs in that data folder; null if none runs.</summary>
    public static async Task<string?> FindRunningAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(dataDirectory, "postgres");
        var lockFile = Path.Combine(folder, "postmaster.pid");
        if (!File.Exists(lockFile))
        {
            return null;
        }
        // Line 1 is the server's process id, line 5 its socket folder.
        var lines = await File.ReadAllLinesAsync(lockFile, cancellationToken);
        return lines.Length > 4 && IsServerOf(folder, lines[0]) ? ConnectionTo(lines[4]) : null;
    }

    private static string ConnectionTo(string socketFolder) =>
        new NpgsqlConnectionStringBuilder { Host = socketFolder, Username = Superuser, Database = Superuser, MaxPoolSize = 60 }.ConnectionString;

    /// <summary>Starts it, made first when it is not there yet.</summary>
    /// <param name="dataDirectory">The gateway's data folder; the cluster is in its folder <c>postgres</c>.</param>
    /// <param name="durable">False for tests alone: commits do not wait for the disk.</param>
    /// <param name="tell">Is told what takes time.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<EmbeddedPostgres> StartAsync(string dataDirectory, bool durable, Action<string> tell, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(dataDirectory, "postgres");
        var version = Path.Combine(folder, "PG_VERSION");
        int? major = File.Exists(version) ? int.Parse(await File.ReadAllTextAsync(version, cancellationToken), CultureInfo.InvariantCulture) : null;
        var binaries = await FindBinariesAsync(major, tell, cancellationToken);
        var user = ServerUser.Choose();
        await user.RequireReachableAsync(dataDirectory, cancellationToken);
        if (major is null)
        {
            tell($"Making a PostgreSQL {binaries.Major} database in {folder}");
            await InitializeAsync(folder, binaries, user, cancellationToken);
        }
        var socketFolder = await CreateSocketFolderAsync(user, cancellationToken);
        var server = new EmbeddedPostgres(folder, socketFolder, binaries, user);
        try
        {
            await server.StopOrphanAsync(tell, cancellationToken);
            await server.LaunchFirstAsync(durable, cancellationToken);
            server._watching = server.WatchAsync(durable, tell);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _watching;
        _ends.Dispose();
        if (File.Exists(LockFile))
        {
            await StopAsync(CancellationToken.None);
        }
        if (Directory.Exists(_socketFolder))
        {
            Directory.Delete(_socketFolder, recursive: true);
        }
    }

    private static async Task<PostgresBinaries> FindBinariesAsync(int? major, Action<string> tell, CancellationToken cancellationToken)
    {
        if (await PostgresBinaries.FindAsync(major, cancellationToken) is { } installed)
        {
            return installed;
        }
        if (major is not null && await PostgresBinaries.FindAsync(null, cancellationToken) is { } other)
        {
            throw new EmbeddedPostgresException($"The data folder holds a PostgreSQL {major} database, and only PostgreSQL {other.Major} is installed. Install version {major}, or choose another folder with --data.");
        }
        await PostgresInstallation.RunAsync(tell, cancellationToken);
        return await PostgresBinaries.FindAsync(major, cancellationToken)
            ?? throw new EmbeddedPostgresException($"The installed PostgreSQL is not version {major ?? PostgresBinaries.OldestMajor}{(major is null ? " or newer" : "")}. Name a server with --connection.");
    }

    /// <summary>Made beside and renamed, so that a folder half made is never taken for a database.</summary>
    private static async Task InitializeAsync(string folder, PostgresBinaries binaries, ServerUser user, CancellationToken cancellationToken)
    {
        var made = folder + ".new";
        if (Directory.Exists(made))
        {
            Directory.Delete(made, recursive: true);
        }
        await user.CreateFolderAsync(made, cancellationToken);
        var done = await user.RunAsync(cancellationToken, Path.Combine(binaries.Folder, "initdb"), "-D", made, "-U", Superuser, "-E", "UTF8", "--locale=C",
            "--auth-local=trust", "--auth-host=reject");
        if (done.ExitCode != 0)
        {
            throw new EmbeddedPostgresException($"initdb failed:\n{done.Output}");
        }
        Directory.Move(made, folder);
    }

    /// <summary>A socket's path has room for about a hundred bytes: a data folder's own path may be longer.</summary>
    private static async Task<string> CreateSocketFolderAsync(ServerUser user, CancellationToken cancellationToken)
    {
        var parent = Path.TrimEndingDirectorySeparator(Path.GetTempPath());
        if (parent.Length > 60 || user.Name is not null)
        {
            // As another user we know only /tmp to be open to it.
            parent = "/tmp";
        }
        var folder = Path.Combine(parent, SocketFolderPrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)));
        await user.CreateFolderAsync(folder, cancellationToken);
        return folder;
    }

    private string LockFile => Path.Combine(_folder, "postmaster.pid");

    /// <summary>Starts the server again when it has ended: killed for want of memory, or by a hand that meant another one.</summary>
    private async Task WatchAsync(bool durable, Action<string> tell)
    {
        var isTold = false;
        while (true)
        {
            await Task.Delay(WatchPeriod, _ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_ends.IsCancellationRequested)
            {
                return;
            }
            try
            {
                if (!IsRunning())
                {
                    if (!isTold)
                    {
                        tell("PostgreSQL has ended; starting it again");
                    }
                    isTold = true;
                    // The lock file stays, by which PostgreSQL waits for the processes that a killed server left behind.
                    await LaunchAsync(durable, CancellationToken.None);
                    tell("PostgreSQL runs again");
                    isTold = false;
                }
            }
            catch (Exception exception) when (exception is EmbeddedPostgresException or NpgsqlException or IOException)
            {
                // Processes of the one before are still ending, or the disk is full: tried again until it starts.
            }
        }
    }

    private bool IsRunning() => File.Exists(LockFile) && IsServerOf(_folder, File.ReadLines(LockFile).First());

    private async Task StopOrphanAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        if (!File.Exists(LockFile))
        {
            return;
        }
        // Line 1 is the server's process id, line 5 its socket folder.
        var lines = await File.ReadAllLinesAsync(LockFile, cancellationToken);
        if (IsServerOf(_folder, lines[0]))
        {
            tell("Taking over the PostgreSQL that a killed gateway left running");
            await StopAsync(cancellationToken);
        }
        else if (IsAlive(lines[0]))
        {
            // Another program has got the process id since, and PostgreSQL would take it for the server.
            File.Delete(LockFile);
        }
        if (lines.Length > 4 && Path.GetFileName(lines[4]).StartsWith(SocketFolderPrefix, StringComparison.Ordinal) && Directory.Exists(lines[4]))
        {
            Directory.Delete(lines[4], recursive: true);
        }
    }

    /// <summary>A server stands in its own data folder. Without /proc (macOS) any live process of that id is taken for it.</summary>
    private static bool IsServerOf(string folder, string processId) => Directory.Exists("/proc/self")
        ? new FileInfo($"/proc/{processId}/cwd").LinkTarget == Path.TrimEndingDirectorySeparator(folder)
        : IsAlive(processId);

    private static bool IsAlive(string processId)
    {
        if (!int.TryParse(processId, CultureInfo.InvariantCulture, out var id))
        {
            return false;
        }
        if (Directory.Exists("/proc/self"))
        {
            return Directory.Exists($"/proc/{id}");
        }
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Processes that a killed server left behind end within moments; its lock file keeps PostgreSQL from starting before.</summary>
    private async Task LaunchFirstAsync(bool durable, CancellationToken cancellationToken)
    {
        for (var attempts = File.Exists(LockFile) ? LaunchAttempts : 1; ; attempts--)
        {
            try
            {
                await LaunchAsync(durable, cancellationToken);
                return;
            }
            catch (EmbeddedPostgresException) when (attempts > 1)
            {
                await Task.Delay(WatchPeriod, cancellationToken);
            }
        }
    }

    private async Task LaunchAsync(bool durable, CancellationToken cancellationToken)
    {
        string[] settings =
        [
            "listen_addresses=", $"unix_socket_directories={_socketFolder}", "unix_socket_permissions=0700", "port=5432",
            "max_wal_size=2GB", "jit=off", "logging_collector=on", "log_directory=log", "log_filename=postgresql-%a.log", "log_truncate_on_rotation=on",
            .. durable ? Array.Empty<string>() : ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300"],
        ];
        // pg_ctl makes a session for the server, so that Ctrl-C in the terminal reaches the gateway alone, which then stops it in order.
        var started = await _user.RunAsync(cancellationToken, Path.Combine(_binaries.Folder, "pg_ctl"), "-D", _folder, "-w", "-t", StartSeconds.ToString(CultureInfo.InvariantCulture),
            "-l", Path.Combine(_folder, "start.log"), "-o", string.Join(' ', settings.Select(setting => "-c " + Quote(setting))), "start");
        if (started.ExitCode != 0)
        {
            throw new EmbeddedPostgresException($"PostgreSQL did not start; see {Path.Combine(_folder, "start.log")}:\n{started.Output}");
        }
        await CreateDatabaseAsync(cancellationToken);
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = Superuser } } };
        if (await exists.ExecuteScalarAsync(cancellationToken) is null)
        {
            await using var create = new NpgsqlCommand($"create database {Superuser}", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private Task<ChildProcess> StopAsync(CancellationToken cancellationToken) =>
        _user.RunAsync(cancellationToken, Path.Combine(_binaries.Folder, "pg_ctl"), "-D", _folder, "-m", "fast", "-w", "-t", StartSeconds.ToString(CultureInfo.InvariantCulture), "stop");

    /// <summary>pg_ctl hands its options to a shell.</summary>
    private static string Quote(string text) => "'" + text.Replace("'", """'\''""", StringComparison.Ordinal) + "'";
}
