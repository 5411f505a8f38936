using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Preferences;
using CustobotGateway.OAuth.Mandates;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>A grant as it is stored, of either kind, with what is known of its client.</summary>
internal sealed class GrantRow
{
    /// <summary>Of <c>identity.grants g</c> left joined with <c>identity.clients c</c>; <c>@callerGrant</c> is the grant of whoever asks.</summary>
    public const string Columns = """
        g.id, g.client_id as clientid, g.person, g.scopes, g.resources, g.mandate::text as mandate, g.details::text as details, g.delegates, g.created_at as createdat,
        g.revoked_at as revokedat, g.expires_at as expiresat, g.paused_at as pausedat, g.time_zone as timezone, g.preferences::text as preferences,
        c.name as clientname, c.created_by as clientorigin, (select o.client_id from identity.grants o where o.id = @callerGrant) as callerclient
        """;

    public const string From = "identity.grants g left join identity.clients c on c.client_id = g.client_id";

    public string Id { get; init; } = "";
    public string ClientId { get; init; } = "";
    public string Person { get; init; } = "";
    public string[]? Scopes { get; init; }
    public string[]? Resources { get; init; }
    public string? Mandate { get; init; }
    public string? Details { get; init; }
    public string[] Delegates { get; init; } = [];
    public DateTime CreatedAt { get; init; }
    public DateTime? RevokedAt { get; init; }
    public DateTime? ExpiresAt { get; init; }
    public DateTime? PausedAt { get; init; }
    public string TimeZone { get; init; } = "UTC";
    public string? Preferences { get; init; }
    public string? ClientName { get; init; }
    public string? ClientOrigin { get; init; }
    public string? CallerClient { get; init; }

    /// <summary>The grant; null if there is none.</summary>
    public static async Task<GrantRow?> FindAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string id, GrantActor actor, CancellationToken cancellationToken) =>
        await connection.QuerySingleOrDefaultAsync<GrantRow?>(new CommandDefinition(
            $"select {Columns} from {From} where g.id = @id", new { id = Storable(id), callerGrant = actor.Caller.GrantId }, transaction, cancellationToken: cancellationToken));

    /// <summary>The grant if the actor has the right, else why not.</summary>
    public static async Task<Outcome<GrantRow>> AllowAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string id, GrantActor actor, GrantRight right, CancellationToken cancellationToken)
    {
        var row = await FindAsync(connection, transaction, id, actor, cancellationToken);
        return GrantAccess.Check(actor, row, right, id) is { } refusal ? refusal : row!;
    }

    /// <summary>Takes the lock that spending takes, then reads the grant. Whoever had it before has committed.</summary>
    public static async Task<Outcome<GrantRow>> LockAsync(NpgsqlTransaction transaction, string id, GrantActor actor, GrantRight right, CancellationToken cancellationToken)
    {
        await LockedGrant.LockAsync(transaction, Storable(id), cancellationToken);
        return await AllowAsync(transaction.Connection!, transaction, id, actor, right, cancellationToken);
    }

    /// <summary>Where it stands.</summary>
    public GrantStatus StatusAt(DateTimeOffset now) =>
        RevokedAt is not null ? GrantStatus.Revoked
        : ExpiresAt <= now.UtcDateTime ? GrantStatus.Expired
        : PausedAt is not null ? GrantStatus.Paused
        : GrantStatus.Active;

    public GrantView ToView(DateTimeOffset now)
    {
        var mandate = Mandate is null ? null : PurchaseMandate.Of(JsonElement.Parse(Mandate));
        return new GrantView(
            Id, new GrantClient(ClientId, ClientName ?? ClientId, ClientOrigin is null ? mandate is not null : ClientOrigin is "seed" or "staff"), Person,
            mandate is null ? Scopes ?? [] : GrantRecognizer.ScopesOf(mandate), Resources ?? [],
            Mandate is not null ? [JsonElement.Parse(Mandate)] : Details is null ? [] : [.. JsonElement.Parse(Details).EnumerateArray()],
            StatusAt(now), Time(CreatedAt)!.Value, Time(ExpiresAt), Time(PausedAt), Time(RevokedAt), TimeZone, ReadPreferences());
    }

    public BuyingPreferences ReadPreferences() =>
        Preferences is null ? BuyingPreferences.None : JsonSerializer.Deserialize<BuyingPreferences>(Preferences, StoredJson.Options)!;

    /// <summary>What can be looked for: NUL is in no id, and PostgreSQL refuses it.</summary>
    public static string Storable(string id) => id.Replace("\0", "", StringComparison.Ordinal);

    internal static DateTimeOffset? Time(DateTime? time) => time is { } known ? new DateTimeOffset(known) : null;
}
