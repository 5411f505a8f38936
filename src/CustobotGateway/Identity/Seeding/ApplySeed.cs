using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.Identity.Clients;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Identity.People;
using CustobotGateway.Identity.TrustedAgents;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Dapper;
using Npgsql;
using Grant = CustobotGateway.OAuth.Grants.Grant;

namespace CustobotGateway.Identity.Seeding;

/// <summary>
/// Brings what a seed file lists into the database: all of it or, where anything is at fault, nothing. Applied again it finds everything as it is and
/// answers the same ids; what the file says otherwise than before is changed to it.
/// </summary>
public sealed class ApplySeed(NpgsqlDataSource database, ServerPolicySource policies, Passwords passwords, GrantEnding ending, TrustedAgentStore trusted, TimeProvider clock)
{
    private const string Actor = "seed";
    private const long AdvisoryLock = 0x53454544;

    /// <summary>The ids of what a seed lists, in its order.</summary>
    public sealed record Seeded(
        IReadOnlyList<SeededPerson> People, IReadOnlyList<SeededClient> Clients, IReadOnlyList<SeededResource> Resources, IReadOnlyList<SeededDelegation> Delegations,
        IReadOnlyList<SeededAgent> TrustedAgents);

    /// <summary>An account.</summary>
    public sealed record SeededPerson(string Email, string Id);

    /// <summary>A client.</summary>
    public sealed record SeededClient(string ClientId);

    /// <summary>A resource.</summary>
    public sealed record SeededResource(string Resource);

    /// <summary>A delegation.</summary>
    public sealed record SeededDelegation(string Person, string PersonId, string ClientId, string GrantId);

    /// <summary>A trusted agent.</summary>
    public sealed record SeededAgent(string Agent, string Authority, string Id);

