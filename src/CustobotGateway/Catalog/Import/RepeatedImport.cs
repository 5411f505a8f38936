using System.Security.Cryptography;
using CustobotGateway.Common;
using CustobotGateway.Common.Idempotency;

namespace CustobotGateway.Catalog.Import;

/// <summary>What is to be done with a feed, by whom, under which key.</summary>
/// <param name="Agent">Who sends it.</param>
/// <param name="Key">The caller's <c>Idempotency-Key</c>, or null.</param>
/// <param name="Mapping">The mapping's name, or null.</param>
/// <param name="Mode">What becomes of products that the feed lacks.</param>
/// <param name="Format">The feed's format where the content type does not say it.</param>
/// <param name="Source">The file's name, or null.</param>
internal sealed record AskedImport(AgentPrincipal Agent, string? Key, string? Mapping, ImportMode Mode, string? Format, string? Source)
{
    /// <summary>The write that it is: of the feed the digest, once all of it was read.</summary>
    public async Task<WriteAttempt> AttemptAsync(DigestedStream body, CancellationToken cancellationToken) =>
        Attempt(await body.DigestAsync(cancellationToken));

    /// <summary>Of the feed with that digest.</summary>
    // A dry run runs, and is no answer to a key; what undoes it is its swap.
    public WriteAttempt Attempt(string digest) => new(Agent with { IsDryRun = false }, "products:import", Agent.IsDryRun ? null : Key, new { Mapping, Mode, Format, Source, digest });
}

/// <summary>An import that was sent before.</summary>
internal static class RepeatedImport
{
    /// <summary>The import that the same request began, or why the key cannot be used for this one; null for a new key. The feed is read where the key is known, and not kept.</summary>
    public static async Task<Outcome<string>?> FindAsync(AskedImport asked, DigestedStream body, Writes writes, CancellationToken cancellationToken)
    {
        var unread = asked.Attempt("");
        if (!unread.HasValidKey)
        {
            return Writes.KeyInvalid;
        }
        if (!await writes.HasAnswerAsync(unread.Principal, unread.Path, asked.Key!, cancellationToken))
        {
            return null;
        }
        // What was refused under the key was nothing that began: such an answer is not kept.
        var known = await writes.RunAsync<ImportProducts.Response>(
            await asked.AttemptAsync(body, cancellationToken), _ => Task.FromResult<Outcome<ImportProducts.Response>>(Writes.KeyReused), cancellationToken);
        return known.Succeeded ? known.Value.Id : known.Problem!;
    }
}

/// <summary>A stream that is read once, with the digest of all that was read.</summary>
internal sealed class DigestedStream(Stream inner, bool hasDigest) : Stream
{
    private readonly IncrementalHash? _hash = hasDigest ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Reads what is left, and gives the digest of all; nothing where none is taken.</summary>
    public async Task<string> DigestAsync(CancellationToken cancellationToken)
    {
        if (_hash is null)
        {
            return "";
        }
        await CopyToAsync(Null, cancellationToken);
        return Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        _hash?.AppendData(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A request is read without blocking.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash?.Dispose();
        }
        base.Dispose(disposing);
    }
}
