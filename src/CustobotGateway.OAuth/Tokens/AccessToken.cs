using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.OAuth.Tokens;

/// <summary>The claims of an access token (RFC 9068 §2.2).</summary>
public sealed record AccessToken
{
    /// <summary>The value of <c>typ</c> (RFC 9068 §2.1).</summary>
    public const string Type = "at+jwt";

    private const string ClientSubjectPrefix = "client:";

    /// <summary>Who issued it.</summary>
    public required string Issuer { get; init; }

    /// <summary>Whose rights it carries; <see cref="SubjectOf"/> a client where no person is behind it.</summary>
    public required string Subject { get; init; }

    /// <summary>The one resource that it is for.</summary>
    public required string Audience { get; init; }

    /// <summary>The client that asked for it.</summary>
    public required string ClientId { get; init; }

    /// <summary>From when it is.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>From then on it is refused.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Its id, by which it alone can be revoked.</summary>
    public required string TokenId { get; init; }

    /// <summary>What it allows.</summary>
    public required ScopeSet Scopes { get; init; }

    /// <summary>What it was issued from, by which it is revoked with all of the same origin; null for a client's own token and for other issuers'.</summary>
    public string? GrantId { get; init; }

    /// <summary>The thumbprint of the key that its holder has to prove (<c>cnf.jkt</c>, RFC 9449 §6.1); null for a bearer token.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>Who acts for the subject; null where the subject does (RFC 8693 §4.1).</summary>
    public Actor? Actor { get; init; }

    /// <summary>The subject of the actor that may exchange it besides the client it was issued to (<c>may_act</c>, RFC 8693 §4.4); null for none.</summary>
    public string? MayAct { get; init; }

    /// <summary>What was granted in detail; null if nothing was (RFC 9396 §9.1).</summary>
    public AuthorizationDetails? Details { get; init; }

    /// <summary>When the person logged in; null without a person (RFC 9068 §2.2.1).</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>How the person logged in, as an authentication context class; null without a person (RFC 9068 §2.2.1).</summary>
    public string? AuthenticationContext { get; init; }

    /// <summary>Whether it is for trying out alone: what is done with it is kept apart.</summary>
    public bool IsTest { get; init; }

    /// <summary>The subject of a token that a client got for itself: it can be no person's, since no person's id has the prefix (RFC 9068 §5).</summary>
    public static string SubjectOf(string clientId) => ClientSubjectPrefix + clientId;

    /// <summary>True if no person is behind the token. Asked of this server's own tokens: another issuer may name people as it likes.</summary>
    public bool IsOfClient => Subject.StartsWith(ClientSubjectPrefix, StringComparison.Ordinal);

    /// <summary>Signs the token.</summary>
    public string Sign(SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Sign(Type, ToClaims());
    }

    /// <summary>The claims as JSON.</summary>
    public byte[] ToClaims() => JsonText.Write(json =>
    {
        json.WriteString("iss", Issuer);
        json.WriteString("sub", Subject);
        json.WriteString("aud", Audience);
        json.WriteString("client_id", ClientId);
        json.WriteNumber("iat", IssuedAt.ToUnixTimeSeconds());
        json.WriteNumber("exp", ExpiresAt.ToUnixTimeSeconds());
        json.WriteString("jti", TokenId);
        json.WriteString("scope", Scopes.ToString());
        json.WriteIfGiven("grant_id", GrantId);
        json.WriteIfGiven("acr", AuthenticationContext);
        if (AuthenticatedAt is { } authenticated)
        {
            json.WriteNumber("auth_time", authenticated.ToUnixTimeSeconds());
        }
        if (Thumbprint is not null)
        {
            json.WriteStartObject("cnf");
            json.WriteString("jkt", Thumbprint);
            json.WriteEndObject();
        }
        if (IsTest)
        {
            json.WriteBoolean("test_mode", true);
        }
        if (MayAct is not null)
        {
            json.WriteStartObject("may_act");
            json.WriteString("sub", MayAct);
            json.WriteEndObject();
        }
        Actor?.WriteTo(json);
        if (Details is not null)
        {
            json.WritePropertyName("authorization_details");
            Details.WriteTo(json);
        }
    });
}
