namespace CustobotGateway.OAuth.Messages;

/// <summary>A question about a token (RFC 7662 §2.1), or the wish to revoke it (RFC 7009 §2.1): both have the same form.</summary>
/// <param name="Token">The token.</param>
/// <param name="Hint">What it is thought to be; a hint only, so the other kinds are searched too. Null if unknown or not sent.</param>
public sealed record TokenQuery(string Token, TokenHint? Hint)
{
    /// <summary>Reads it. A hint that is not known is none.</summary>
    public static Checked<TokenQuery> Read(RequestParameters form)
    {
        ArgumentNullException.ThrowIfNull(form);
        return form["token"] is not { } token
            ? new OAuthError(ErrorCodes.InvalidRequest, "The token is missing.")
            : new TokenQuery(token, form["token_type_hint"] switch
            {
                "access_token" => TokenHint.AccessToken,
                "refresh_token" => TokenHint.RefreshToken,
                _ => null,
            });
    }
}

/// <summary>The registered values of <c>token_type_hint</c> (RFC 7009 §4.1.2).</summary>
public enum TokenHint
{
    /// <summary>An access token.</summary>
    AccessToken,

    /// <summary>A refresh token.</summary>
    RefreshToken,
}
