using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Webhooks;

/// <summary>Why nothing is sent to an endpoint.</summary>
public enum DisabledReason
{
    /// <summary>Its owner, or the merchant, wants it so.</summary>
    Asked,

    /// <summary>It answered 410: it does not want to be told any more.</summary>
    Gone,

    /// <summary>Nothing arrived for days.</summary>
    Failing,

    /// <summary>The grant whose events it was told of has ended.</summary>
    GrantEnded,
}

/// <summary>Where events are told, and which.</summary>
/// <param name="Id"><c>whe_…</c></param>
/// <param name="Url">The address that is posted to.</param>
/// <param name="Events"><c>*</c>, families such as <c>order.*</c>, types such as <c>return.decided</c>.</param>
/// <param name="Description">What its owner calls it, or null.</param>
/// <param name="Disabled">Whether nothing is sent; then <paramref name="DisabledReason"/> says why.</param>
/// <param name="DisabledReason">Why; null where it is enabled.</param>
/// <param name="ClientId">Whose events it is told of; null for the merchant's endpoint, which is told of all.</param>
/// <param name="GrantId">The one grant whose events it is told of; null for all of the client's.</param>
/// <param name="FailingSince">Since when nothing arrived; null where the last attempt did.</param>
/// <param name="OldSecretUntil">Until when the secret before the last rotation signs, too; null where it does not.</param>
/// <param name="CreatedAt">When it was made. It is told of what happened after.</param>
/// <param name="Secret"><c>whsec_…</c>, with which deliveries are verified. In the answer to creating and rotating, and nowhere else: keep it.</param>
public sealed record WebhookEndpoint(
    string Id, string Url, IReadOnlyList<string> Events, string? Description, bool Disabled, DisabledReason? DisabledReason, string? ClientId, string? GrantId,
    DateTimeOffset? FailingSince, DateTimeOffset? OldSecretUntil, DateTimeOffset CreatedAt, string? Secret = null)
{
    /// <summary>What is stored so that a repetition gets the same answer: all but the secret.</summary>
    internal static WebhookEndpoint WithoutSecret(WebhookEndpoint endpoint) => endpoint with { Secret = null };
}

/// <summary>Whose endpoints a caller's are. Whoever acts under a grant is told of that grant alone: many people's agents may share one client.</summary>
internal sealed record EndpointOwner(bool IsMerchant, string? ClientId, string? GrantId, bool IsTest)
{
    public static EndpointOwner Of(AgentPrincipal agent) => agent.IsAdministrator ? new(true, null, null, false) : new(false, agent.ClientId, agent.GrantId, agent.IsTest);

    /// <summary>Holds for the endpoints that the caller may see and change: the merchant all, a client its own.</summary>
    public const string Sees = "(is_test = @IsTest and (@IsMerchant or (client_id = @ClientId and (@GrantId::text is null or grant_id = @GrantId))))";

    /// <summary>Holds for the endpoints that are the caller's own, and whose secret it may know.</summary>
    public const string Owns = "(is_test = @IsTest and case when @IsMerchant then client_id is null else client_id = @ClientId and (@GrantId::text is null or grant_id = @GrantId) end)";
}

// Columns are aliased without underscores, since Dapper matches constructor parameters by name.
internal sealed record EndpointRow(
    string Id, string Url, string Patterns, string? Description, bool Enabled, string? DisabledReason, string? ClientId, string? GrantId, DateTime? FailingSince, DateTime? OldSecretUntil, DateTime CreatedAt)
{
    public const string Columns = """
        id, url, array_to_string(events, ' ') as patterns, description, enabled, disabled_reason as disabledreason, client_id as clientid, grant_id as grantid, failing_since as failingsince,
        old_secret_until as oldsecretuntil, created_at as createdat
        """;

    /// <summary>No pattern holds a space.</summary>
    public string[] Events => Patterns.Split(' ');

    public WebhookEndpoint ToEndpoint(DateTimeOffset now) => new(
        Id, Url, Events, Description, !Enabled, DisabledReason is null ? null : Enum.Parse<DisabledReason>(DisabledReason), ClientId, GrantId, FailingSince is { } since ? new DateTimeOffset(since) : null,
        OldSecretUntil is { } until && until > now.UtcDateTime ? new DateTimeOffset(until) : null, new DateTimeOffset(CreatedAt));

    /// <summary>How a row is locked that is to go: deliveries that are being added to it meanwhile come first, or not at all.</summary>
    public const string ForDeletion = "for update";

    /// <summary>An endpoint that the caller may see; locked, where there is a transaction.</summary>
    public static Task<EndpointRow?> FindAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string id, AgentPrincipal agent, CancellationToken cancellationToken, string may = EndpointOwner.Sees, string locked = "for no key update")
    {
        var owner = EndpointOwner.Of(agent);
        return connection.QuerySingleOrDefaultAsync<EndpointRow?>(new CommandDefinition(
            $"select {Columns} from webhooks.endpoints where id = @id and {may}{(transaction is null ? "" : " " + locked)}",
            new { id = id.Replace("\0", "", StringComparison.Ordinal), owner.IsMerchant, owner.ClientId, owner.GrantId, owner.IsTest }, transaction, cancellationToken: cancellationToken));
    }

    public static Problem NotFound(string id) => WebhookProblems.EndpointNotFound.With($"There is no webhook endpoint {id} of yours.", remedy: new Remedy("List your endpoints.", "/v1/webhook_endpoints"));
}
