using System.Diagnostics.CodeAnalysis;
using CustobotGateway.OAuth.Clients;

namespace CustobotGateway.OAuth.Messages;

/// <summary>Reads requests to the token endpoint, after the client has authenticated.</summary>
public sealed class TokenRequestReader(ServerPolicy policy)
{
    // RFC 8693 §3: a JWT is named so by clients that know the form of the token.
    private const string JwtType = "urn:ietf:params:oauth:token-type:jwt";

    /// <summary>Reads the request.</summary>
    public Checked<TokenRequest> Read(RequestParameters form, Client client, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(client);
        if (form["grant_type"] is not { } grantType)
        {
            return Invalid("The grant_type is missing.");
        }
        if (!GrantTypes.All.Contains(grantType))
        {
            return new OAuthError(ErrorCodes.UnsupportedGrantType, "The grant_type is not supported.");
        }
        if (!client.MayUse(grantType) || (!client.IsConfidential && (grantType is GrantTypes.ClientCredentials or GrantTypes.TokenExchange)))
        {
            return new OAuthError(ErrorCodes.UnauthorizedClient, "The client may not use this grant.");
        }
        if (!ReadGrant(grantType, form).TryGet(out var request, out var error) || !TryReadResource(form, grantType, client, out var resource, out error)
            || !policy.TryReadDetails(form, client, now, ofGrant: grantType != GrantTypes.ClientCredentials, out var details, out error))
        {
            return error;
        }
        ScopeSet? scopes = null;
        if (form["scope"] is { } text && !ScopeSet.TryParse(text, out scopes))
        {
            return new OAuthError(ErrorCodes.InvalidScope, "The scope is malformed.");
        }
        return request with { Scopes = scopes, Resource = resource, Details = details };
    }

    private static Checked<TokenRequest> ReadGrant(string grantType, RequestParameters form) => grantType switch
    {
        GrantTypes.AuthorizationCode => form["code"] is { } code ? new CodeTokenRequest(code, form["redirect_uri"], form["code_verifier"]) : Invalid("The code is missing."),
        GrantTypes.RefreshToken => form["refresh_token"] is { } token ? new RefreshTokenRequest(token) : Invalid("The refresh_token is missing."),
        GrantTypes.DeviceCode => form["device_code"] is { } device ? new DeviceTokenRequest(device) : Invalid("The device_code is missing."),
        GrantTypes.TokenExchange => ReadExchange(form),
        _ => new ClientCredentialsTokenRequest(),
    };

    private static Checked<TokenRequest> ReadExchange(RequestParameters form)
    {
        var fault = form["subject_token"] is null ? "The subject_token is missing."
            : !IsAccessToken(form["subject_token_type"]) ? "The subject_token_type is missing, or no access token."
            : (form["actor_token"] is null) != (form["actor_token_type"] is null) ? "The actor_token and its type come together."
            : form["actor_token"] is not null && !IsAccessToken(form["actor_token_type"]) ? "The actor_token_type is no access token."
            : form["requested_token_type"] is { } wanted && !IsAccessToken(wanted) ? "Only access tokens are issued."
            : null;
        return fault is null ? new ExchangeTokenRequest(form["subject_token"]!, form["actor_token"]) : Invalid(fault);
    }

    private static bool IsAccessToken(string? type) => type is ExchangeTokenRequest.AccessTokenType or JwtType;

    // One token is for one resource, so that it is of no use at another (RFC 8707 §2.2, RFC 9700 §2.3).
    private static bool TryReadResource(RequestParameters form, string grantType, Client client, out string? resource, [NotNullWhen(false)] out OAuthError? error)
    {
        resource = null;
        IReadOnlyList<string> asked = grantType == GrantTypes.TokenExchange ? [.. form.All("resource"), .. form.All("audience")] : form.All("resource");
        if (asked.Count == 0)
        {
            error = null;
            return true;
        }
        var allowed = grantType == GrantTypes.TokenExchange ? client.ExchangeResources : client.Resources;
        if (!ResourceIndicators.Resolve(asked, allowed, []).TryGet(out var found, out error))
        {
            return false;
        }
        error = found.Count == 1 ? null : new(ErrorCodes.InvalidTarget, "A token is for one resource.");
        resource = found[0];
        return error is null;
    }

    private static OAuthError Invalid(string why) => new(ErrorCodes.InvalidRequest, why);
}
