using System.Globalization;
using System.Runtime.InteropServices;

namespace CustobotGateway.Benchmarks;

/// <summary>The machine, and what its kernel counts for a process.</summary>
public static class Machine
{
    // USER_HZ, which the kernel's interface fixes at 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>Processor, cores, system and runtime in one line.</summary>
    public static string Describe()
    {
        var model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
        return string.Create(CultureInfo.InvariantCulture,
            $"{model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
    }

    /// <summary>The processor time that a process has used, in seconds: user and system, all its threads.</summary>
    public static double CpuSeconds(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        // The program's name stands in brackets and may hold spaces; utime and stime are the 14th and 15th field of the line.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>A line of <c>/proc/PID/status</c> that counts kB, in bytes: <c>VmRSS</c> for memory now, <c>VmHWM</c> for the most it was.</summary>
    public static long Memory(int processId, string line) => long.Parse(
        File.ReadLines($"/proc/{processId}/status").First(text => text.StartsWith(line + ":", StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim(),
        CultureInfo.InvariantCulture) * 1024;

    /// <summary>Lets the most memory of a process be counted from now on.</summary>
    public static void ForgetMostMemory(int processId) => File.WriteAllText($"/proc/{processId}/clear_refs", "5");
}
