using CustobotGateway.Catalog.Import.Feeds;
using CustobotGateway.Common;

namespace CustobotGateway.Catalog.Import;

/// <summary>
/// Keeps feeds as they came, in the data folder, until they are imported: the request is answered once the feed is safe, a gateway that is
/// killed reads it again, and a feed of any size costs no memory.
/// </summary>
internal sealed class Spool(GatewaySettings settings, CatalogOptions options)
{
    private const int BufferBytes = 128 * 1024;
    private const long CheckEveryBytes = 32L << 20;

    private readonly string _root = Path.Combine(settings.DataDirectory, "imports");

    /// <summary>Makes the folder of an import.</summary>
    public void Create(string import) => Directory.CreateDirectory(Folder(import));

    /// <summary>Forgets an import's feed.</summary>
    public void Delete(string import)
    {
        if (Directory.Exists(Folder(import)))
        {
            Directory.Delete(Folder(import), recursive: true);
        }
    }

    /// <summary>The imports that have a folder here.</summary>
    public IReadOnlyList<string> Imports() => Directory.Exists(_root) ? [.. Directory.GetDirectories(_root).Select(folder => Path.GetFileName(folder)!)] : [];

    /// <summary>Keeps one file of a feed.</summary>
    public async Task<FeedPart> SaveAsync(string import, int number, Stream body, FeedFormat format, bool gzip, string? source, CancellationToken cancellationToken)
    {
        var part = new FeedPart($"part-{number:0000}", format, gzip, 0, source);
        var path = PathOf(import, part);
        long bytes = 0, checkedAt = -CheckEveryBytes;
        await using (var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous }))
        {
            var buffer = new byte[BufferBytes];
            int read;
            while ((read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)) > 0)
            {
                if (bytes - checkedAt >= CheckEveryBytes)
                {
                    checkedAt = bytes;
                    CheckDisk(path);
                }
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                bytes += read;
            }
            file.Flush(flushToDisk: true);
        }
        if (gzip)
        {
            await using var compressed = File.OpenRead(path);
            await Task.Run(() => GuardedStream.Probe(compressed, options), cancellationToken);
        }
        return part with { Bytes = bytes };
    }

    /// <summary>Opens one file of a feed as it came.</summary>
    public FileStream Open(string import, FeedPart part) =>
        new(PathOf(import, part), new FileStreamOptions { Access = FileAccess.Read, BufferSize = 0, Options = FileOptions.SequentialScan });

    private void CheckDisk(string path)
    {
        if (new DriveInfo(path).AvailableFreeSpace < options.SpoolMinFreeBytes)
        {
            throw new FeedException("disk_full", $"The disk of the data folder would have less than {options.SpoolMinFreeBytes} bytes free. Make room, or send the feed compressed.");
        }
    }

    private string Folder(string import) => Path.Combine(_root, import);

    private string PathOf(string import, FeedPart part) => Path.Combine(Folder(import), part.File);
}
