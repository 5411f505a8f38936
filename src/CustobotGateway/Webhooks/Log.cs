namespace CustobotGateway.Webhooks;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Following events for webhooks paused: the database did not answer ({Exception})")]
    public static partial void FollowingPaused(ILogger logger, string exception);

    [LoggerMessage(2, LogLevel.Warning, "Delivering webhooks paused: the database did not answer ({Exception})")]
    public static partial void DeliveringPaused(ILogger logger, string exception);

    [LoggerMessage(3, LogLevel.Warning, "What came of {Count} deliveries waits for the database ({Exception})")]
    public static partial void WritingPaused(ILogger logger, int count, string exception);

    [LoggerMessage(4, LogLevel.Warning, "The webhook endpoint {Endpoint} was disabled: {Reason}")]
    public static partial void EndpointDisabled(ILogger logger, string endpoint, string reason);

    [LoggerMessage(5, LogLevel.Error, "The secret of the webhook endpoint {Endpoint} cannot be unsealed: its data protection key is gone")]
    public static partial void SecretLost(ILogger logger, string endpoint);

    [LoggerMessage(6, LogLevel.Error, "A webhook could not be sent")]
    public static partial void SendingFailed(ILogger logger, Exception exception);
}
