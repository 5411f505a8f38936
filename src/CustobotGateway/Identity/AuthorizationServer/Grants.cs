using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.OAuth.Mandates;
using CustobotGateway.OAuth.Messages;
using Dapper;
using Npgsql;
using Grant = CustobotGateway.OAuth.Grants.Grant;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>What people granted clients, from which codes, refresh tokens and access tokens come.</summary>
public static class Grants
{
    /// <summary>Stores a grant in the caller's transaction, with an id for each mandate. The answer is the grant as it is stored.</summary>
    /// <param name="transaction">The caller's.</param>
    /// <param name="grant">What the person granted; its id may be empty, then it gets one.</param>
    /// <param name="actor">Who granted it: the person, or who acts for it.</param>
    /// <param name="clock">Time and ids.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="expiresAt">From then on nothing more comes from it; null for until it is revoked.</param>
    /// <param name="delegates">The clients that may exchange its tokens besides its own.</param>
    /// <param name="timeZone">Where the days of its mandates begin (IANA).</param>
    public static async Task<Grant> CreateAsync(
        NpgsqlTransaction transaction, Grant grant, string actor, TimeProvider clock, CancellationToken cancellationToken, DateTimeOffset? expiresAt = null,
        IReadOnlyList<string>? delegates = null, string timeZone = "UTC")
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(grant);
        var now = clock.GetUtcNow();
        grant = WithMandateIds(grant.GrantId.Length > 0 ? grant : grant with { GrantId = Ids.New("grt", clock) }, clock);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into identity.grants (id, client_id, person, scopes, resources, details, authenticated_at, acr, delegates, created_at, expires_at, time_zone)
            values (@GrantId, @ClientId, @Subject, @scopes, @resources, @details::jsonb, @AuthenticatedAt, @AuthenticationContext, @delegates, @now, @expiresAt, @timeZone)
            """,
            new
            {
                grant.GrantId,
                grant.ClientId,
                grant.Subject,
                scopes = grant.Scopes.Values.ToArray(),
                resources = grant.Resources.ToArray(),
                details = grant.Details?.ToString(),
                grant.AuthenticatedAt,
                grant.AuthenticationContext,
                delegates = delegates?.ToArray() ?? [],
                now,
                expiresAt,
                timeZone,
            }, transaction, cancellationToken: cancellationToken));
        await EventLog.AppendAsync(transaction, grant.GrantId, actor, now,
            new GrantGiven(grant.ClientId, grant.Subject, grant.Scopes.Values, grant.Resources, grant.Details is { } details ? JsonElement.Parse(details.ToString()) : null),
            cancellationToken);
        return grant;
    }

    /// <summary>A grant that lives; null if there is none.</summary>
    public static async Task<Grant?> FindAsync(NpgsqlConnection connection, string grantId, ServerPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"select {GrantRows.Columns} from identity.grants g where g.id = @grantId and g.scopes is not null and {GrantRows.Lives}",
            new { grantId, now }, cancellationToken: cancellationToken));
        return row is null ? null : GrantRows.Read(policy, row.GrantId, row.ClientId, row.Person, row.Scopes, row.Resources, row.Details, row.AuthenticatedAt, row.Acr);
    }

    /// <summary>
    /// Locks the grant against its revocation until the caller's transaction ends, so that either what comes from it is revoked with it or it is not made; false
    /// if it does not live any more.
    /// </summary>
    public static async Task<bool> HoldAsync(NpgsqlTransaction transaction, string grantId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return await transaction.Connection!.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            $"select g.id from identity.grants g where g.id = @grantId and {GrantRows.Lives} for share", new { grantId, now }, transaction, cancellationToken: cancellationToken)) is not null;
    }

    /// <summary>Ends the codes, device codes and refresh families of a grant, in the transaction that revokes it.</summary>
    internal static Task EndAsync(NpgsqlTransaction transaction, string grantId, DateTimeOffset now, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            update identity.codes set consumed_at = @now where grant_id = @grantId and consumed_at is null;
            update identity.device_requests set state = 'consumed' where grant_id = @grantId and state = 'approved';
            update identity.refresh_families set revoked_at = @now where grant_id = @grantId and revoked_at is null
            """, new { grantId, now }, transaction, cancellationToken: cancellationToken));

    private static Grant WithMandateIds(Grant grant, TimeProvider clock)
    {
        var details = grant.Details;
        for (var i = 0; i < (details?.Elements.Count ?? 0); i++)
        {
            var element = details!.Elements[i];
            if (element.GetProperty("type").ValueEquals(PurchaseMandate.TypeName) && !element.TryGetProperty(PurchaseMandateType.MandateId, out _))
            {
                details = details.With(i, PurchaseMandateType.MandateId, Ids.New("mdt", clock));
            }
        }
        return grant with { Details = details };
    }

    // Dapper fills it by column name; a constructor it would look for by the types of the columns, and all arrays are of one type there.
    private sealed class Row
    {
        public string GrantId { get; init; } = "";
        public string ClientId { get; init; } = "";
        public string Person { get; init; } = "";
        public string[] Scopes { get; init; } = [];
        public string[] Resources { get; init; } = [];
        public string? Details { get; init; }
        public DateTime? AuthenticatedAt { get; init; }
        public string? Acr { get; init; }
    }
}

/// <summary>A person granted a client scopes for resources, and perhaps mandates.</summary>
public sealed record GrantGiven(
    string ClientId, string Person, IReadOnlyList<string> Scopes, IReadOnlyList<string> Resources, JsonElement? AuthorizationDetails) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "grant.given";
}
