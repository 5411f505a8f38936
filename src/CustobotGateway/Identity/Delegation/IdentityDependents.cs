using System.Globalization;
using CustobotGateway.Common.Pages;
using CustobotGateway.Identity.AuthorizationServer;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>What of identity itself ends with a grant: its tokens, codes and approvals.</summary>
internal sealed class IdentityDependents(AuthorizationServerOptions options) : IGrantDependents
{
    public async ValueTask<IReadOnlyList<GrantDependent>> ListAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string grantId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<(string Kind, string Id, string? About, DateTime? ExpiresAt)>(new CommandDefinition("""
            select 'access_token', g.id, null, case when g.mandate is null then least(@lastToken, g.expires_at) else g.expires_at end
            from identity.grants g where g.id = @grantId
            union all
            select 'refresh_token', f.id, null, max(t.expires_at) from identity.refresh_families f join identity.refresh_tokens t on t.family_id = f.id
            where f.grant_id = @grantId and f.revoked_at is null and f.expires_at > @now and t.consumed_at is null and t.expires_at > @now group by f.id
            union all
            select 'authorization_code', left(encode(c.hash, 'hex'), 16), c.redirect_uri, c.expires_at
            from identity.codes c where c.grant_id = @grantId and c.consumed_at is null and c.expires_at > @now
            union all
            select 'device_code', d.user_code, null, d.expires_at from identity.device_requests d where d.grant_id = @grantId and d.state = 'approved' and d.expires_at > @now
            union all
            select 'approval', a.id, a.currency || ' ' || a.amount, a.expires_at
            from identity.approvals a where a.grant_id = @grantId and a.state in ('pending', 'approved') and a.expires_at > @now
            """, new { grantId, now, lastToken = now.AddSeconds(options.AccessTokenSeconds) }, transaction, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new GrantDependent(row.Kind, row.Id, LabelOf(row.Kind, row.About), GrantRow.Time(row.ExpiresAt)))];
    }

    // Tokens and codes of many grants are ended by who ends the grants.
    public async ValueTask<IEnumerable<string>> WithDependentsAsync(NpgsqlTransaction transaction, string[] grantIds, CancellationToken cancellationToken) =>
        await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            "select distinct grant_id from identity.approvals where grant_id = any(@grantIds) and state in ('pending', 'approved')", new { grantIds }, transaction, cancellationToken: cancellationToken));

    public async Task EndAsync(NpgsqlTransaction transaction, string grantId, string actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await Grants.EndAsync(transaction, grantId, now, cancellationToken);
        await Approvals.EndOfGrantAsync(transaction, grantId, actor, now, cancellationToken);
    }

    private static string LabelOf(string kind, string? about) => kind switch
    {
        "access_token" => "Every access token: the last of them would be valid until then",
        "refresh_token" => "The connection that renews access tokens",
        "authorization_code" => $"A login that {about} has not finished",
        "device_code" => "A device that has not finished its login",
        _ => $"A purchase of {Written.Amount(long.Parse(about![4..], CultureInfo.InvariantCulture), about[..3])} that waits for approval, or was approved and not made",
    };
}
