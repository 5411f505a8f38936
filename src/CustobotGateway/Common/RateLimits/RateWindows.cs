using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using CustobotGateway.Common.Http;
using Npgsql;

namespace CustobotGateway.Common.RateLimits;

/// <summary>
/// The windows of every caller, in the framework's partitions (System.Threading.RateLimiting), which come with the first request and go when they are idle.
/// </summary>
internal sealed class RateWindows : IDisposable
{
    private readonly RateLimitOptions _options;
    private readonly PartitionedRateLimiter<Partition> _windows;

    public RateWindows(RateLimitOptions options, NpgsqlDataSource database, TimeProvider clock)
    {
        _options = options;
        _windows = PartitionedRateLimiter.Create<Partition, string>(partition => RateLimitPartition.Get<string>(partition.Key, key =>
            partition.Shared ? new SharedWindow(key, partition.Limit, database, clock) : new NodeWindow(partition.Limit, clock)));
    }

    /// <summary>Asks every limit of the group, the narrowest answer first; null where none applies to the caller.</summary>
    /// <param name="context">The request, its caller recognised.</param>
    /// <param name="group">The endpoint's group.</param>
    /// <param name="permits">One counts the request, zero only asks.</param>
    public async ValueTask<Answer?> AskAsync(HttpContext context, RateGroup group, int permits)
    {
        var options = _options.Of(group);
        Answer? narrowest = null;
        foreach (var (dimension, limit, id) in Dimensions(options, context))
        {
            var partition = new Partition($"{group} {dimension} {id}", limit, options.Shared);
            var lease = (WindowLease)await _windows.AcquireAsync(partition, permits, context.RequestAborted);
            var answer = new Answer($"{group}-{dimension}".ToLowerInvariant(), limit, lease);
            if (!lease.IsAcquired)
            {
                return answer;
            }
            narrowest = narrowest is null || lease.Remaining < narrowest.Lease.Remaining ? answer : narrowest;
        }
        return narrowest;
    }

    public void Dispose() => _windows.Dispose();

    private static IEnumerable<(string Dimension, RateLimit Limit, string Id)> Dimensions(RateGroupOptions options, HttpContext context)
    {
        var agent = context.GetAgent();
        if (options.Grant is { } grant && agent.GrantId is { } grantId)
        {
            yield return ("grant", grant, grantId);
        }
        if (options.Client is { } client && agent.ClientId is { } clientId)
        {
            yield return ("client", client, clientId);
        }
        if (options.Person is { } person && agent.OnBehalfOf is { } personId)
        {
            yield return ("person", person, personId);
        }
        if (options.Address is { } address)
        {
            yield return ("address", address, AddressOf(context.Connection.RemoteIpAddress));
        }
        if (options.Class is { } all)
        {
            yield return ("class", all, agent.ClientId is null ? "anonymous" : agent.IsAdministrator || agent.Roles.Count > 0 ? "staff" : "agent");
        }
    }

    // Of IPv6 the half that a subscriber has to itself: who may choose the other half has endless addresses.
    internal static string AddressOf(IPAddress? address) => address switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => new IPAddress([.. address.GetAddressBytes()[..8], .. new byte[8]]) + "/64",
        _ => address.ToString(),
    };

    /// <summary>What a limit said.</summary>
    /// <param name="Name">Its name in the headers.</param>
    /// <param name="Limit">The limit.</param>
    /// <param name="Lease">Its answer.</param>
    internal sealed record Answer(string Name, RateLimit Limit, WindowLease Lease);

    private readonly record struct Partition(string Key, RateLimit Limit, bool Shared);
}
