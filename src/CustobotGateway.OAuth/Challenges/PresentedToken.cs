using System.Diagnostics.CodeAnalysis;

namespace CustobotGateway.OAuth.Challenges;

/// <summary>The token that a request brings in its Authorization header, the only place where one is looked for (RFC 6750 §2.1, RFC 9449 §7.1).</summary>
/// <param name="Token">The token.</param>
/// <param name="IsDpop">True for the scheme DPoP, false for Bearer.</param>
public sealed record PresentedToken(string Token, bool IsDpop)
{
    private const int Longest = Tokens.AccessTokenReader.Longest + 16;

    /// <summary>Reads the header. False without any token: then there is no error either. With one that is malformed, there is an error.</summary>
    /// <param name="authorization">The values of the header.</param>
    /// <param name="presented">The token.</param>
    /// <param name="error">What is wrong; null if there is simply no token.</param>
    public static bool TryRead(IReadOnlyList<string> authorization, [NotNullWhen(true)] out PresentedToken? presented, out OAuthError? error)
    {
        ArgumentNullException.ThrowIfNull(authorization);
        (presented, error) = (null, null);
        if (authorization.Count == 0)
        {
            return false;
        }
        var space = authorization[0].IndexOf(' ');
        var scheme = space < 0 ? authorization[0] : authorization[0][..space];
        var isDpop = scheme.Equals("DPoP", StringComparison.OrdinalIgnoreCase);
        if (!isDpop && !scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        var token = space < 0 ? "" : authorization[0][space..].Trim(' ');
        if (authorization.Count > 1 || token.Length is 0 or > Longest || !token.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '~' or '+' or '/' or '='))
        {
            error = new(ErrorCodes.InvalidToken, "The Authorization header holds no token.");
            return false;
        }
        presented = new(token, isDpop);
        return true;
    }

    /// <summary>
    /// What is wrong between token and scheme: a token that is bound to a key comes with the scheme DPoP and the key's proof, another one as Bearer, and neither
    /// passes for the other (RFC 9449 §7.1, §7.2). Null if nothing is.
    /// </summary>
    public OAuthError? FaultOfBinding(string? boundTo, string? proved) => (boundTo is null) == IsDpop || (boundTo is not null && boundTo != proved)
        ? new(ErrorCodes.InvalidToken, "The token is not bound as it is presented.")
        : null;
}
