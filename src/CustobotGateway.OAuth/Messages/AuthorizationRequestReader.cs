using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.OAuth.Messages;

/// <summary>How an authorization request was refused.</summary>
/// <param name="Error">Why.</param>
/// <param name="RedirectUri">Where to answer; null shows the error to the person, because the client or its address is not sure (RFC 6749 §4.1.2.1).</param>
/// <param name="State">What the answer carries back.</param>
public sealed record AuthorizationRefusal(OAuthError Error, string? RedirectUri, string? State);

/// <summary>Checks authorization requests: first the client, then where to answer, then everything else.</summary>
public sealed class AuthorizationRequestReader(ServerPolicy policy)
{
    private const int LongestState = 2_048;
    private const int LongestText = 512;

    /// <summary>Reads a request of that client, from the query or as it was pushed.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="client">The client that <c>client_id</c> names; null if there is none.</param>
    /// <param name="isPushed">True for what came, or comes, by a pushed request (RFC 9126).</param>
    /// <param name="now">The time.</param>
    /// <param name="request">The request.</param>
    /// <param name="refusal">Why not, and where to say it.</param>
    public bool TryRead(
        RequestParameters parameters, Client? client, bool isPushed, DateTimeOffset now,
        [NotNullWhen(true)] out AuthorizationRequest? request,
        [NotNullWhen(false)] out AuthorizationRefusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        (request, refusal) = (null, null);
        if (client is null || !client.IsEnabled || client.ClientId != parameters["client_id"])
        {
            refusal = new(new(ErrorCodes.InvalidRequest, "The client is unknown."), null, null);
            return false;
        }
        if (!ReadRedirectUri(parameters, client).TryGet(out var redirectUri, out var error))
        {
            refusal = new(error, null, null);
            return false;
        }
        if (Read(parameters, client, redirectUri, isPushed, now).TryGet(out request, out error))
        {
            return true;
        }
        refusal = new(error, redirectUri, parameters["state"] is { Length: <= LongestState } state ? state : null);
        return false;
    }

    private static Checked<string> ReadRedirectUri(RequestParameters parameters, Client client)
    {
        if (parameters["redirect_uri"] is { } asked)
        {
            return client.MatchRedirectUri(asked) is null ? new OAuthError(ErrorCodes.InvalidRequest, "The redirect_uri is not registered for the client.") : asked;
        }
        // RFC 6749 §3.1.2.3: it may be left out where there is only one, and that is complete. A port is missing in a loopback address.
        return client.RedirectUris is [var only] && !RedirectUris.IsLoopback(only)
            ? only
            : new OAuthError(ErrorCodes.InvalidRequest, "The redirect_uri is missing.");
    }

    private Checked<AuthorizationRequest> Read(RequestParameters parameters, Client client, string redirectUri, bool isPushed, DateTimeOffset now)
    {
        if (FaultOf(parameters, client, isPushed) is { } fault)
        {
            return fault;
        }
        if (!ReadScopes(parameters["scope"], client).TryGet(out var scopes, out var error)
            || !ResourceIndicators.Resolve(parameters.All("resource"), client.Resources, policy.DefaultFor(client)).TryGet(out var resources, out error)
            || !policy.TryReadDetails(parameters, client, now, ofGrant: false, out var details, out error)
            || !TryReadPrompt(parameters["prompt"], out var prompt, out error)
            || !TryReadMaxAge(parameters["max_age"], out var maxAge, out error))
        {
            return error;
        }
        return new AuthorizationRequest
        {
            ClientId = client.ClientId,
            RedirectUri = redirectUri,
            RedirectUriWasSent = parameters["redirect_uri"] is not null,
            State = parameters["state"],
            Scopes = scopes,
            CodeChallenge = parameters["code_challenge"]!,
            Resources = resources,
            Details = details,
            DpopThumbprint = parameters["dpop_jkt"],
            Nonce = parameters["nonce"],
            Prompt = prompt,
            LoginHint = parameters["login_hint"],
            MaxAge = maxAge,
        };
    }

    private OAuthError? FaultOf(RequestParameters parameters, Client client, bool isPushed)
    {
        if (parameters["request"] is not null)
        {
            return new(ErrorCodes.RequestNotSupported, "Request objects are not accepted; push the request instead.");
        }
        if (parameters["request_uri"] is not null)
        {
            return new(ErrorCodes.InvalidRequest, "A pushed request has no request_uri.");
        }
        if (!isPushed && (policy.RequiresPushedRequests || client.RequiresPushedRequests))
        {
            return new(ErrorCodes.InvalidRequest, "The request has to be pushed.");
        }
        if (parameters["response_type"] != "code")
        {
            return parameters["response_type"] is null
                ? new(ErrorCodes.InvalidRequest, "The response_type is missing.")
                : new(ErrorCodes.UnsupportedResponseType, "The response_type has to be code.");
        }
        if (!client.MayUse(GrantTypes.AuthorizationCode))
        {
            return new(ErrorCodes.UnauthorizedClient, "The client may not use the authorization code grant.");
        }
        var fault = parameters["response_mode"] is not (null or "query") ? "The response_mode has to be query."
            : !Pkce.IsChallenge(parameters["code_challenge"]) ? "The code_challenge is missing, or is no SHA-256 in base64url."
            : parameters["code_challenge_method"] != Pkce.Method ? "The code_challenge_method has to be S256."
            : parameters["state"] is { Length: > LongestState } ? "The state is too long."
            : parameters["nonce"] is { Length: > LongestText } || parameters["login_hint"] is { Length: > LongestText } ? "The nonce or the login_hint is too long."
            : parameters["dpop_jkt"] is { } thumbprint && !(thumbprint.Length == 43 && Base64UrlText.TryDecode(thumbprint, out _)) ? "The dpop_jkt is no SHA-256 in base64url."
            : null;
        return fault is null ? null : new(ErrorCodes.InvalidRequest, fault);
    }

    internal static Checked<ScopeSet> ReadScopes(string? text, Client client)
    {
        if (text is null)
        {
            return client.DefaultScopes.IsEmpty
                ? new OAuthError(ErrorCodes.InvalidScope, "The scope is missing, and the client has no default one.")
                : client.DefaultScopes;
        }
        return ScopeSet.TryParse(text, out var scopes) && scopes.IsWithin(client.Scopes)
            ? scopes
            : new OAuthError(ErrorCodes.InvalidScope, "A scope is unknown, malformed, or not for this client.");
    }

    private static bool TryReadPrompt(string? text, out Prompts prompt, [NotNullWhen(false)] out OAuthError? error)
    {
        (prompt, error) = (Prompts.Unspecified, null);
        foreach (var value in text?.Split(' ') ?? [])
        {
            prompt |= value switch
            {
                "none" => Prompts.None,
                "login" => Prompts.Login,
                "consent" => Prompts.Consent,
                "select_account" => Prompts.SelectAccount,
                // OpenID Connect Core §3.1.2.1 leaves room for more; what is not known is not obeyed.
                _ => Prompts.Unspecified,
            };
        }
        error = prompt.HasFlag(Prompts.None) && prompt != Prompts.None ? new(ErrorCodes.InvalidRequest, "The prompt none stands alone.") : null;
        return error is null;
    }

    private static bool TryReadMaxAge(string? text, out TimeSpan? maxAge, [NotNullWhen(false)] out OAuthError? error)
    {
        (maxAge, error) = (null, null);
        if (text is not null && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            maxAge = TimeSpan.FromSeconds(seconds);
        }
        error = text is not null && maxAge is null ? new(ErrorCodes.InvalidRequest, "The max_age is no number of seconds.") : null;
        return error is null;
    }
}
