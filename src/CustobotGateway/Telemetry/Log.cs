namespace CustobotGateway.Telemetry;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Following events paused: the database did not answer ({Exception})")]
    public static partial void FollowingPaused(ILogger logger, string exception);
}
