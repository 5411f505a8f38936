using System.Collections.Concurrent;
using CustobotGateway.Common.Http;
using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.WebBotAuth;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>
/// The key directories of trusted agents, fetched once for all who wait and kept for as long as they say, within limits. A key that is not in one makes it be fetched
/// anew, once a minute at most, since keys change in mid-flight; while that fails, the keys that were there go on for a day.
/// </summary>
internal sealed partial class KeyDirectories(GuardedFetch fetch, AgentOptions options, TimeProvider clock, ILogger<KeyDirectories> logger)
{
    private const int MostBytes = 65_536;
    private const int Most = 1_000;

    /// <summary>Nothing is fetched twice within that time.</summary>
    public static readonly TimeSpan Floor = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan UsualFreshness = TimeSpan.FromHours(1);
    private static readonly TimeSpan MostStale = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The key of that thumbprint; null if the directory has none, or cannot be had.</summary>
    public ValueTask<VerifyingKey?> FindAsync(string address, string keyId, bool mayFetch, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!_entries.TryGetValue(address, out var entry))
        {
            if (!mayFetch || _entries.Count >= Most)
            {
                return new((VerifyingKey?)null);
            }
            entry = _entries.GetOrAdd(address, static _ => new Entry());
        }
        var held = entry.Held;
        var key = held.Keys.GetValueOrDefault(keyId);
        return key is not null && (now < held.FreshUntil || !mayFetch) ? new(now < held.FreshUntil + MostStale ? key : null)
            : mayFetch ? FetchAsync(entry, address, keyId, now, cancellationToken)
            : new((VerifyingKey?)null);
    }

    private async ValueTask<VerifyingKey?> FetchAsync(Entry entry, string address, string keyId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (entry.Begin(now, () => FetchAsync(entry, address)) is { } fetching)
        {
            await fetching.WaitAsync(cancellationToken);
        }
        var held = entry.Held;
        return now < held.FreshUntil + MostStale ? held.Keys.GetValueOrDefault(keyId) : null;
    }

    // Not of the caller who came first: others wait for the same.
    private async Task FetchAsync(Entry entry, string address)
    {
        var document = Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? await fetch.GetAsync(uri, KeyDirectory.MediaType, MostBytes, CancellationToken.None)
            : new Fetched(null, null, "The directory's address is none.");
        if (document.Body is not { } body)
        {
            LogNotFetched(logger, address, document.Fault!);
            return;
        }
        if (!KeyDirectory.TryRead(body, out var keys, out var fault))
        {
            LogNotFetched(logger, address, fault);
            return;
        }
        var most = TimeSpan.FromMinutes(options.DirectoryMinutes);
        var fresh = document.Freshness ?? UsualFreshness;
        fresh = fresh < Floor ? Floor : fresh > most ? most : fresh;
        entry.Held = new Held(keys.DistinctBy(key => key.Thumbprint).ToDictionary(key => key.Thumbprint, StringComparer.Ordinal), clock.GetUtcNow() + fresh);
    }

    [LoggerMessage(1, LogLevel.Warning, "The key directory {Address} could not be fetched: {Reason}")]
    private static partial void LogNotFetched(ILogger logger, string address, string reason);

    private sealed record Held(IReadOnlyDictionary<string, VerifyingKey> Keys, DateTimeOffset FreshUntil);

    private sealed class Entry
    {
        private readonly Lock _lock = new();
        private Task? _fetching;
        private DateTimeOffset _begun = DateTimeOffset.MinValue;
        private volatile Held _held = new(new Dictionary<string, VerifyingKey>(), DateTimeOffset.MinValue);

        public Held Held
        {
            get => _held;
            set => _held = value;
        }

        /// <summary>The fetch that is under way, or that begins now; null where the last one began less than a minute ago and is over.</summary>
        public Task? Begin(DateTimeOffset now, Func<Task> fetch)
        {
            lock (_lock)
            {
                if (_fetching is { IsCompleted: false } running)
                {
                    return running;
                }
                if (now < _begun + Floor)
                {
                    return null;
                }
                _begun = now;
                return _fetching = Task.Run(fetch);
            }
        }
    }
}
