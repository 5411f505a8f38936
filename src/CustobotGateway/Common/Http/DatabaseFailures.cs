using Npgsql;

namespace CustobotGateway.Common.Http;

/// <summary>Which of PostgreSQL's errors are an outage that passes, and which are the caller's text.</summary>
internal static class DatabaseFailures
{
    private const int RetryAfterSeconds = 2;

    /// <summary>The problem to answer; null where the error is a bug of ours.</summary>
    /// <param name="exception">What the driver threw.</param>
    /// <param name="migrated">Whether the tables exist: a gateway that started while the database was away answers before they do.</param>
    public static Problem? Describe(NpgsqlException exception, bool migrated) => exception switch
    {
        // jsonb and text hold no NUL: it came in as an escape (\u0000) that JSON itself allows.
        PostgresException { SqlState: PostgresErrorCodes.UntranslatableCharacter or PostgresErrorCodes.CharacterNotInRepertoire } =>
            CommonProblems.MalformedBody.With("The text holds a character that cannot be stored: NUL or an unpaired surrogate."),
        _ when IsOutage(exception) || !migrated => CommonProblems.DatabaseUnavailable.With(
            "The database does not answer just now. Searches go on from memory; repeat this request after Retry-After.", retryAfterSeconds: RetryAfterSeconds),
        _ => null,
    };

    /// <summary>Whether the same command may succeed later.</summary>
    public static bool IsOutage(NpgsqlException exception) => exception is not PostgresException postgres
        ? exception.IsTransient || exception.InnerException is IOException or System.Net.Sockets.SocketException or TimeoutException
        : postgres.IsTransient || postgres.SqlState.StartsWith("08", StringComparison.Ordinal) || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal)
           ;
}
