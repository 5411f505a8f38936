using System.Text;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.Clients;

/// <summary>Clients as rows of <c>identity.clients</c>.</summary>
internal static class ClientRows
{
    private const string Columns = """
        client_id as clientid, name, created_by as createdby, enabled, auth_method as authmethod, secret_hashes as secrethashes, jwks::text as jwks, jwks_uri as jwksuri,
        redirect_uris as redirecturis, grant_types as granttypes, scopes, resources, exchange_resources as exchangeresources,
        authorization_details_types as detailtypes, refresh, require_dpop as requiredpop, require_par as requirepar, may_omit_redirect_uri as mayomitredirecturi,
        client_uri as clienturi, test_mode as testmode, application_type as applicationtype, software_id as softwareid, software_version as softwareversion, created_at as createdat
        """;

    /// <summary>The client; null if there is none.</summary>
    public static async Task<ClientRecord?> FindAsync(NpgsqlConnection connection, string clientId, NpgsqlTransaction? transaction, CancellationToken cancellationToken) =>
        (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"select {Columns} from identity.clients where client_id = @clientId", new { clientId }, transaction, cancellationToken: cancellationToken)))?.ToRecord();

    /// <summary>The clients after a cursor, in the order of their ids.</summary>
    public static async Task<IReadOnlyList<ClientRecord>> ListAsync(NpgsqlConnection connection, string? after, int limit, CancellationToken cancellationToken) =>
        [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            $"select {Columns} from identity.clients where client_id > @after order by client_id limit @limit", new { after = after ?? "", limit }, cancellationToken: cancellationToken)))
            .Select(row => row.ToRecord())];

    /// <summary>Stores the client, or all that changed of it; when it was made and by whom stays.</summary>
    public static async Task SaveAsync(NpgsqlTransaction transaction, ClientRecord client, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into identity.clients (client_id, name, created_by, enabled, auth_method, secret_hashes, jwks, jwks_uri, redirect_uris, grant_types, scopes, resources,
                exchange_resources, authorization_details_types, refresh, require_dpop, require_par, may_omit_redirect_uri, client_uri, application_type, software_id,
                software_version, test_mode, created_at, updated_at, used_at)
            values (@ClientId, @Name, @createdBy, @Enabled, @AuthMethod, @secrets, @jwks::jsonb, @JwksUri, @redirectUris, @grantTypes, @scopes, @resources,
                @exchangeResources, @detailTypes, @refresh, @RequireDpop, @RequirePar, @MayOmitRedirectUri, @ClientUri, @ApplicationType, @SoftwareId,
                @SoftwareVersion, @TestMode, @now, @now, @now)
            on conflict (client_id) do update set name = excluded.name, enabled = excluded.enabled, auth_method = excluded.auth_method, secret_hashes = excluded.secret_hashes,
                jwks = excluded.jwks, jwks_uri = excluded.jwks_uri, redirect_uris = excluded.redirect_uris, grant_types = excluded.grant_types, scopes = excluded.scopes,
                resources = excluded.resources, exchange_resources = excluded.exchange_resources, authorization_details_types = excluded.authorization_details_types,
                refresh = excluded.refresh, require_dpop = excluded.require_dpop, require_par = excluded.require_par, may_omit_redirect_uri = excluded.may_omit_redirect_uri,
                client_uri = excluded.client_uri, application_type = excluded.application_type, software_id = excluded.software_id,
                software_version = excluded.software_version, updated_at = excluded.updated_at
            """,
            new
            {
                client.ClientId,
                client.Name,
                createdBy = client.CreatedBy.ToString().ToLowerInvariant(),
                client.Enabled,
                client.AuthMethod,
                secrets = client.Secrets.Select(secret => secret.ToArray()).ToArray(),
                jwks = client.Keys is null ? null : Encoding.UTF8.GetString(client.Keys.ToJson()),
                client.JwksUri,
                redirectUris = client.RedirectUris.ToArray(),
                grantTypes = client.GrantTypes.ToArray(),
                scopes = client.Scopes.Values.ToArray(),
                resources = client.Resources?.ToArray(),
                exchangeResources = client.ExchangeResources?.ToArray(),
                detailTypes = client.AuthorizationDetailsTypes.ToArray(),
                refresh = client.Refresh.ToString().ToLowerInvariant(),
                client.RequireDpop,
                client.RequirePar,
                client.MayOmitRedirectUri,
                client.ClientUri,
                client.ApplicationType,
                client.SoftwareId,
                client.SoftwareVersion,
                client.TestMode,
                now,
            }, transaction, cancellationToken: cancellationToken));

    // Dapper fills it by column name; a constructor it would look for by the types of the columns, and all arrays are of one type there.
    private sealed class Row
    {
        public string ClientId { get; init; } = "";
        public string? Name { get; init; }
        public string CreatedBy { get; init; } = "";
        public bool Enabled { get; init; }
        public string AuthMethod { get; init; } = "";
        public byte[][] SecretHashes { get; init; } = [];
        public string? Jwks { get; init; }
        public string? JwksUri { get; init; }
        public string[] RedirectUris { get; init; } = [];
        public string[] GrantTypes { get; init; } = [];
        public string[] Scopes { get; init; } = [];
        public string[]? Resources { get; init; }
        public string[]? ExchangeResources { get; init; }
        public string[] DetailTypes { get; init; } = [];
        public string Refresh { get; init; } = "";
        public bool RequireDpop { get; init; }
        public bool RequirePar { get; init; }
        public bool MayOmitRedirectUri { get; init; }
        public string? ClientUri { get; init; }
        public bool TestMode { get; init; }
        public string? ApplicationType { get; init; }
        public string? SoftwareId { get; init; }
        public string? SoftwareVersion { get; init; }
        public DateTime CreatedAt { get; init; }

        public ClientRecord ToRecord() => new()
        {
            ClientId = ClientId,
            Name = Name,
            CreatedBy = Enum.Parse<ClientOrigin>(CreatedBy, ignoreCase: true),
            Enabled = Enabled,
            AuthMethod = AuthMethod,
            Secrets = [.. SecretHashes.Select(hash => SecretHash.FromBytes(hash))],
            Keys = Jwks is not null && JwkSet.TryRead(Encoding.UTF8.GetBytes(Jwks), everyKey: false, out var keys, out _) ? keys : null,
            JwksUri = JwksUri,
            RedirectUris = RedirectUris,
            GrantTypes = GrantTypes,
            Scopes = ScopeSet.Of(Scopes),
            Resources = Resources,
            ExchangeResources = ExchangeResources,
            AuthorizationDetailsTypes = DetailTypes,
            Refresh = Enum.Parse<RefreshPolicy>(Refresh, ignoreCase: true),
            RequireDpop = RequireDpop,
            RequirePar = RequirePar,
            MayOmitRedirectUri = MayOmitRedirectUri,
            ClientUri = ClientUri,
            TestMode = TestMode,
            ApplicationType = ApplicationType,
            SoftwareId = SoftwareId,
            SoftwareVersion = SoftwareVersion,
            CreatedAt = new DateTimeOffset(CreatedAt),
        };
    }
}
