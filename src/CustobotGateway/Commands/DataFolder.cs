using System.Security.Cryptography;
using System.Text.Json;
using CustobotGateway.Common;

namespace CustobotGateway.Commands;

/// <summary>A gateway that runs on a data folder.</summary>
/// <param name="Pid">Its process.</param>
/// <param name="Url">Where it listens, without trailing slash.</param>
public sealed record RunningGateway(int Pid, string Url);

/// <summary>The gateway's folder, held by one gateway at a time.</summary>
public sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>Where it is when the command line does not say.</summary>
    public static string Default => Environment.IsPrivilegedProcess ? "/var/lib/custobot-gateway"
        : System.IO.Path.Combine(Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } home ? home
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share"), "custobot-gateway");

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>The full path of the folder that <c>--data</c> names, or of the default.</summary>
    public static string PathOf(string? option) => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(option is { Length: > 0 } ? option : Default));

    /// <summary>Makes the folder if needed and takes its lock, which the kernel releases however the process ends.</summary>
    public static DataFolder Take(string path)
    {
        Directory.CreateDirectory(path);
        try
        {
            return new DataFolder(path, new FileStream(System.IO.Path.Combine(path, "gateway.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (IsTaken(path))
        {
            var running = FindRunning(path);
            throw new CommandException($"a gateway runs on the data folder {path} already{(running is null ? "" : $" (process {running.Pid}, {running.Url})")}. Stop it, or choose another folder with --data.");
        }
    }

    /// <summary>The gateway that runs on a data folder, or null; while one starts, null too.</summary>
    public static RunningGateway? FindRunning(string path)
    {
        var file = RunningFile(path);
        return File.Exists(file) && IsTaken(path) ? JsonSerializer.Deserialize<RunningGateway>(File.ReadAllBytes(file), Json.Options) : null;
    }

    /// <summary>Writes down where the gateway listens, for the verbs that talk to it.</summary>
    public void Announce(string url) => WriteAtOnce(RunningFile(Path), JsonSerializer.SerializeToUtf8Bytes(new RunningGateway(Environment.ProcessId, url), Json.Options));

    /// <summary>The administrator's token kept in a data folder, or null.</summary>
    public static string? FindAdminToken(string path) => File.Exists(TokenFile(path)) ? File.ReadAllText(TokenFile(path)).Trim() : null;

    /// <summary>The file of the administrator's token.</summary>
    public static string TokenFile(string path) => System.IO.Path.Combine(path, "admin-token");

    /// <summary>The administrator's token kept here, made when there is none.</summary>
    public string AdminToken()
    {
        if (FindAdminToken(Path) is { Length: > 0 } kept)
        {
            return kept;
        }
        var made = System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        WriteAtOnce(TokenFile(Path), System.Text.Encoding.ASCII.GetBytes(made + "\n"));
        return made;
    }

    /// <summary>Gives the folder free.</summary>
    public void Dispose()
    {
        File.Delete(RunningFile(Path));
        _lock.Dispose();
    }

    private static string RunningFile(string path) => System.IO.Path.Combine(path, "gateway.json");

    private static bool IsTaken(string path)
    {
        try
        {
            using var attempt = new FileStream(System.IO.Path.Combine(path, "gateway.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>A reader sees the whole file or none, and only the owner sees it.</summary>
    private static void WriteAtOnce(string file, byte[] bytes)
    {
        var beside = file + ".new";
        File.Delete(beside);
        using (var stream = new FileStream(beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
        File.Move(beside, file, overwrite: true);
    }
}
