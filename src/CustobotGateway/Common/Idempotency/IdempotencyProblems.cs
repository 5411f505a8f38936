namespace CustobotGateway.Common.Idempotency;

/// <summary>The refusals of a repeated write.</summary>
public static class IdempotencyProblems
{
    /// <summary>The header is not a key.</summary>
    public static readonly ProblemType KeyInvalid = new("idempotency_key_invalid", 400, "The idempotency key is not valid",
        "Idempotency-Key is 1 to 255 visible ASCII characters. A random UUID does well.");

    /// <summary>The first request with the key is still being worked on.</summary>
    public static readonly ProblemType InFlight = new("idempotency_in_flight", 409, "The first request with this key is still running",
        "Repeat the request after Retry-After: it then gets the first one's answer.");

    /// <summary>The key was used for something else.</summary>
    public static readonly ProblemType KeyReused = new("idempotency_key_reused", 422, "The idempotency key was used for another request",
        "A key names one request. The same key came with another body: take a new key for a new request.");

    /// <summary>The write cannot be tried without doing it.</summary>
    public static readonly ProblemType DryRunUnsupported = new("dry_run_unsupported", 400, "The write cannot be tried without doing it",
        "Prefer: dry-run is not offered here, and the request was not carried out. Send it without the preference to have it done.");

    /// <summary>All of them, for the published pages and the guard tests.</summary>
    public static readonly IReadOnlyList<ProblemType> All = [KeyInvalid, InFlight, KeyReused, DryRunUnsupported];
}
