using System.Diagnostics;

namespace CustobotGateway.Benchmarks;

/// <summary>A process of this run: the floor, the load generator, the gateway. It is told to end by the end of its input, or by SIGTERM.</summary>
public sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Process _process;

    private Child(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Starts this program again as one of its other parts.</summary>
    public static Child StartSelf(params string[] arguments) => Start(Path.Combine(AppContext.BaseDirectory, "CustobotGateway.Benchmarks.dll"), arguments);

    /// <summary>Starts the gateway.</summary>
    public static Child StartGateway(params string[] arguments) => Start(Path.Combine(AppContext.BaseDirectory, "CustobotGateway.dll"), arguments);

    /// <summary>Starts another program.</summary>
    public static Child StartProgram(string program, params string[] arguments) => new(Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!);

    /// <summary>The next line that it writes.</summary>
    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new IOException($"'{Name}' ended, exit code {(_process.WaitForExit(Patience) ? _process.ExitCode : -1)}.");

    /// <summary>Gives it a line.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>What it writes until its end; fails unless it ends well.</summary>
    public async Task<string> ReadToEndAsync(TimeSpan atMost)
    {
        var output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(atMost);
        await _process.WaitForExitAsync().WaitAsync(atMost);
        if (_process.ExitCode != 0)
        {
            throw new IOException($"'{Name}' failed, exit code {_process.ExitCode}.");
        }
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var terminate = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await terminate.WaitForExitAsync();
            try
            {
                // What it still says must be taken, or it could wait for us.
                await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
                await _process.WaitForExitAsync().WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        _process.Dispose();
    }

    private string Name => string.Join(' ', _process.StartInfo.ArgumentList.Select(Path.GetFileName));

    private static Child Start(string program, string[] arguments) => new(Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [program, .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!);
}
