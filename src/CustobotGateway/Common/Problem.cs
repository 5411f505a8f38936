namespace CustobotGateway.Common;

/// <summary>One kind of refusal: its stable code and what is always true of it. Published at <c>/problems/{code}</c>.</summary>
/// <param name="Code">Stable, snake_case; the last segment of the problem's <c>type</c>.</param>
/// <param name="Status">The HTTP status that the REST door answers.</param>
/// <param name="Title">The same words each time (RFC 9457 §3.1.3).</param>
/// <param name="Help">What causes it and what to do, for the published page.</param>
public sealed record ProblemType(string Code, int Status, string Title, string Help)
{
    /// <summary>What helps against every refusal of this kind that knows nothing better; null where nothing does.</summary>
    public Remedy? Remedy { get; init; }

    /// <summary>A refusal of this kind.</summary>
    /// <param name="detail">What happened here and what to do next.</param>
    /// <param name="errors">The fields at fault, if any.</param>
    /// <param name="remedy">How to get what was refused, where there is a way; every 401, 403 and 429 has one, the general one where none is given.</param>
    /// <param name="retryAfterSeconds">Seconds after which the same request may succeed.</param>
    public Problem With(string detail, IReadOnlyList<FieldError>? errors = null, Remedy? remedy = null, int? retryAfterSeconds = null) =>
        new(this, detail, errors ?? [], remedy ?? Remedy ?? Remedies.OfStatus(Status), retryAfterSeconds);
}

/// <summary>A field at fault, in wire names.</summary>
/// <param name="Pointer">JSON Pointer (RFC 6901) into the request body; <c>?name</c> for a query parameter, <c>""</c> for the whole body.</param>
/// <param name="Code">Stable, snake_case.</param>
/// <param name="Detail">What is wrong and what would be right.</param>
public sealed record FieldError(string Pointer, string Code, string Detail);

/// <summary>How the caller can get what was refused.</summary>
/// <param name="Text">One sentence.</param>
/// <param name="Link">Absolute path or URL, or null.</param>
public sealed record Remedy(string Text, string? Link = null);

/// <summary>What helps in general, for refusals that know nothing better.</summary>
public static class Remedies
{
    private static readonly Remedy Authenticate = new(
        "Get an access token from the authorization server and send it in the Authorization header; the linked page tells where, and WWW-Authenticate with which scope.", "/llms.txt");

    private static readonly Remedy AskForMore = new("Ask whoever gave the credentials, the person who delegated or the merchant, for what is missing; the linked page tells which scopes there are.", "/llms.txt");

    private static readonly Remedy Wait = new("Wait for the seconds in Retry-After, then repeat the request.");

    /// <summary>What helps against any refusal of the status; null where nothing does in general.</summary>
    public static Remedy? OfStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Authenticate,
        StatusCodes.Status403Forbidden => AskForMore,
        StatusCodes.Status429TooManyRequests => Wait,
        _ => null,
    };
}

/// <summary>A refusal (RFC 9457), a value and not an exception.</summary>
public sealed record Problem(ProblemType Type, string Detail, IReadOnlyList<FieldError> Errors, Remedy? Remedy, int? RetryAfterSeconds);

/// <summary>The refusals that any door may answer.</summary>
public static class CommonProblems
{
    /// <summary>The bytes are not what the media type says.</summary>
    public static readonly ProblemType MalformedBody = new("malformed_body", 400, "The request body could not be read",
        "The body is not well-formed: invalid JSON, invalid UTF-8, a NUL character, a duplicate member or nesting beyond the limit. The detail gives the place.");

    /// <summary>Well-formed, but a member is missing, unknown, of the wrong type or out of range.</summary>
    public static readonly ProblemType InvalidRequest = new("invalid_request", 400, "The request is not valid",
        "One or more members are missing, unknown, of the wrong type or out of range; errors names each by JSON Pointer.");

    /// <summary>Who are you.</summary>
    public static readonly ProblemType Unauthorized = new("unauthorized", 401, "Authentication is required",
        "The operation needs credentials that the request did not carry, or they are not valid.");

    /// <summary>Known, but not allowed.</summary>
    public static readonly ProblemType Forbidden = new("forbidden", 403, "Not allowed",
        "The caller is known, but its permissions do not cover the operation.");

    /// <summary>The access token is wrong (RFC 6750 §3.1).</summary>
    public static readonly ProblemType InvalidToken = new("invalid_token", 401, "The access token is not valid",
        "It is malformed, expired, revoked, for another resource, or not bound as it was presented. Get a new one from the authorization server, and send the scheme that it was issued with.");

