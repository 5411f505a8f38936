using Dapper;
using Npgsql;

namespace CustobotGateway.Webhooks.Sending;

/// <summary>A queue whose lease this gateway holds, and what it sends now.</summary>
/// <param name="EndpointId">The endpoint.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Lease">Tells this holder from the next.</param>
/// <param name="Url">Where to.</param>
/// <param name="Secret">The sealed secret.</param>
/// <param name="OldSecret">The sealed secret before it; null where it does not sign.</param>
/// <param name="IsFailing">Whether the attempt before failed.</param>
/// <param name="Messages">What is pending, in order; not necessarily all.</param>
internal sealed record Claimed(string EndpointId, string Stream, Guid Lease, string Url, byte[] Secret, byte[]? OldSecret, bool IsFailing, IReadOnlyList<Message> Messages);

/// <summary>
/// Claims queues that are due. Gateways share them by <c>for update skip locked</c>; a claim ends by itself after <see cref="LeaseSeconds"/> of the database's time, so that
/// what a killed gateway held is sent by another.
/// </summary>
internal static class DeliveryClaims
{
    /// <summary>How long a claim holds.</summary>
    public const int LeaseSeconds = 60;

    /// <summary>Messages of one claim: what is sent again, in order, where a gateway dies in the midst of it.</summary>
    private const int MostMessages = 16;

    // An endpoint that fails is asked with this many streams, so that endpoints that hang do not take every place.
    private const int MostOfFailing = 2;

    // The endpoints of which anything waits are found by steps through the index; of each the queues that are due the longest are looked at, as many as it may have. They are
    // taken in turns, so that an endpoint with much to tell is in nobody's way.
    private const string ClaimSql = """
        with recursive waiting as (
            (select endpoint_id from webhooks.queues order by endpoint_id limit 1)
            union all
            select (select q.endpoint_id from webhooks.queues q where q.endpoint_id > w.endpoint_id order by q.endpoint_id limit 1) from waiting w where w.endpoint_id is not null
        ), seen as (
            select w.endpoint_id, q.stream, q.due_at, row_number() over (partition by w.endpoint_id order by q.due_at, q.stream) as place
            from waiting w
            join webhooks.endpoints e on e.id = w.endpoint_id and e.enabled
            left join unnest(@busy, @counts) as b (endpoint_id, count) on b.endpoint_id = w.endpoint_id
            cross join lateral (
                select stream, due_at from webhooks.queues
                where endpoint_id = w.endpoint_id and due_at <= @now and (leased_until is null or leased_until < clock_timestamp())
                order by due_at limit greatest(case when e.failing_since is null then @most else least(@most, @MostOfFailing) end - coalesce(b.count, 0), 0)) q
        ), chosen as (
            select q.endpoint_id, q.stream from (select * from seen order by place, due_at limit 2 * @free) as seen
            join webhooks.queues q on q.endpoint_id = seen.endpoint_id and q.stream = seen.stream
            where q.due_at <= @now and (q.leased_until is null or q.leased_until < clock_timestamp())
            order by seen.place, seen.due_at limit @free for update of q skip locked
        )
        update webhooks.queues q set lease = gen_random_uuid(), leased_until = clock_timestamp() + make_interval(secs => @LeaseSeconds)
        from chosen, webhooks.endpoints e
        where q.endpoint_id = chosen.endpoint_id and q.stream = chosen.stream and e.id = q.endpoint_id
        returning q.endpoint_id as endpointid, q.stream, q.lease, e.url, e.secret, case when e.old_secret_until > @now then e.old_secret end as oldsecret, e.failing_since is not null as isfailing
        """;

    private const string MessagesSql = """
        select q.place, d.number, d.body, d.attempts
        from unnest(@endpoints, @streams) with ordinality as q (endpoint_id, stream, place)
        cross join lateral (
            select number, body, attempts from webhooks.deliveries d
            where d.endpoint_id = q.endpoint_id and d.stream = q.stream and d.state = 'pending' order by number limit @MostMessages) d
        order by q.place, d.number
        """;

    /// <summary>Claims queues that are due.</summary>
    /// <param name="database">The database.</param>
    /// <param name="free">How many at most.</param>
    /// <param name="most">How many of one endpoint at most, those that are being sent included.</param>
    /// <param name="sending">How many of each endpoint are being sent by this gateway.</param>
    /// <param name="now">By the gateway's clock.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<IReadOnlyList<Claimed>> TakeAsync(
        NpgsqlDataSource database, int free, int most, IReadOnlyDictionary<string, int> sending, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var claims = (await connection.QueryAsync<ClaimRow>(new CommandDefinition(ClaimSql,
            new
            {
                now,
                free,
                most,
                MostOfFailing,
                LeaseSeconds = (double)LeaseSeconds,
                busy = sending.Keys.ToArray(),
                counts = sending.Values.ToArray(),
            }, cancellationToken: cancellationToken))).AsList();
        if (claims.Count == 0)
        {
            return [];
        }
        // After the claim has been committed: what the holder before wrote down is seen.
        var messages = (await connection.QueryAsync<MessageRow>(new CommandDefinition(MessagesSql,
            new { endpoints = claims.Select(one => one.EndpointId).ToArray(), streams = claims.Select(one => one.Stream).ToArray(), MostMessages }, cancellationToken: cancellationToken)))
            .ToLookup(row => (int)row.Place - 1, row => new Message(row.Number, row.Body, row.Attempts));
        return [.. claims.Select((one, place) => new Claimed(one.EndpointId, one.Stream, one.Lease, one.Url, one.Secret, one.OldSecret, one.IsFailing, [.. messages[place]]))];
    }

    private sealed record ClaimRow(string EndpointId, string Stream, Guid Lease, string Url, byte[] Secret, byte[]? OldSecret, bool IsFailing);

    private sealed record MessageRow(long Place, long Number, string Body, int Attempts);
}
