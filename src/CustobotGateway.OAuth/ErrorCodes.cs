namespace CustobotGateway.OAuth;

/// <summary>The error codes of the standards, as they go over the wire.</summary>
public static class ErrorCodes
{
    /// <summary>A parameter is missing, repeated, malformed or contradicts another (RFC 6749 §4.1.2.1, §5.2).</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>The client did not prove who it is (RFC 6749 §5.2).</summary>
    public const string InvalidClient = "invalid_client";

    /// <summary>The code, refresh token or device code is unknown, expired, used, revoked or another's (RFC 6749 §5.2).</summary>
    public const string InvalidGrant = "invalid_grant";

    /// <summary>The client may not use this grant (RFC 6749 §5.2).</summary>
    public const string UnauthorizedClient = "unauthorized_client";

    /// <summary>No such grant here (RFC 6749 §5.2).</summary>
    public const string UnsupportedGrantType = "unsupported_grant_type";

    /// <summary>Only <c>code</c> is answered (RFC 6749 §4.1.2.1).</summary>
    public const string UnsupportedResponseType = "unsupported_response_type";

    /// <summary>A scope is unknown, malformed or more than was granted (RFC 6749 §5.2).</summary>
    public const string InvalidScope = "invalid_scope";

    /// <summary>A resource is unknown, malformed or was not granted (RFC 8707 §2).</summary>
    public const string InvalidTarget = "invalid_target";

    /// <summary>The authorization details do not fit their type, or are more than was granted (RFC 9396 §5).</summary>
    public const string InvalidAuthorizationDetails = "invalid_authorization_details";

    /// <summary>The person, or the policy, said no (RFC 6749 §4.1.2.1).</summary>
    public const string AccessDenied = "access_denied";

    /// <summary>Nobody is logged in and no page may be shown (OpenID Connect Core §3.1.2.6).</summary>
    public const string LoginRequired = "login_required";

    /// <summary>Nobody has consented and no page may be shown (OpenID Connect Core §3.1.2.6).</summary>
    public const string ConsentRequired = "consent_required";

    /// <summary>Request objects are not accepted (OpenID Connect Core §3.1.2.6).</summary>
    public const string RequestNotSupported = "request_not_supported";

    /// <summary>Only request URIs that this server gave out are accepted (OpenID Connect Core §3.1.2.6).</summary>
    public const string RequestUriNotSupported = "request_uri_not_supported";

    /// <summary>The request URI is unknown, expired, used or another client's (RFC 9101 §6.1, RFC 9126 §2.2).</summary>
    public const string InvalidRequestUri = "invalid_request_uri";

    /// <summary>The person has not decided yet (RFC 8628 §3.5).</summary>
    public const string AuthorizationPending = "authorization_pending";

    /// <summary>Polled too soon; the interval is now five seconds longer (RFC 8628 §3.5).</summary>
    public const string SlowDown = "slow_down";

    /// <summary>The device code has expired (RFC 8628 §3.5).</summary>
    public const string ExpiredToken = "expired_token";

    /// <summary>The hint names a kind of token that is not revoked here (RFC 7009 §2.2.1).</summary>
    public const string UnsupportedTokenType = "unsupported_token_type";

    /// <summary>A redirect URI may not be registered (RFC 7591 §3.2.2).</summary>
    public const string InvalidRedirectUri = "invalid_redirect_uri";

    /// <summary>The client's metadata contradict themselves or ask for what is not offered (RFC 7591 §3.2.2).</summary>
    public const string InvalidClientMetadata = "invalid_client_metadata";

    /// <summary>Software statements are not accepted (RFC 7591 §3.2.2).</summary>
    public const string InvalidSoftwareStatement = "invalid_software_statement";

    /// <summary>The DPoP proof is missing or wrong (RFC 9449 §5).</summary>
    public const string InvalidDpopProof = "invalid_dpop_proof";

    /// <summary>The DPoP proof has to carry the nonce that comes with this answer (RFC 9449 §8).</summary>
    public const string UseDpopNonce = "use_dpop_nonce";

    /// <summary>The access token is malformed, expired, revoked or not for here (RFC 6750 §3.1).</summary>
    public const string InvalidToken = "invalid_token";

    /// <summary>The access token is good but does not allow this (RFC 6750 §3.1).</summary>
    public const string InsufficientScope = "insufficient_scope";
}
