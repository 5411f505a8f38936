using CustobotGateway.Identity.TrustedAgents;
using CustobotGateway.MessageSignatures.Verification;
using CustobotGateway.MessageSignatures.WebBotAuth;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>Finds the keys of trusted agents: those that are kept with the agents first, then those of their directories.</summary>
internal sealed class KnownAgents(TrustedAgentStore store, KeyDirectories directories, OwnAuthorities own)
{
    // A request that names no agent may be any agent's; beyond this many directories it has to name one.
    private const int MostDirectories = 16;

    private volatile Table? _table;

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

    private ValueTask<KnownKey?> FindAsync(SignatureCandidate candidate, bool mayFetch, CancellationToken cancellationToken)
    {
        var table = Current;
        if (table.Keys.TryGetValue(candidate.KeyId, out var known))
        {
            // One key of two agents is that of the one who is named.
            return new(known.Find(key => Names(candidate, key.Owner)) ?? known[0]);
        }
        return table.WithDirectory.Count == 0 ? new((KnownKey?)null) : FetchAsync(table, candidate, mayFetch, cancellationToken);
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
