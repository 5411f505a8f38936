using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Messages;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.People;

/// <summary>What people do not want to be asked again. Only where nobody else could be answering: never by default.</summary>
internal sealed class RememberedConsents(NpgsqlDataSource database)
{
    /// <summary>
    /// Whether such a consent may be remembered: of a client that the shop registered, whose answer goes to a web address that belongs to it, without any
    /// mandate. A loopback address or a private scheme is whoever listens there (RFC 8252 §8.6), and each mandate is a decision of its own.
    /// </summary>
    public static bool MayRemember(Client client, AuthorizationRequest request) =>
        client.IsVerified && request.Details is null && request.RedirectUri.StartsWith("https://", StringComparison.Ordinal) && !request.Scopes.Contains("offline_access");

    /// <summary>True if the person consented to all of it before and wanted not to be asked again.</summary>
    public async Task<bool> CoversAsync(string personId, AuthorizationRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition("""
            select exists (select from identity.consents where person_id = @personId and client_id = @ClientId and redirect_uri = @RedirectUri
                and scopes @> @scopes and resources @> @resources)
            """,
            new { personId, request.ClientId, request.RedirectUri, scopes = request.Scopes.Values.ToArray(), resources = request.Resources.ToArray() },
            cancellationToken: cancellationToken));
    }

    public static Task AddAsync(NpgsqlTransaction transaction, string personId, AuthorizationRequest request, DateTimeOffset now, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into identity.consents (person_id, client_id, redirect_uri, scopes, resources, at) values (@personId, @ClientId, @RedirectUri, @scopes, @resources, @now)
            on conflict (person_id, client_id, redirect_uri) do update set scopes = excluded.scopes, resources = excluded.resources, at = excluded.at
            """,
            new { personId, request.ClientId, request.RedirectUri, scopes = request.Scopes.Values.ToArray(), resources = request.Resources.ToArray(), now },
            transaction, cancellationToken: cancellationToken));
}
