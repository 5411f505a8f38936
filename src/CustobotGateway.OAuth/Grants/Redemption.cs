namespace CustobotGateway.OAuth.Grants;

/// <summary>What a one-time artifact was worth.</summary>
/// <param name="Rights">What the token gets; null if it was refused.</param>
/// <param name="Error">Why it was refused; null if it was not.</param>
/// <param name="RevokesGrant">
/// True if it had been used before: whoever holds it is not the only one, so everything that came from it ends (RFC 6749 §4.1.2, RFC 9700 §4.14.2).
/// </param>
public sealed record Redemption(TokenRights? Rights, OAuthError? Error, bool RevokesGrant)
{
    internal static Redemption Refused(string why, bool revokesGrant = false) => new(null, new(ErrorCodes.InvalidGrant, why), revokesGrant);

    internal static Redemption Refused(OAuthError error) => new(null, error, false);

    internal static Redemption Of(Checked<TokenRights> rights) => rights.TryGet(out var value, out var error) ? new(value, null, false) : Refused(error);
}
