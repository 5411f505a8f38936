using CustobotGateway.Common.Http;
using CustobotGateway.Identity.Clients;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Messages;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>What this server knows and offers: the gateway's own resources, those of the table, and the types of authorization details.</summary>
public sealed class ServerPolicySource(NpgsqlDataSource database, PublicUrl publicUrl, AuthorizationServerOptions options, DetailType mandates) : IHeldInMemory
{
    private volatile IReadOnlyList<(string Resource, ScopeSet Scopes)> _others = [];
    private volatile ServerPolicy? _current;

    /// <inheritdoc/>
    string IHeldInMemory.Name => SharedVersions.Resources;

    /// <summary>The server's identifier.</summary>
    public string Issuer => publicUrl.Base;

    /// <summary>The policy; the same object until something of it changes.</summary>
    public ServerPolicy Current => _current is { } known && ReferenceEquals(known.Issuer, publicUrl.Base) ? known : _current = Make();

    /// <summary>Adds a resource, or changes its scopes, in the caller's transaction. It is offered everywhere within a second of the commit.</summary>
    /// <param name="transaction">The caller's.</param>
    /// <param name="resource">Absolute, or a path under the issuer.</param>
    /// <param name="scopes">What tokens for it may allow.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task SaveResourceAsync(NpgsqlTransaction transaction, string resource, ScopeSet scopes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(scopes);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into identity.resources (resource, scopes, created_at) values (@resource, @scopes, @now)
            on conflict (resource) do update set scopes = excluded.scopes
            """, new { resource, scopes = scopes.Values.ToArray(), now }, transaction, cancellationToken: cancellationToken));
        await SharedVersions.CountAsync(transaction, SharedVersions.Resources, cancellationToken);
    }

    /// <summary>Reads the table.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<(string Resource, string[] Scopes)>(new CommandDefinition(
            "select resource, scopes from identity.resources order by created_at, resource", cancellationToken: cancellationToken))).AsList();
        List<(string Resource, ScopeSet Scopes)> others = [.. rows.Select(row => (row.Resource, ScopeSet.Of(row.Scopes)))];
        if (!others.SequenceEqual(_others))
        {
            _others = others;
            _current = null;
        }
    }

    private ServerPolicy Make()
    {
        var issuer = publicUrl.Base;
        var resources = GatewayScopes.Paths.Select(path => new ProtectedResource(issuer + path, GatewayScopes.All)).ToList();
        foreach (var (kept, scopes) in _others)
        {
            var identifier = ClientRecord.Resolve(kept, issuer);
            var own = resources.FindIndex(resource => resource.Identifier == identifier);
            if (own < 0)
            {
                resources.Add(new ProtectedResource(identifier, scopes));
            }
            else
            {
                // What the gateway itself protects keeps its scopes; more may be added for what stands behind it.
                resources[own] = resources[own] with { Scopes = resources[own].Scopes.Union(scopes) };
            }
        }
        return new ServerPolicy
        {
            Issuer = issuer,
            Resources = resources,
            DefaultResource = issuer + GatewayScopes.RestPath,
            DetailTypes = [mandates],
            RequiresPushedRequests = options.RequirePushedRequests,
        };
    }
}
