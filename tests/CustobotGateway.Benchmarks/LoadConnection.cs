using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace CustobotGateway.Benchmarks;

/// <summary>A keep-alive connection of the load generator: one request at a time, no allocation once it runs.</summary>
internal sealed unsafe partial class LoadConnection : IDisposable
{
    private const int NoSignal = 0x4000;
    private const int TryAgain = 11;

    private static ReadOnlySpan<byte> LengthHeader => "Content-Length: "u8;

    private readonly Socket _socket;
    private readonly byte[] _buffer = GC.AllocateArray<byte>(256 * 1024, pinned: true);
    private int _filled;
    private long _rest;

    public LoadConnection(int port)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(IPAddress.Loopback, port);
        _socket.Blocking = false;
        Handle = (int)_socket.Handle;
    }

    public int Handle { get; }

    /// <summary>When the request under way was due, in Stopwatch ticks.</summary>
    public long Due { get; set; }

    /// <summary>Whether a request is under way.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Whether the last answer was 200.</summary>
    public bool Succeeded { get; private set; }

    public void Send(byte[] request)
    {
        (_filled, _rest, IsBusy) = (0, -1, true);
        fixed (byte* bytes = request)
        {
            // A request is smaller than an empty socket's buffer.
            if (send(Handle, bytes, (nuint)request.Length, NoSignal) != request.Length)
            {
                throw new IOException("The server took no more of a request.");
            }
        }
    }

    /// <summary>Takes what has arrived; true when the answer is complete.</summary>
    public bool Receive()
    {
        // The header is gathered, the body only counted.
        var from = _rest < 0 ? _filled : 0;
        nint got;
        fixed (byte* bytes = _buffer)
        {
            got = recv(Handle, bytes + from, (nuint)(_buffer.Length - from), 0);
        }
        if (got <= 0)
        {
            return got < 0 && Marshal.GetLastPInvokeError() == TryAgain ? false : throw new IOException("The server closed the connection.");
        }
        if (_rest >= 0)
        {
            _rest -= got;
        }
        else
        {
            _filled += (int)got;
            if (!TryReadHeader())
            {
                return false;
            }
        }
        IsBusy = _rest > 0;
        return !IsBusy;
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Sets how much of the body is still to come.</summary>
    private bool TryReadHeader()
    {
        var answer = _buffer.AsSpan(0, _filled);
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }
        Succeeded = answer.StartsWith("HTTP/1.1 200"u8);
        var length = answer[..end].IndexOf(LengthHeader);
        if (length < 0 || !Utf8Parser.TryParse(answer[(length + LengthHeader.Length)..], out long body, out _))
        {
            throw new IOException("An answer does not tell its length.");
        }
        _rest = body - (_filled - end - "\r\n\r\n".Length);
        return true;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int socket, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int socket, byte* bytes, nuint length, int flags);
}