    /// <summary>Applies it.</summary>
    public async Task<Outcome<Seeded>> RunAsync(SeedFile seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(seed);
        await policies.ReadAsync(cancellationToken);
        var policy = policies.Current;
        if (new SeedFaults([.. policy.DetailTypes.Select(type => type.Name)]).Find(seed) is { Count: > 0 } faults)
        {
            return CommonProblems.InvalidRequest.With(faults[0].Detail, faults);
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("select pg_advisory_xact_lock(@AdvisoryLock)", new { AdvisoryLock }, transaction);
        if (await MarkProduction.IsMarkedAsync(connection, cancellationToken))
        {
            return CommonProblems.Forbidden.With("Seeding is refused: a gateway has served from this database in production mode.");
        }
        var people = new List<SeededPerson>();
        foreach (var person in seed.People)
        {
            people.Add(new(person.Email, await PersonAsync(transaction, person, cancellationToken)));
        }
        foreach (var resource in seed.Resources)
        {
            await ResourceAsync(transaction, resource, policy, cancellationToken);
        }
        var clients = new Dictionary<string, ClientRecord>(StringComparer.Ordinal);
        foreach (var client in seed.Clients)
        {
            clients[client.ClientId] = await ClientAsync(transaction, client, seed, policy, cancellationToken);
        }
        var delegations = new List<SeededDelegation>();
        foreach (var (i, delegation) in seed.Delegations.Index())
        {
            var outcome = await DelegationAsync(transaction, $"/delegations/{i}", delegation, clients, policy, cancellationToken);
            if (!outcome.Succeeded)
            {
                return outcome.Problem!;
            }
            delegations.Add(outcome.Value);
        }
        var agents = new List<SeededAgent>();
        foreach (var agent in seed.TrustedAgents)
        {
            agents.Add(new(agent.Agent, agent.Authority, await AgentAsync(transaction, agent, cancellationToken)));
        }
        await transaction.CommitAsync(cancellationToken);
        return new Seeded(people, [.. seed.Clients.Select(client => new SeededClient(client.ClientId))],
            [.. seed.Resources.Select(resource => new SeededResource(ClientRecord.Resolve(resource.Resource, policy.Issuer)))], delegations, agents);
    }

    private async Task<string> PersonAsync(NpgsqlTransaction transaction, SeedPerson seeded, CancellationToken cancellationToken)
    {
        StaffRole[] roles = [.. (seeded.Roles ?? []).Select(name => StaffRoles.Find(name)!.Value).Distinct().Order()];
        if (await FindPerson.StoredByEmailAsync(transaction.Connection!, seeded.Email, cancellationToken) is not { } stored)
        {
            return (await CreatePerson.RunAsync(transaction, seeded.Email, passwords.Hash(seeded.Password), roles, Actor, clock, cancellationToken))!.Id;
        }
        if (await passwords.CheckAsync(stored.PasswordHash, seeded.Password, cancellationToken) == PasswordCheck.Wrong)
        {
            await ChangePassword.RunAsync(transaction, ending, stored.Person.Id, passwords.Hash(seeded.Password), Actor, clock, cancellationToken);
        }
        await ChangeRoles.RunAsync(transaction, stored.Person.Id, roles, Actor, clock, cancellationToken);
        return stored.Person.Id;
    }

    private async Task ResourceAsync(NpgsqlTransaction transaction, SeedResource seeded, ServerPolicy policy, CancellationToken cancellationToken)
    {
        var kept = ClientRecord.Keep(seeded.Resource, policy.Issuer);
        var scopes = ScopeSet.Of(seeded.Scopes ?? []);
        var known = await transaction.Connection!.QuerySingleOrDefaultAsync<string[]?>(new CommandDefinition(
            "select scopes from identity.resources where resource = @kept", new { kept }, transaction, cancellationToken: cancellationToken));
        if (known is null || !ScopeSet.Of(known).Equals(scopes))
        {
            await ServerPolicySource.SaveResourceAsync(transaction, kept, scopes, clock.GetUtcNow(), cancellationToken);
        }
    }

    private async Task<ClientRecord> ClientAsync(NpgsqlTransaction transaction, SeedClient seeded, SeedFile seed, ServerPolicy policy, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var before = await ClientRows.FindAsync(transaction.Connection!, seeded.ClientId, transaction, cancellationToken);
        var grants = SeedFaults.GrantsOf(seeded);
        var resources = seeded.Resources?.Select(resource => ClientRecord.Keep(resource, policy.Issuer)).ToList();
        var client = new ClientRecord
        {
            ClientId = seeded.ClientId,
            Name = before?.Name,
            CreatedBy = ClientOrigin.Seed,
            AuthMethod = SeedFaults.MethodOf(seeded),
            Secrets = seeded.ClientSecret is null ? [] : [SecretHash.Of(seeded.ClientSecret)],
            Keys = seeded.Jwks is { } jwks && JwkSet.TryRead(JsonSerializer.SerializeToUtf8Bytes(jwks), everyKey: true, out var keys, out _) ? keys : null,
            RedirectUris = seeded.RedirectUris,
            GrantTypes = grants,
            Scopes = seeded.Scopes is null ? ScopesOf(resources, seed, policy) : ScopeSet.Of(seeded.Scopes),
            Resources = resources,
            // The form has no list of targets of its own: whoever may exchange tokens may do so for the resources that it may ask for.
            ExchangeResources = !grants.Contains(GrantTypes.TokenExchange) ? null
                : resources ?? [.. policy.Resources.Select(resource => ClientRecord.Keep(resource.Identifier, policy.Issuer)), .. seed.Resources.Select(resource => ClientRecord.Keep(resource.Resource, policy.Issuer))],
            AuthorizationDetailsTypes = seeded.AuthorizationDetailsTypes,
            Refresh = seeded.Refresh == "static" ? RefreshPolicy.Static : RefreshPolicy.Rotate,
            RequireDpop = seeded.RequireDpop,
            RequirePar = seeded.RequirePar,
            CreatedAt = before?.CreatedAt ?? now,
        };
        if (before is null || !IsSame(before, client))
        {
            await ClientStore.SaveAsync(transaction, client, Actor, now, cancellationToken);
        }
        return client;
    }

    private static ScopeSet ScopesOf(List<string>? resources, SeedFile seed, ServerPolicy policy) => policy.Resources
        .Concat(seed.Resources.Select(resource => new ProtectedResource(ClientRecord.Resolve(resource.Resource, policy.Issuer), ScopeSet.Of(resource.Scopes ?? []))))
        .Where(resource => resources is null || resources.Any(kept => ClientRecord.Resolve(kept, policy.Issuer) == resource.Identifier))
        .Aggregate(ScopeSet.Empty, (all, resource) => all.Union(resource.Scopes));

    // Lists are compared by what is in them: a record's own equality compares them as objects.
    private static bool IsSame(ClientRecord before, ClientRecord after) => Fingerprint(before) == Fingerprint(after);

    private static string Fingerprint(ClientRecord client) => JsonSerializer.Serialize(new
    {
        client.CreatedBy,
        client.Enabled,
        client.AuthMethod,
        secrets = client.Secrets.Select(secret => Convert.ToHexString(secret.Bytes)),
        keys = client.Keys is null ? null : Convert.ToBase64String(client.Keys.ToJson()),
        client.RedirectUris,
        client.GrantTypes,
        scopes = client.Scopes.ToString(),
        client.Resources,
        client.ExchangeResources,
        client.AuthorizationDetailsTypes,
        client.Refresh,
        client.RequireDpop,
        client.RequirePar,
    });

    private async Task<Outcome<SeededDelegation>> DelegationAsync(
        NpgsqlTransaction transaction, string at, SeedDelegation seeded, Dictionary<string, ClientRecord> clients, ServerPolicy policy, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        if ((await FindPerson.StoredByEmailAsync(connection, seeded.Person, cancellationToken))?.Person is not { } person)
        {
            return Refused($"{at}/person", "unknown_value", $"There is no person {seeded.Person}.");
        }
        if ((clients.GetValueOrDefault(seeded.ClientId) ?? await ClientRows.FindAsync(connection, seeded.ClientId, transaction, cancellationToken)) is not { } record)
        {
            return Refused($"{at}/client_id", "unknown_value", $"There is no client {seeded.ClientId}.");
        }
        var client = record.ToClient(policy, JwkSet.Empty);
        var scopes = seeded.Scopes is null ? client.DefaultScopes : ScopeSet.Of(seeded.Scopes);
        if (!scopes.IsWithin(client.Scopes))
        {
            return Refused($"{at}/scopes", "invalid", $"The client {seeded.ClientId} has not all of these scopes.");
        }
        AuthorizationDetails? details = null;
        if (seeded.AuthorizationDetails is { ValueKind: not JsonValueKind.Null } asked && !(asked.ValueKind == JsonValueKind.Array && asked.GetArrayLength() == 0)
            && !AuthorizationDetails.Read(asked.GetRawText(), policy.TypesFor(client), clock.GetUtcNow()).TryGet(out details, out var error))
        {
            return Refused($"{at}/authorization_details", "invalid", error.Description);
        }
        for (var i = 0; i < (seeded.Delegates?.Count ?? 0); i++)
        {
            if (!clients.ContainsKey(seeded.Delegates![i]) && await ClientRows.FindAsync(connection, seeded.Delegates[i], transaction, cancellationToken) is null)
            {
                return Refused($"{at}/delegates/{i}", "unknown_value", $"There is no client {seeded.Delegates[i]}.");
            }
        }
        var resources = record.Resources is null ? policy.DefaultFor(client) : [.. record.Resources.Select(resource => ClientRecord.Resolve(resource, policy.Issuer))];
        var grant = await FindAsync(transaction, person.Id, seeded.ClientId, scopes, details, cancellationToken)
            ?? (await Grants.CreateAsync(transaction, new Grant
            {
                GrantId = "",
                ClientId = seeded.ClientId,
                Subject = person.Id,
                Scopes = scopes,
                Resources = resources,
                Details = details,
            }, Actor, clock, cancellationToken)).GrantId;
        string[] delegates = [.. seeded.Delegates ?? []];
        await connection.ExecuteAsync(new CommandDefinition(
            "update identity.grants set delegates = @delegates where id = @grant and delegates <> @delegates", new { grant, delegates }, transaction, cancellationToken: cancellationToken));
        return new SeededDelegation(seeded.Person, person.Id, seeded.ClientId, grant);
    }

    /// <summary>The grant that an earlier run made, which differs from what is asked only by the ids that the server gave its mandates.</summary>
    private static async Task<string?> FindAsync(
        NpgsqlTransaction transaction, string personId, string clientId, ScopeSet scopes, AuthorizationDetails? details, CancellationToken cancellationToken)
    {
        var rows = await transaction.Connection!.QueryAsync<(string Id, string? Details)>(new CommandDefinition("""
            select g.id, (select jsonb_agg(element - 'mandate_id' order by n)::text from jsonb_array_elements(g.details) with ordinality as d(element, n))
            from identity.grants g where g.person = @personId and g.client_id = @clientId and g.revoked_at is null and g.scopes = @scopes
                and exists (select from common.events e where e.stream = g.id and e.version = 1 and e.actor = @Actor)
            order by g.created_at, g.id
            """, new { personId, clientId, scopes = scopes.Values.ToArray(), Actor }, transaction, cancellationToken: cancellationToken));
        JsonElement? wanted = details is null ? null : JsonElement.Parse(details.ToString());
        return rows.Where(row => row.Details is null ? wanted is null : wanted is { } some && JsonElement.DeepEquals(JsonElement.Parse(row.Details), some))
            .Select(row => row.Id).FirstOrDefault();
    }

    private async Task<string> AgentAsync(NpgsqlTransaction transaction, SeedTrustedAgent seeded, CancellationToken cancellationToken) =>
        (await trusted.SaveAsync(transaction, seeded.Agent, seeded.Authority, JsonSerializer.SerializeToElement(new { keys = seeded.Keys }), null, Actor, cancellationToken)).Agent.Id;

    private static Problem Refused(string pointer, string code, string detail) => CommonProblems.InvalidRequest.With(detail, [new(pointer, code, detail)]);
}
