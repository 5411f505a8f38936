using System.Net;
using System.Net.Sockets;

namespace CustobotGateway.Common.Http;

/// <summary>
/// Addresses that are not somebody's public server: the IANA special-purpose registries of IPv4 and IPv6 (RFC 6890), multicast, and the ranges that carry
/// an IPv4 address inside an IPv6 one, since what they lead to may be inside the network.
/// </summary>
internal static class SpecialAddresses
{
    private static readonly IPNetwork[] Four =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
            "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    // Only 2000::/3 is given out as global unicast; this is what is not, inside it.
    private static readonly IPNetwork GlobalSix = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] Six =
    [
        .. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3ffe::/16", "3fff::/20" }.Select(IPNetwork.Parse),
    ];

    /// <summary>True if nothing that a stranger names may be fetched from there.</summary>
    public static bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => Four.Any(range => range.Contains(address)),
            // A zone (%eth0) makes sense on a link alone.
            AddressFamily.InterNetworkV6 => address.ScopeId != 0 || !GlobalSix.Contains(address) || Six.Any(range => range.Contains(address)),
            _ => true,
        };
    }
}
