using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL;

/// <summary>
/// Keeps valid documents with their plans by schema and text, the ones used last, within a number of bytes. A document is kept from its
/// second use on, and what is invalid never: requests that come once, each with a text of its own, drive nothing out, and their trees die
/// young, which was measured to cost a third of what it costs to keep them.
/// </summary>
/// <param name="maxBytes">What the documents may take together, by estimate; 64 MiB by default.</param>
public sealed class DocumentCache(long maxBytes = 64 << 20)
{
    // A syntax tree with its plans was measured to take 60 to 70 times its text.
    private const int BytesPerTextByte = 64;
    private const int BytesPerDocument = 1_000;
    private const int LargestShare = 8;
    private const int Remembered = 1_024;

    private readonly Lock _lock = new();
    private readonly Dictionary<(Schema Schema, DocumentHash Hash), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = new();
    private readonly DocumentHash[] _seenOnce = new DocumentHash[Remembered];
    private long _bytes;

    /// <summary>How many documents are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>What the documents take, by estimate.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Drops the documents of a schema that is no longer used.</summary>
    public void Forget(Schema schema)
    {
        lock (_lock)
        {
            for (var node = _byUse.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.Schema == schema)
                {
                    Remove(node);
                }
                node = next;
            }
        }
    }

    internal PreparedDocument? Find(Schema schema, DocumentHash hash)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue((schema, hash), out var node))
            {
                return null;
            }
            if (node != _byUse.First)
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
            }
            return node.Value.Document;
        }
    }

    internal void Add(Schema schema, DocumentHash hash, PreparedDocument document)
    {
        var bytes = BytesPerDocument + ((long)document.TextBytes * BytesPerTextByte);
        if (bytes > maxBytes / LargestShare)
        {
            return;
        }
        lock (_lock)
        {
            ref var seen = ref _seenOnce[hash.GetHashCode() & (Remembered - 1)];
            if (seen != hash)
            {
                seen = hash;
                return;
            }
            if (_entries.ContainsKey((schema, hash)))
            {
                return;
            }
            _entries.Add((schema, hash), _byUse.AddFirst(new Entry(schema, hash, document, bytes)));
            _bytes += bytes;
            while (_bytes > maxBytes)
            {
                Remove(_byUse.Last!);
            }
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove((node.Value.Schema, node.Value.Hash));
        _bytes -= node.Value.Bytes;
    }

    private sealed record Entry(Schema Schema, DocumentHash Hash, PreparedDocument Document, long Bytes);
}
