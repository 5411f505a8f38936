using System.Text.Json;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Storage;
using CustobotGateway.OAuth.Tokens;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>A device's request that waits for a person, with what it asks for.</summary>
/// <param name="Device">The request.</param>
/// <param name="Asked">What it asks for.</param>
public sealed record PendingDevice(DeviceGrant Device, DeviceAuthorizationRequest Asked);

/// <summary>The requests of devices, on an open connection and in its transaction if there is one.</summary>
public sealed class DeviceRequests(NpgsqlConnection connection, NpgsqlTransaction? transaction, ServerPolicy policy) : IDeviceGrants
{
    private const string Columns = """
        d.hash, d.user_code as usercode, d.client_id as deviceclientid, d.state, d.scopes as askedscopes, d.resources as askedresources, d.details::text as askeddetails,
        d.thumbprint, d.expires_at as expiresat, d.interval_seconds as intervalseconds, d.polled_at as polledat,
        """ + GrantRows.Columns + " from identity.device_requests d left join identity.grants g on g.id = d.grant_id";

    /// <summary>Stores a request with what it asks for; false if another has its user code: make a new one.</summary>
    public async ValueTask<bool> TryAddAsync(PendingDevice pending, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pending);
        var (device, asked) = pending;
        return await connection.ExecuteAsync(new CommandDefinition("""
            insert into identity.device_requests (hash, user_code, client_id, state, scopes, resources, details, thumbprint, expires_at, interval_seconds)
            values (@hash, @UserCode, @ClientId, 'pending', @scopes, @resources, @details::jsonb, @DpopThumbprint, @ExpiresAt, @interval) on conflict (user_code) do nothing
            """,
            new
            {
                hash = device.Hash.ToArray(),
                device.UserCode,
                device.ClientId,
                scopes = asked.Scopes.Values.ToArray(),
                resources = asked.Resources.ToArray(),
                details = asked.Details?.ToString(),
                device.DpopThumbprint,
                device.ExpiresAt,
                interval = (int)device.Interval.TotalSeconds,
            }, transaction, cancellationToken: cancellationToken)) == 1;
    }

    /// <inheritdoc/>
    ValueTask<bool> IDeviceGrants.TryAddAsync(DeviceGrant request, CancellationToken cancellationToken) =>
        TryAddAsync(new PendingDevice(request, new DeviceAuthorizationRequest(ScopeSet.Empty, [], null)), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<DeviceGrant?> FindAsync(SecretHash hash, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hash);
        return (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"select {Columns} where d.hash = @hash", new { hash = hash.ToArray() }, transaction, cancellationToken: cancellationToken)))?.ToDevice(policy);
    }

    /// <inheritdoc/>
    public async ValueTask<DeviceGrant?> FindPendingAsync(string userCode, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await FindAskedAsync(userCode, now, cancellationToken))?.Device;

    /// <summary>The request that waits for a person, by the code that was typed, with what it asks for; null if there is none, or it was decided or has expired.</summary>
    public async ValueTask<PendingDevice?> FindAskedAsync(string userCode, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"select {Columns} where d.user_code = @userCode and d.state = 'pending' and d.expires_at > @now", new { userCode, now }, transaction, cancellationToken: cancellationToken));
        if (row is null)
        {
            return null;
        }
        AuthorizationDetails? details = null;
        return row.AskedDetails is null || AuthorizationDetails.FromJson(JsonElement.Parse(row.AskedDetails), policy.DetailTypes, now, ofGrant: false).TryGet(out details, out _)
            ? new PendingDevice(row.ToDevice(policy), new DeviceAuthorizationRequest(ScopeSet.Of(row.AskedScopes), row.AskedResources, details))
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask PolledAsync(DeviceGrant request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await connection.ExecuteAsync(new CommandDefinition(
            "update identity.device_requests set polled_at = @PolledAt, interval_seconds = @interval where hash = @hash",
            new { hash = request.Hash.ToArray(), request.PolledAt, interval = (int)request.Interval.TotalSeconds }, transaction, cancellationToken: cancellationToken));
    }

    /// <summary>True for the first decision. The grant has to be stored in the same transaction; null denies.</summary>
    public async ValueTask<bool> TryDecideAsync(SecretHash hash, Grant? grant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hash);
        return await connection.ExecuteAsync(new CommandDefinition(
            "update identity.device_requests set state = @state, grant_id = @grantId where hash = @hash and state = 'pending' and expires_at > @now",
            new { hash = hash.ToArray(), state = grant is null ? "denied" : "approved", grantId = grant?.GrantId, now }, transaction, cancellationToken: cancellationToken)) == 1;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryConsumeAsync(SecretHash hash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hash);
        return await connection.ExecuteAsync(new CommandDefinition(
            "update identity.device_requests set state = 'consumed' where hash = @hash and state = 'approved' and expires_at > @now",
            new { hash = hash.ToArray(), now }, transaction, cancellationToken: cancellationToken)) == 1;
    }

    // Dapper fills it by column name; a constructor it would look for by the types of the columns, and all arrays are of one type there.
    private sealed class Row
    {
        public byte[] Hash { get; init; } = [];
        public string UserCode { get; init; } = "";
        public string DeviceClientId { get; init; } = "";
        public string State { get; init; } = "";
        public string[] AskedScopes { get; init; } = [];
        public string[] AskedResources { get; init; } = [];
        public string? AskedDetails { get; init; }
        public string? Thumbprint { get; init; }
        public DateTime ExpiresAt { get; init; }
        public int IntervalSeconds { get; init; }
        public DateTime? PolledAt { get; init; }
        public string? GrantId { get; init; }
        public string? ClientId { get; init; }
        public string? Person { get; init; }
        public string[]? Scopes { get; init; }
        public string[]? Resources { get; init; }
        public string? Details { get; init; }
        public DateTime? AuthenticatedAt { get; init; }
        public string? Acr { get; init; }

        public DeviceGrant ToDevice(ServerPolicy policy) => new()
        {
            Hash = SecretHash.FromBytes(Hash),
            UserCode = UserCode,
            ClientId = DeviceClientId,
            State = Enum.Parse<DeviceState>(State, ignoreCase: true),
            Grant = GrantId is null ? null : GrantRows.Read(policy, GrantId, ClientId!, Person!, Scopes!, Resources!, Details, AuthenticatedAt, Acr),
            DpopThumbprint = Thumbprint,
            ExpiresAt = new DateTimeOffset(ExpiresAt),
            Interval = TimeSpan.FromSeconds(IntervalSeconds),
            PolledAt = PolledAt is { } polled ? new DateTimeOffset(polled) : null,
        };
    }
}
