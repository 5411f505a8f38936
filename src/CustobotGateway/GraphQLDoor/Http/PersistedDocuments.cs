using System.Collections.Concurrent;
using CustobotGateway.GraphQL;

namespace CustobotGateway.GraphQLDoor.Http;

/// <summary>
/// Documents that clients name by the SHA-256 of their text: those that the operator trusts, and those that clients have registered by sending
/// text and hash together (automatic persisted queries). What clients registered is bounded in bytes, the oldest goes first.
/// </summary>
internal sealed class PersistedDocuments
{
    private readonly GraphQLDoorOptions _options;
    private readonly Dictionary<DocumentHash, byte[]> _trusted = [];
    private readonly ConcurrentDictionary<DocumentHash, byte[]> _registered = [];
    private readonly Queue<DocumentHash> _byAge = [];
    private long _bytes;

    public PersistedDocuments(GraphQLDoorOptions options)
    {
        _options = options;
        if (options.TrustedDocuments is { Length: > 0 } folder)
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*.graphql"))
            {
                var text = File.ReadAllBytes(file);
                _trusted[DocumentHash.Of(text)] = text;
            }
        }
    }

    /// <summary>The document of a request; null and the reason where it may not or cannot be executed.</summary>
    public ReadOnlyMemory<byte>? Find(RequestBody body, out GraphQLError? error)
    {
        error = null;
        if (body.PersistedHash is not { } hexadecimal)
        {
            return !_options.OnlyTrustedDocuments || _trusted.ContainsKey(DocumentHash.Of(body.Query!.Value.Span)) ? body.Query : NotTrusted(out error);
        }
        if (!DocumentHash.TryParse(hexadecimal, out var hash))
        {
            error = new GraphQLError("extensions.persistedQuery.sha256Hash has 64 hexadecimal digits.", [], "invalid_request");
            return null;
        }
        if (_trusted.TryGetValue(hash, out var trusted))
        {
            return trusted;
        }
        if (_options.OnlyTrustedDocuments)
        {
            return NotTrusted(out error);
        }
        if (body.Query is not { } query)
        {
            // The words and the code are those that clients of automatic persisted queries look for.
            var isKnown = _registered.TryGetValue(hash, out var known);
            error = isKnown ? null : new GraphQLError("PersistedQueryNotFound", [], "PERSISTED_QUERY_NOT_FOUND");
            return isKnown ? known : default(ReadOnlyMemory<byte>?);
        }
        if (DocumentHash.Of(query.Span) != hash)
        {
            error = new GraphQLError("The hash in extensions.persistedQuery is not that of the query.", [], "PERSISTED_QUERY_MISMATCH");
            return null;
        }
        Register(hash, query);
        return query;
    }

    private static ReadOnlyMemory<byte>? NotTrusted(out GraphQLError? error)
    {
        error = new GraphQLError("Only documents that the operator has registered are executed here.", [], "DOCUMENT_NOT_TRUSTED");
        return null;
    }

    private void Register(DocumentHash hash, ReadOnlyMemory<byte> query)
    {
        if (query.Length > _options.PersistedBytes || _registered.ContainsKey(hash) || !_registered.TryAdd(hash, query.ToArray()))
        {
            return;
        }
        lock (_byAge)
        {
            _byAge.Enqueue(hash);
            _bytes += query.Length;
            while (_bytes > _options.PersistedBytes && _byAge.TryDequeue(out var oldest))
            {
                _bytes -= _registered.TryRemove(oldest, out var removed) ? removed.Length : 0;
            }
        }
    }
}
