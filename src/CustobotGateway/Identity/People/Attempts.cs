using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.People;

/// <summary>One counter of tries.</summary>
/// <param name="Of">What is counted, such as an account and an address.</param>
/// <param name="Most">How many are let through in the window.</param>
public sealed record AttemptLimit(string Of, int Most)
{
    /// <summary>Sign-ins that failed from one address, whatever they were tried with.</summary>
    internal static AttemptLimit LoginsFrom(string address, PeopleOptions options) => new($"login-address\n{address}", options.TriesPerAddress);

    // The names of accounts are nobody's business in a table of failures.
    internal byte[] Key { get; } = SHA256.HashData(Encoding.UTF8.GetBytes(Of));
}

/// <summary>
/// Counts tries at what can be guessed, in PostgreSQL, so that all gateways count together. A try is counted before it is looked at: of a hundred at once
/// no more get through than of a hundred in a row.
/// </summary>
public sealed class Attempts(NpgsqlDataSource database, PeopleOptions options, TimeProvider clock)
{
    private TimeSpan Window => TimeSpan.FromMinutes(options.TryWindowMinutes);

    /// <summary>Counts a try. The time to wait if that was one too many; null if it may go on.</summary>
    public async Task<TimeSpan?> CountAsync(IReadOnlyList<AttemptLimit> limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // In the order of their keys, so that two tries never wait for one another; old counters go a few at a time.
        var counted = await connection.QueryAsync<(byte[] Key, int Count, DateTime Until)>(new CommandDefinition("""
            with gone as (
                delete from identity.attempts where key in (
                    select key from identity.attempts where until <= @now and key <> all(@keys) order by until limit 8 for update skip locked))
            insert into identity.attempts as a (key, count, until)
            select key, 1, @until from unnest(@keys) key order by key
            on conflict (key) do update set
                count = case when a.until <= @now then 1 else a.count + 1 end,
                until = case when a.until <= @now then excluded.until else a.until end
            returning key, count, until
            """,
            new { now, until = now + Window, keys = limits.Select(limit => limit.Key).ToArray() }, cancellationToken: cancellationToken));
        var ends = counted.Where(row => row.Count > limits.First(limit => limit.Key.AsSpan().SequenceEqual(row.Key)).Most).Select(row => (DateTime?)row.Until).Max();
        return ends is { } end ? end - now.UtcDateTime : null;
    }

    /// <summary>Takes a try back that turned out well: the first counter is forgotten, the others lose one.</summary>
    public async Task ForgiveAsync(AttemptLimit first, IReadOnlyList<AttemptLimit> others, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(others);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("""
            update identity.attempts a set count = case when a.key = @first then 0 else greatest(a.count - 1, 0) end
            from (select key from identity.attempts where key = @first or key = any(@others) order by key for update) held
            where a.key = held.key
            """,
            new { first = first.Key, others = others.Select(limit => limit.Key).ToArray() }, cancellationToken: cancellationToken));
    }

    /// <summary>Where a request comes from: the address, of IPv6 the half that a subscriber has to itself.</summary>
    public static string AddressOf(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Connection.RemoteIpAddress switch
        {
            null => "unknown",
            { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
            { AddressFamily: AddressFamily.InterNetworkV6 } wide => new IPAddress([.. wide.GetAddressBytes()[..8], .. new byte[8]]) + "/64",
            var address => address.ToString(),
        };
    }
}
