using System.Diagnostics.CodeAnalysis;
using System.Text;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.OAuth.Clients;

/// <summary>Who a request says it comes from, and what it brings as proof. Nothing of it is checked.</summary>
public sealed record PresentedClient
{
    /// <summary>The only type of assertion (RFC 7523 §2.2).</summary>
    public const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private const int LongestAssertion = 8_192;
    private const int LongestHeader = 2_048;

    /// <summary>The id that is claimed; an assertion's subject where no other is given.</summary>
    public required string ClientId { get; init; }

    /// <summary>How it means to prove it. One of <see cref="AuthMethods"/>.</summary>
    public required string Method { get; init; }

    /// <summary>The secret.</summary>
    public string? Secret { get; init; }

    /// <summary>The assertion.</summary>
    public CompactJws? Assertion { get; init; }

    /// <summary>Reads the one method that the request uses (RFC 6749 §2.3: never more than one).</summary>
    /// <param name="authorization">The values of the Authorization header.</param>
    /// <param name="form">The parameters of the body; credentials in the query are never read.</param>
    public static Checked<PresentedClient> Read(IReadOnlyList<string> authorization, RequestParameters form)
    {
        ArgumentNullException.ThrowIfNull(authorization);
        ArgumentNullException.ThrowIfNull(form);
        var (id, secret, assertion, assertionType) = (form["client_id"], form["client_secret"], form["client_assertion"], form["client_assertion_type"]);
        var methods = (authorization.Count > 0 ? 1 : 0) + (secret is null ? 0 : 1) + (assertion is null && assertionType is null ? 0 : 1);
        if (authorization.Count > 1 || methods > 1)
        {
            return new OAuthError(ErrorCodes.InvalidRequest, "The client authenticates in more than one way.");
        }
        if (authorization.Count == 1)
        {
            return FromBasic(authorization[0], id);
        }
        if (assertion is not null || assertionType is not null)
        {
            return FromAssertion(assertion, assertionType, id);
        }
        return id is null
            ? new OAuthError(ErrorCodes.InvalidClient, "The client is missing.")
            : new PresentedClient { ClientId = id, Method = secret is null ? AuthMethods.None : AuthMethods.SecretPost, Secret = secret };
    }

    private static Checked<PresentedClient> FromBasic(string header, string? formId)
    {
        if (!TryReadBasic(header, out var id, out var secret))
        {
            return new OAuthError(ErrorCodes.InvalidClient, "The Authorization header holds no client id and secret.");
        }
        return formId is not null && formId != id
            ? new OAuthError(ErrorCodes.InvalidRequest, "The request names two clients.")
            : new PresentedClient { ClientId = id, Method = AuthMethods.SecretBasic, Secret = secret };
    }

    private static Checked<PresentedClient> FromAssertion(string? assertion, string? type, string? formId)
    {
        if (assertion is null || type != AssertionType)
        {
            return new OAuthError(ErrorCodes.InvalidClient, "The client assertion is missing or not of the type jwt-bearer.");
        }
        if (!CompactJws.TryParse(assertion, LongestAssertion, out var jws, out var fault))
        {
            return new OAuthError(ErrorCodes.InvalidClient, fault);
        }
        var subject = jws.Payload.Text("sub");
        return string.IsNullOrEmpty(subject) || (formId is not null && formId != subject)
            ? new OAuthError(ErrorCodes.InvalidClient, "The client assertion is about another client.")
            : new PresentedClient { ClientId = subject, Method = AuthMethods.PrivateKeyJwt, Assertion = jws };
    }

    // RFC 6749 §2.3.1: both are form-encoded before they are joined by a colon, which therefore is the first one.
    private static bool TryReadBasic(string header, [NotNullWhen(true)] out string? id, [NotNullWhen(true)] out string? secret)
    {
        (id, secret) = (null, null);
        if (header.Length > LongestHeader || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        var decoded = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[6..].Trim(' '), decoded, out var length))
        {
            return false;
        }
        var text = Encoding.Latin1.GetString(decoded, 0, length);
        var colon = text.IndexOf(':');
        return colon > 0
            && FormText.TryDecode(text.AsSpan(0, colon), out id) && FormText.TryDecode(text.AsSpan(colon + 1), out secret)
            && id.Length > 0 && secret.Length > 0 && !id.Any(char.IsControl) && !secret.Any(char.IsControl);
    }
}