    /// <summary>The access token is right but does not allow this (RFC 6750 §3.1).</summary>
    public static readonly ProblemType InsufficientScope = new("insufficient_scope", 403, "The access token does not allow this",
        "WWW-Authenticate names the scopes that the operation needs. Ask the authorization server for a token that holds them.");

    /// <summary>The proof of possession is missing or wrong (RFC 9449 §7.1).</summary>
    public static readonly ProblemType InvalidDpopProof = new("invalid_dpop_proof", 401, "The DPoP proof is not valid",
        "A token that is bound to a key comes with one fresh proof for this method and address, by that key, with the token's hash. A proof is good for one request.");

    /// <summary>The proof needs a nonce (RFC 9449 §9).</summary>
    public static readonly ProblemType UseDpopNonce = new("use_dpop_nonce", 401, "The DPoP proof needs a nonce", "Repeat the request with a new proof that carries the nonce of the header DPoP-Nonce.");

    /// <summary>Nothing here that the caller may know of.</summary>
    public static readonly ProblemType NotFound = new("not_found", 404, "Not found", "There is nothing here that the caller may know of.");

    /// <summary>The method is not offered here.</summary>
    public static readonly ProblemType MethodNotAllowed = new("method_not_allowed", 405, "Method not allowed", "The Allow header names the methods that are offered here.");

    /// <summary>None of the offered media types is acceptable.</summary>
    public static readonly ProblemType NotAcceptable = new("not_acceptable", 406, "Not acceptable", "None of the media types in Accept is offered here.");

    /// <summary>The body did not arrive in time.</summary>
    public static readonly ProblemType RequestTimeout = new("request_timeout", 408, "The request took too long to arrive", "The body came too slowly: send it again, or in smaller parts.");

    /// <summary>If-Match did not hold.</summary>
    public static readonly ProblemType PreconditionFailed = new("precondition_failed", 412, "The resource has changed",
        "If-Match names another version than the current one: read the resource again, then repeat the change.");

    /// <summary>The body is larger than the operation takes.</summary>
    public static readonly ProblemType BodyTooLarge = new("body_too_large", 413, "The request body is too large", "The detail names the limit in bytes.");

    /// <summary>The Content-Type is not one that the operation reads.</summary>
    public static readonly ProblemType UnsupportedMediaType = new("unsupported_media_type", 415, "The content type is not supported", "The detail names the content types that the operation reads.");

    /// <summary>More requests than are let through.</summary>
    public static readonly ProblemType TooManyRequests = new("too_many_requests", 429, "Too many requests",
        "RateLimit-Policy says how many requests are let through in how many seconds, Retry-After when the next ones are.");

    /// <summary>The caller is not shown prices.</summary>
    public static readonly ProblemType PricesHidden = new("prices_hidden", 403, "Prices are not shown to this caller",
        "The lane of the caller is not shown prices: products come without them, and what would tell them otherwise is refused: constraints, wishes, sorting and facets on them. Ask without, or follow the remedy into another lane.")
    {
        Remedy = new("Say who you are: get an access token from the authorization server and send it in the Authorization header, or sign requests by Web Bot Auth. Who proves that is in another lane.",
            "/.well-known/oauth-authorization-server"),
    };

    /// <summary>A bug of ours.</summary>
    public static readonly ProblemType InternalError = new("internal_error", 500, "Something went wrong here", "The trace id in the answer finds it in the log.");

    /// <summary>The database is not there just now.</summary>
    public static readonly ProblemType DatabaseUnavailable = new("database_unavailable", 503, "The database is not available",
        "Searches go on from memory. Writes and product details come back by themselves: retry after the seconds in Retry-After.");

    /// <summary>Starting up, or a neighbour is away.</summary>
    public static readonly ProblemType NotReady = new("not_ready", 503, "The gateway is not ready", "It is starting, or the database does not answer; checks names what is missing.");

    /// <summary>All of them, for the published pages and the guard tests.</summary>
    public static readonly IReadOnlyList<ProblemType> All =
    [
        MalformedBody, InvalidRequest, Unauthorized, Forbidden, InvalidToken, InsufficientScope, InvalidDpopProof, UseDpopNonce, NotFound, MethodNotAllowed, NotAcceptable, RequestTimeout,
        PreconditionFailed, BodyTooLarge, UnsupportedMediaType, TooManyRequests, PricesHidden, InternalError, DatabaseUnavailable, NotReady,
    ];
}
