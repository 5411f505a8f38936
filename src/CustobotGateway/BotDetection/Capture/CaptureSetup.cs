using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CustobotGateway.BotDetection.Capture;

/// <summary>Puts the capture between the server and its connections.</summary>
public static class CaptureSetup
{
    /// <summary>
    /// Captures header sections on every address of the server. Where the gateway ends TLS itself, that has to come first: what is read before it is cipher text.
    /// </summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="urls">Its addresses.</param>
    public static void CaptureHeaders(this KestrelServerOptions kestrel, IEnumerable<string> urls)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        var securePorts = urls.Select(BindingAddress.Parse).Where(address => address.Scheme == "https").Select(address => address.Port).ToHashSet();
        kestrel.ConfigureEndpointDefaults(listen =>
        {
            if (listen.EndPoint is System.Net.IPEndPoint { Port: var port } && securePorts.Contains(port))
            {
                listen.UseHttps();
            }
            listen.Use(next => connection => CaptureAsync(next, connection));
        });
    }

    private static Task CaptureAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        var capture = new HeaderCapture();
        connection.Features.Set(capture);
        connection.Transport = new CapturedPipe(new CapturingReader(connection.Transport.Input, capture), connection.Transport.Output);
        return next(connection);
    }

    private sealed record CapturedPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
