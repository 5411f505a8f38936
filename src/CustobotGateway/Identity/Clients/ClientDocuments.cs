using System.Collections.Concurrent;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.Identity.Clients;

/// <summary>
/// What lies at addresses that clients name, kept for a while: client id documents and key sets. One fetch at a time for an address, none again before
/// half a minute has passed, whatever it brought; at most a thousand addresses.
/// </summary>
internal sealed class ClientDocuments(GuardedFetch fetch, ServerPolicySource policies, TimeProvider clock)
{
    private const int Most = 1_000;
    private const int MostBytes = 65_536;

    private static readonly TimeSpan LeastFresh = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MostFresh = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, Lazy<Task<Kept>>> _kept = new(StringComparer.Ordinal);

    /// <summary>The client whose id is that address; null if there is no such document, or it is not in order.</summary>
    public async Task<ClientRecord?> FindClientAsync(string clientId, CancellationToken cancellationToken) =>
        ClientIdDocument.IsAddress(clientId) ? (await KeptAsync(clientId, false, ReadClient, cancellationToken)).Client : null;

    /// <summary>The keys at that address; none if they cannot be had. With <paramref name="anew"/>, they are fetched again unless that was just done.</summary>
    public async Task<JwkSet> KeysAsync(string address, bool anew, CancellationToken cancellationToken) =>
        (await KeptAsync(address, anew, ReadKeys, cancellationToken)).Keys ?? JwkSet.Empty;

    private async Task<Kept> KeptAsync(string address, bool anew, Func<string, byte[], Kept> read, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_kept.TryGetValue(address, out var lazy) && (!lazy.Value.IsCompleted || !(await lazy.Value).IsOld(now, anew)))
        {
            return await lazy.Value.WaitAsync(cancellationToken);
        }
        if (_kept.Count >= Most)
        {
            foreach (var (other, known) in _kept)
            {
                if (known is { IsValueCreated: true, Value.IsCompleted: true })
                {
                    _kept.TryRemove(new(other, known));
                }
            }
        }
        // Not the caller's token: others wait for the same answer.
        var made = new Lazy<Task<Kept>>(() => FetchAsync(address, read));
        var next = lazy is null ? _kept.GetOrAdd(address, made) : _kept.TryUpdate(address, made, lazy) ? made : _kept.GetOrAdd(address, made);
        return await next.Value.WaitAsync(cancellationToken);
    }

    private async Task<Kept> FetchAsync(string address, Func<string, byte[], Kept> read)
    {
        var document = await fetch.GetAsync(new Uri(address), "application/json", MostBytes, CancellationToken.None);
        var now = clock.GetUtcNow();
        var kept = document.Body is { } body ? read(address, body) : Kept.Nothing;
        // A failure is not kept for longer than it takes not to be asked for again by everyone who comes.
        var fresh = kept == Kept.Nothing || document.Freshness is not { } said || said < LeastFresh ? LeastFresh : said > MostFresh ? MostFresh : said;
        return kept with { FetchedAt = now, FreshUntil = now + fresh };
    }

    private Kept ReadClient(string address, byte[] document)
    {
        var policy = policies.Current;
        var reader = new ClientMetadataReader(ClientMetadataReader.OpenGrantTypes, RegisterClient.OpenScopes, [.. policy.DetailTypes.Select(type => type.Name)]);
        return ClientIdDocument.Read(address, document, reader).TryGet(out var metadata, out _)
            ? Kept.Nothing with { Client = RegisterClient.ToRecord(metadata, address, null, ClientOrigin.Document, clock.GetUtcNow()) }
            : Kept.Nothing;
    }

    private static Kept ReadKeys(string address, byte[] document) =>
        JwkSet.TryRead(document, everyKey: false, out var keys, out _) ? Kept.Nothing with { Keys = keys } : Kept.Nothing;

    private sealed record Kept(ClientRecord? Client, JwkSet? Keys, DateTimeOffset FetchedAt, DateTimeOffset FreshUntil)
    {
        public static readonly Kept Nothing = new(null, null, DateTimeOffset.MinValue, DateTimeOffset.MinValue);

        public bool IsOld(DateTimeOffset now, bool anew) => now >= FreshUntil || (anew && now >= FetchedAt + LeastFresh);
    }
}
