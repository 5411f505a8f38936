using Microsoft.Extensions.Logging.Console;

namespace CustobotGateway.Common.Observability;

/// <summary>Logs are JSON lines on standard error; standard output belongs to the verb's result.</summary>
public static class LoggingSetup
{
    /// <summary>Sets the console and the levels; <c>Logging</c> in the configuration can change the levels.</summary>
    public static void AddGatewayLogging(this ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddJsonConsole(options =>
        {
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Npgsql", LogLevel.Warning);
        // Its warning that keys lie unencrypted is about the database, which holds everything else too.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        // Off even for Critical: while this category is on, every request pays for an Activity and a log scope.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }
}
