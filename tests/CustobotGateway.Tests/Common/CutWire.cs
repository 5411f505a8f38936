using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace CustobotGateway.Tests.Common;

/// <summary>A wire to the test's PostgreSQL that can be cut: its connections break, and new ones are refused until it is mended.</summary>
public sealed class CutWire : IDisposable
{
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly int _port;
    private readonly Lock _gate = new();
    private readonly List<Socket> _open = [];
    private Socket? _listener;

    public CutWire(string server)
    {
        _server = new NpgsqlConnectionStringBuilder(server);
        Mend(0);
        _port = ((IPEndPoint)_listener!.LocalEndPoint!).Port;
    }

    /// <summary>The same database by way of the wire.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Host = "127.0.0.1", Port = _port, SslMode = SslMode.Disable }.ConnectionString;

    /// <summary>Cuts it.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _listener?.Dispose();
            _open.ForEach(socket => socket.Dispose());
            _open.Clear();
        }
    }

    /// <summary>Lets connections through again.</summary>
    public void Mend() => Mend(_port);

    /// <inheritdoc />
    public void Dispose() => Cut();

    private void Mend(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        _listener = listener;
        _ = AcceptAsync(listener);
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var near = await listener.AcceptAsync();
                var isFolder = _server.Host!.StartsWith('/');
                var far = isFolder ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);
                lock (_gate)
                {
                    _open.Add(near);
                    _open.Add(far);
                }
                await far.ConnectAsync(isFolder ? new UnixDomainSocketEndPoint($"{_server.Host}/.s.PGSQL.{_server.Port}") : new DnsEndPoint(_server.Host, _server.Port));
                _ = CarryAsync(near, far);
                _ = CarryAsync(far, near);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private static async Task CarryAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
            {
                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut, or closed by the other side.
        }
        from.Dispose();
        to.Dispose();
    }
}
