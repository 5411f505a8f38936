using System.Text;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.OAuth.Challenges;

/// <summary>
/// What a resource answers in WWW-Authenticate (RFC 6750 §3, RFC 9449 §7.1, RFC 9728 §5.1): one value for each scheme that it takes, each a header of its own.
/// </summary>
/// <param name="resourceMetadata">The address of the resource's metadata.</param>
/// <param name="scopes">The scopes that the request needs.</param>
/// <param name="requiresDpop">Whether tokens without a key are refused, so that Bearer is not offered.</param>
/// <param name="realm">The realm; null leaves it out.</param>
/// <param name="algorithms">What proofs may be signed with; <see cref="JoseAlgorithm.Recommended"/> if null.</param>
public sealed class Challenge(string resourceMetadata, ScopeSet scopes, bool requiresDpop = false, string? realm = null, IReadOnlyList<string>? algorithms = null)
{
    private const string Bearer = "Bearer";
    private const string Dpop = "DPoP";

    /// <summary>For a request without a token: no error, since nothing was wrong yet (RFC 6750 §3.1). Status 401.</summary>
    public IReadOnlyList<string> WithoutToken() => requiresDpop ? [Write(Dpop, null)] : [Write(Bearer, null), Write(Dpop, null)];

    /// <summary>
    /// For a token or a proof that is refused. The scheme that the request used carries the error, the other one stands beside it (RFC 9449 §7.1).
    /// The status is the error's: 401, or 403 for <c>insufficient_scope</c>; a wrong proof at a resource is 401 too.
    /// </summary>
    public IReadOnlyList<string> Of(OAuthError error, bool usedDpop)
    {
        ArgumentNullException.ThrowIfNull(error);
        var isProof = error.Code is ErrorCodes.InvalidDpopProof or ErrorCodes.UseDpopNonce;
        return usedDpop || isProof || requiresDpop
            ? requiresDpop || isProof ? [Write(Dpop, error)] : [Write(Dpop, error), Write(Bearer, null)]
            : [Write(Bearer, error), Write(Dpop, null)];
    }

    /// <summary>The status at a resource: RFC 6750 §3.1, RFC 9449 §7.1 and §9.</summary>
    public static int StatusOf(OAuthError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error.Code is ErrorCodes.InvalidDpopProof or ErrorCodes.UseDpopNonce ? 401 : error.Status;
    }

    private string Write(string scheme, OAuthError? error)
    {
        var text = new StringBuilder(scheme);
        var separator = ' ';
        void Add(string name, string? value)
        {
            if (value is { Length: > 0 })
            {
                text.Append(separator).Append(separator == ',' ? " " : "").Append(name).Append("=\"").Append(Quote(value)).Append('"');
                separator = ',';
            }
        }
        Add("realm", realm);
        Add("error", error?.Code);
        Add("error_description", error?.Description);
        Add("scope", scopes.ToString());
        Add("resource_metadata", resourceMetadata);
        Add("algs", scheme == Dpop ? string.Join(' ', algorithms ?? JoseAlgorithm.Recommended) : null);
        return text.ToString();
    }

    // A quoted-string of RFC 9110 §5.6.4.
    private static string Quote(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
