using System.Text.Json;
using CustobotGateway.Common;

namespace CustobotGateway.Checkout.Payments.Sandbox.Process;

/// <summary>
/// The store of the sandbox as a process of its own: everything in memory, and every change a line of a file that is on the disk before the answer leaves. What is read
/// back after a kill is what was answered; a last line that was cut off was not.
/// </summary>
internal sealed class SandboxJournal : ISandboxStore, IDisposable
{
    private const int MostTokens = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SandboxPayment> _payments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (SandboxMeans Means, DateTimeOffset ExpiresAt, string? UsedBy)> _tokens = new(StringComparer.Ordinal);
    private readonly List<SandboxWire.Entry> _entries = [];
    private readonly FileStream _file;
    private readonly TimeProvider _clock;

    public SandboxJournal(string directory, TimeProvider clock)
    {
        _clock = clock;
        Directory.CreateDirectory(directory);
        _file = new FileStream(Path.Combine(directory, "journal.ndjson"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        _file.SetLength(Load());
        _file.Seek(0, SeekOrigin.End);
    }

    public void Dispose() => _file.Dispose();

    public ValueTask<SandboxPayment?> FindAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(_payments.GetValueOrDefault(id));
        }
    }

    public ValueTask<SandboxPayment?> ChangeAsync(string id, SandboxAct act, bool isNew, Func<SandboxPayment?, SandboxPayment?> change, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var known = _payments.GetValueOrDefault(id);
            var next = change(known);
            if (next is not null && !ReferenceEquals(next, known))
            {
                var entry = new SandboxWire.Entry(_entries.Count + 1, act, _clock.GetUtcNow(), next);
                _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(entry, StoredJson.Options), (byte)'\n']);
                _file.Flush(flushToDisk: true);
                Add(entry);
            }
            return new(next);
        }
    }

    public ValueTask KeepTokenAsync(byte[] hash, SandboxCard card, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_tokens.Count >= MostTokens)
            {
                _tokens.Clear();
            }
            _tokens[Convert.ToHexString(hash)] = (card.Means, expiresAt, null);
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask<SandboxMeans?> UseTokenAsync(byte[] hash, string paymentId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var key = Convert.ToHexString(hash);
            if (!_tokens.TryGetValue(key, out var token) || (token.UsedBy is null ? token.ExpiresAt <= now : token.UsedBy != paymentId))
            {
                return new((SandboxMeans?)null);
            }
            _tokens[key] = token with { UsedBy = paymentId };
            return new(token.Means);
        }
    }

    /// <summary>What was done after that entry, in order.</summary>
    public SandboxWire.Page Read(long after, int limit)
    {
        lock (_lock)
        {
            var page = _entries.Skip((int)Math.Clamp(after, 0, _entries.Count)).Take(limit).ToList();
            return new(page, page.Count > 0 ? page[^1].Number : after);
        }
    }

    /// <summary>Reads what the file holds; how many of its bytes are whole lines.</summary>
    private long Load()
    {
        using var reader = new StreamReader(_file, leaveOpen: true);
        var (text, whole) = (reader.ReadToEnd(), 0L);
        foreach (var line in text.Split('\n')[..^1])
        {
            Add(JsonSerializer.Deserialize<SandboxWire.Entry>(line, StoredJson.Options)!);
            whole += System.Text.Encoding.UTF8.GetByteCount(line) + 1;
        }
        return whole;
    }

    private void Add(SandboxWire.Entry entry)
    {
        _entries.Add(entry);
        _payments[entry.Payment.Id] = entry.Payment;
    }
}
