using System.Diagnostics;
using CustobotGateway.Identity.TrustedAgents;
using CustobotGateway.MessageSignatures.Verification;
using CustobotGateway.MessageSignatures.WebBotAuth;
using Npgsql;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>Finds the keys of trusted agents: those that are kept with the agents first, then those of their directories.</summary>
internal sealed class KnownAgents(TrustedAgentStore store, KeyDirectories directories, OwnAuthorities own)
{
    // A request that names no agent may be any agent's; beyond this many directories it has to name one.
    private const int MostDirectories = 16;

    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private volatile Table? _table;
    private long _askedAt;

    /// <summary>For requests that come in: directories are fetched where need be.</summary>
    public IKeySource Live => new Source(this, true);

    /// <summary>For what was recorded: nothing is fetched.</summary>
    public IKeySource Recorded => new Source(this, false);

    private Table Current
    {
        get
        {
            var (agents, hosts) = (store.Current, own.Hosts);
            if (_table is not { } table || !ReferenceEquals(table.Agents, agents) || !ReferenceEquals(table.Hosts, hosts))
            {
                // Two at once make the same.
                _table = table = new Table(agents, hosts);
            }
            return table;
        }
    }

    private ValueTask<KnownKey?> FindAsync(SignatureCandidate candidate, bool mayFetch, CancellationToken cancellationToken) =>
        FindKept(Current, candidate) is { } known ? new(known) : FindElsewhereAsync(candidate, mayFetch, cancellationToken);

    // One key of two agents is that of the one who is named.
    private static KnownKey? FindKept(Table table, SignatureCandidate candidate) =>
        table.Keys.TryGetValue(candidate.KeyId, out var known) ? known.Find(key => Names(candidate, key.Owner)) ?? known[0] : null;

    private async ValueTask<KnownKey?> FindElsewhereAsync(SignatureCandidate candidate, bool mayFetch, CancellationToken cancellationToken)
    {
        if (MayAsk())
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            try
            {
                // An agent that was added elsewhere a moment ago is known with its first request, and not only with the next look at the versions.
                await store.WhenChangedAsync(patience.Token);
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // What is in memory serves on.
            }
        }
        var table = Current;
        return FindKept(table, candidate) ?? (table.WithDirectory.Count == 0 ? null : await FetchAsync(table, candidate, mayFetch, cancellationToken));
    }

    // Strangers may name as many keys as they like.
    private bool MayAsk()
    {
        var (now, before) = (Stopwatch.GetTimestamp(), Interlocked.Read(ref _askedAt));
        return Stopwatch.GetElapsedTime(before, now) > AskEvery && Interlocked.CompareExchange(ref _askedAt, now, before) == before;
    }

    private async ValueTask<KnownKey?> FetchAsync(Table table, SignatureCandidate candidate, bool mayFetch, CancellationToken cancellationToken)
    {
        foreach (var (agent, hosts) in table.WithDirectory.Where(one => candidate.Agents.Count == 0 || Names(candidate, one.Agent.Agent) || candidate.Agents.Any(named => named.Uri == one.Agent.Directory)).Take(MostDirectories))
        {
            if (await directories.FindAsync(agent.Directory!, candidate.KeyId, mayFetch, cancellationToken) is { } key)
            {
                return new KnownKey(key, agent.Agent, hosts);
            }
        }
        return null;
    }

    private static bool Names(SignatureCandidate candidate, string agent)
    {
        var host = OwnAuthorities.Plain(agent.TrimEnd('/'));
        return candidate.Agents.Any(named => OwnAuthorities.Plain(named.Uri.TrimEnd('/')) == host);
    }

    private sealed class Source(KnownAgents agents, bool mayFetch) : IKeySource
    {
        public ValueTask<KnownKey?> FindAsync(SignatureCandidate candidate, CancellationToken cancellationToken) => agents.FindAsync(candidate, mayFetch, cancellationToken);
    }

    private sealed class Table
    {
        public Table(IReadOnlyList<TrustedAgent> agents, IReadOnlyCollection<string> hosts)
        {
            (Agents, Hosts) = (agents, hosts);
            foreach (var agent in agents)
            {
                IReadOnlyCollection<string> allowed = agent.Authority.Length == 0 ? hosts : [.. hosts.Append(OwnAuthorities.Plain(agent.Authority)).Distinct()];
                if (agent.Directory is not null)
                {
                    WithDirectory.Add((agent, allowed));
                }
                if (!KeyDirectory.TryRead(agent.Keys, out var keys, out _))
                {
                    continue;
                }
                foreach (var key in keys)
                {
                    if (!Keys.TryGetValue(key.Thumbprint, out var known))
                    {
                        Keys[key.Thumbprint] = known = [];
                    }
                    known.Add(new KnownKey(key, agent.Agent, allowed));
                }
            }
        }

        public IReadOnlyList<TrustedAgent> Agents { get; }

        public IReadOnlyCollection<string> Hosts { get; }

        public Dictionary<string, List<KnownKey>> Keys { get; } = new(StringComparer.Ordinal);

        public List<(TrustedAgent Agent, IReadOnlyCollection<string> Hosts)> WithDirectory { get; } = [];
    }
}
