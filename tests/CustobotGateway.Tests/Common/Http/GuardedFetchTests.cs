using System.Net;
using System.Net.Sockets;
using System.Text;
using CustobotGateway.Common.Http;

namespace CustobotGateway.Tests.Common.Http;

/// <summary>What a stranger's address cannot make the gateway do.</summary>
public sealed class GuardedFetchTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    private int _connections;

    public GuardedFetchTests() => _listener.Start();

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.8")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.19.0.1")]
    [InlineData("198.51.100.7")]
    [InlineData("203.0.113.9")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("3fff::1")]
    [InlineData("5f00::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Special_address_is_refused(string address) => Assert.True(SpecialAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("172.32.0.1")]
    [InlineData("193.0.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2606:4700::1111")]
    [InlineData("2a00:1450::1")]
    public void Public_address_is_not(string address) => Assert.False(SpecialAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://127.0.0.1:{0}/")]
    [InlineData("https://[::1]:{0}/")]
    [InlineData("https://localhost:{0}/")]
    [InlineData("https://2130706433:{0}/")]
    [InlineData("https://0x7f.1:{0}/")]
    [InlineData("https://inside.example:{0}/")]
    [InlineData("https://mixed.example:{0}/")]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://public.example:{0}/")]
    [InlineData("https://user@public.example:{0}/")]
    [InlineData("ftp://public.example:{0}/")]
    [InlineData("file:///etc/passwd")]
    public async Task Address_that_leads_inside_is_never_connected_to(string address)
    {
        _ = ServeAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        using var fetch = new GuardedFetch(new FetchOptions(), Resolve);

        var fetched = await fetch.GetAsync(new Uri(string.Format(null, address, Port)), "application/json", 100, CancellationToken.None);

        Assert.Null(fetched.Body);
        Assert.NotNull(fetched.Fault);
        Assert.Equal(0, _connections);
    }

    [Fact]
    public async Task Name_is_resolved_once_and_the_address_that_was_looked_at_is_the_one_connected_to()
    {
        _ = ServeAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        var asked = 0;
        // The first answer is public, the second leads inside: what a rebinding name server does.
        using var fetch = new GuardedFetch(new FetchOptions { TimeoutMilliseconds = 300 }, (_, _) =>
            Task.FromResult(new[] { Interlocked.Increment(ref asked) == 1 ? IPAddress.Parse("198.41.0.4") : IPAddress.Loopback }));

        await fetch.GetAsync(new Uri($"https://rebinding.example:{Port}/"), "application/json", 100, CancellationToken.None);

        Assert.Equal((1, 0), (asked, _connections));
    }

    [Fact]
    public async Task Allowed_host_is_fetched_with_its_freshness()
    {
        _ = ServeAsync("HTTP/1.1 200 OK\r\nCache-Control: public, max-age=90\r\nContent-Length: 2\r\n\r\nhi");
        using var fetch = Allowing();

        var fetched = await fetch.GetAsync(new Uri($"http://127.0.0.1:{Port}/"), "application/json", 2, CancellationToken.None);

        Assert.Equal(("hi", TimeSpan.FromSeconds(90)), (Encoding.ASCII.GetString(fetched.Body!), fetched.Freshness));
    }

    [Theory]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nhi")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n{{big}}\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhi")]
    [InlineData("SSH-2.0-OpenSSH\r\n")]
    public async Task Answer_other_than_a_short_document_is_refused(string answer)
    {
        _ = ServeAsync(answer.Replace("{{big}}", new string('a', 65_535), StringComparison.Ordinal));
        using var fetch = Allowing();

        var fetched = await fetch.GetAsync(new Uri($"http://127.0.0.1:{Port}/"), "application/json", 100, CancellationToken.None);

        Assert.Null(fetched.Body);
    }

    [Fact]
    public async Task Server_that_keeps_silent_is_left()
    {
        using var fetch = Allowing();

        var fetched = await fetch.GetAsync(new Uri($"http://127.0.0.1:{Port}/"), "application/json", 100, CancellationToken.None);

        Assert.Equal("The server did not answer in time.", fetched.Fault);
    }

    private GuardedFetch Allowing() => new(new FetchOptions { AllowedHosts = $"127.0.0.1:{Port}", TimeoutMilliseconds = 1_000 });

    private static Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken) => Task.FromResult(host switch
    {
        "inside.example" => new[] { IPAddress.Loopback },
        "mixed.example" => [IPAddress.Parse("198.41.0.4"), IPAddress.Loopback],
        "localhost" => [IPAddress.Loopback],
        _ => [IPAddress.Parse("198.41.0.4")],
    });

    private async Task ServeAsync(string answer)
    {
        using var socket = await _listener.AcceptSocketAsync();
        Interlocked.Increment(ref _connections);
        await socket.ReceiveAsync(new byte[4096]);
        await socket.SendAsync(Encoding.ASCII.GetBytes(answer));
        socket.Shutdown(SocketShutdown.Both);
    }
}
