using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Dapper;
using Npgsql;

namespace CustobotGateway.Common.RateLimits;

/// <summary>A window that all gateways of one database count together: one statement for each request, so for endpoints that write anyway.</summary>
internal sealed class SharedWindow(string key, RateLimit limit, NpgsqlDataSource database, TimeProvider clock) : RateLimiter
{
    // Addresses and ids are nobody's business in a table of counters.
    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>It holds nothing: the partition may be dropped at any time.</summary>
    public override TimeSpan? IdleDuration => TimeSpan.MaxValue;

    public override RateLimiterStatistics? GetStatistics() => null;

    protected override RateLimitLease AttemptAcquireCore(int permitCount) => new WindowLease(false, 0, 1);

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (count, until) = await connection.QuerySingleAsync<(long Count, DateTime Until)>(new CommandDefinition("""
            with gone as (
                delete from common.rate_windows where key in (
                    select key from common.rate_windows where until <= @now and key <> @key order by until limit 8 for update skip locked))
            insert into common.rate_windows as w (key, count, until) values (@key, @permitCount, @end)
            on conflict (key) do update set
                count = case when w.until <= @now then excluded.count else w.count + excluded.count end,
                until = case when w.until <= @now then excluded.until else w.until end
            returning count, until
            """, new { key = _key, now, end = now.AddSeconds(limit.WindowSeconds), permitCount }, cancellationToken: cancellationToken));
        return new WindowLease(count <= limit.Permits, Math.Max(0, limit.Permits - count), WindowLease.SecondsUntil(until - now.UtcDateTime));
    }
}
