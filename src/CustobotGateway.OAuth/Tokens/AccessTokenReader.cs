using System.Text.Json;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.OAuth.Tokens;

/// <summary>
/// Checks access tokens of one issuer (RFC 9068 §4). One reader for each issuer, chosen by <see cref="IssuerOf"/> among those that are configured, so
/// that a key verifies for its own issuer alone. Whether the token or its grant was revoked is asked afterwards.
/// </summary>
/// <param name="profile">How the issuer's tokens look.</param>
public sealed class AccessTokenReader(TokenProfile profile)
{
    /// <summary>The longest token, in characters.</summary>
    public const int Longest = 16_384;

    private readonly JwtRules _rules = new()
    {
        Algorithms = profile.Algorithms,
        Types = profile.Types,
        TypeIgnoresCase = true,
        Issuer = profile.Issuer,
        RequiresIssuedAt = true,
        Skew = profile.Skew,
    };

    /// <summary>Who the token says issued it, to choose the reader by; null if it is no token. Nothing is verified.</summary>
    public static string? IssuerOf(string token) => CompactJws.TryParse(token, Longest, out var jws, out _) ? jws.Payload.Text("iss") : null;

    /// <summary>The token, if it is the issuer's, in time, and for the audience.</summary>
    /// <param name="token">What was presented.</param>
    /// <param name="keys">The issuer's keys.</param>
    /// <param name="audience">The resource; null where any will do, as at introspection and exchange.</param>
    /// <param name="now">The time.</param>
    public Checked<AccessToken> Read(string token, VerificationKeys keys, string? audience, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return CompactJws.TryParse(token, Longest, out var jws, out var fault) ? Read(jws, token, keys, audience, now) : Refused(fault);
    }

    /// <summary>The same for a token that was taken apart already, to choose the reader by.</summary>
    public Checked<AccessToken> Read(CompactJws jws, string token, VerificationKeys keys, string? audience, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(jws);
        ArgumentNullException.ThrowIfNull(keys);
        var fault = (_rules with { Audience = audience }).FaultOf(jws, now);
        if (fault is not null)
        {
            return Refused(fault);
        }
        return keys.Verify(jws) ? ReadClaims(jws.Payload, token, audience, now) : Refused("The token is not signed by a key of its issuer.");
    }

    private Checked<AccessToken> ReadClaims(JsonElement claims, string token, string? audience, DateTimeOffset now)
    {
        // RFC 9068 §2.2: these are there, and a token that lacks one is none.
        var id = claims.Text("jti") ?? (profile.RequiresTokenId ? null : Base64UrlText.Encode(SecretHash.Of(token).Bytes));
        if (claims.Text("sub") is not { Length: > 0 } subject || FirstText(claims, profile.ClientClaims) is not { Length: > 0 } client || string.IsNullOrEmpty(id)
            || (audience ?? AudienceOf(claims)) is not { } known)
        {
            return Refused("The token lacks sub, client_id, jti or aud.");
        }
        if (!NumericDate.TryRead(claims, "auth_time", out var authenticated) || !Actor.TryRead(claims, out var actor) || !TryReadThumbprint(claims, out var thumbprint)
            || !TryReadScopes(claims, out var scopes) || !TryReadDetails(claims, now, out var details))
        {
            return Refused("The token's auth_time, act, cnf, scope or authorization_details cannot be understood.");
        }
        _ = NumericDate.TryRead(claims, "iat", out var issued);
        _ = NumericDate.TryRead(claims, "exp", out var expires);
        return new AccessToken
        {
            Issuer = profile.Issuer,
            Subject = subject,
            Audience = known,
            ClientId = client,
            IssuedAt = issued!.Value,
            ExpiresAt = expires!.Value,
            TokenId = id,
            Scopes = scopes,
            GrantId = profile.IsOwn ? claims.Text("grant_id") : null,
            Thumbprint = thumbprint,
            Actor = actor,
            MayAct = profile.IsOwn && claims.TryGetProperty("may_act", out var may) && may.ValueKind == JsonValueKind.Object ? may.Text("sub") : null,
            Details = details,
            IsTest = profile.IsOwn && claims.TryGetProperty("test_mode", out var test) && test.ValueKind == JsonValueKind.True,
            AuthenticatedAt = authenticated,
            AuthenticationContext = claims.Text("acr"),
        };
    }

    private static string? FirstText(JsonElement claims, IReadOnlyList<string> names) => names.FirstOrDefault(member => claims.Has(member)) is { } name ? claims.Text(name) : null;

    private bool TryReadScopes(JsonElement claims, out ScopeSet scopes)
    {
        scopes = ScopeSet.Empty;
        if (profile.ScopeClaims.FirstOrDefault(member => claims.Has(member)) is not { } name)
        {
            return true;
        }
        var text = claims.Text(name)
            ?? (name != "scope" && claims.TryTexts(name, ScopeSet.Most, out var list) && list is not null ? string.Join(' ', list) : null);
        if (text is "")
        {
            return true;
        }
        var isRead = ScopeSet.TryParse(text, out var read);
        scopes = read ?? ScopeSet.Empty;
        return isRead;
    }

    private bool TryReadDetails(JsonElement claims, DateTimeOffset now, out AuthorizationDetails? details)
    {
        details = null;
        return !claims.TryGetProperty("authorization_details", out var array)
            || AuthorizationDetails.FromJson(array, profile.DetailTypes, now, ofGrant: true).TryGet(out details, out _)
            || !profile.IsOwn;
    }

    private static string? AudienceOf(JsonElement claims) => claims.Text("aud")
        ?? (claims.TryTexts("aud", 16, out var audiences) && audiences is [var only] ? only : null);

    // A confirmation of a kind that is not understood must not pass as none (RFC 7800 §3.1).
    private static bool TryReadThumbprint(JsonElement claims, out string? thumbprint)
    {
        thumbprint = null;
        if (!claims.TryGetProperty("cnf", out var confirmation))
        {
            return true;
        }
        thumbprint = confirmation.ValueKind == JsonValueKind.Object ? confirmation.Text("jkt") : null;
        return thumbprint is not null;
    }

    private static OAuthError Refused(string why) => new(ErrorCodes.InvalidToken, why);
}
