using System.Text.Json;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.OAuth.Clients;

/// <summary>What a client says of itself when it registers (RFC 7591 §2), checked and completed by the defaults.</summary>
public sealed record ClientMetadata
{
    /// <summary>Where codes are sent to.</summary>
    public required IReadOnlyList<string> RedirectUris { get; init; }

    /// <summary>How it proves who it is.</summary>
    public required string AuthMethod { get; init; }

    /// <summary>The grants it uses.</summary>
    public required IReadOnlyList<string> GrantTypes { get; init; }

    /// <summary>Its name; a claim that nobody checked. Null if it has none.</summary>
    public string? Name { get; init; }

    /// <summary>Its page; shown as text, never fetched. Null if it has none.</summary>
    public string? ClientUri { get; init; }

    /// <summary>The scopes it means to ask for; null for the server's default ones.</summary>
    public ScopeSet? Scopes { get; init; }

    /// <summary><c>web</c> or <c>native</c>; null if it is not said.</summary>
    public string? ApplicationType { get; init; }

    /// <summary>Its keys; null if it has none here.</summary>
    public JwkSet? Keys { get; init; }

    /// <summary>Where its keys are; null if they are nowhere or here.</summary>
    public string? JwksUri { get; init; }

    /// <summary>The types of authorization details it means to ask for (RFC 9396 §10).</summary>
    public IReadOnlyList<string> AuthorizationDetailsTypes { get; init; } = [];

    /// <summary>Whether all its tokens are to be bound to a key (RFC 9449 §5.2).</summary>
    public bool RequiresDpop { get; init; }

    /// <summary>Whether it pushes all its requests (RFC 9126 §6).</summary>
    public bool RequiresPushedRequests { get; init; }

    /// <summary>Whether it is for trying out alone (<c>test_mode</c>, a member of this server's own): it may then ask for tokens of its own.</summary>
    public bool IsTest { get; init; }

    /// <summary>Its software's name and version; null if it does not say (RFC 7591 §2).</summary>
    public string? SoftwareId { get; init; }

    /// <summary>Its software's version; null if it does not say.</summary>
    public string? SoftwareVersion { get; init; }

    /// <summary>The answer to a registration, sent with 201: all that was registered (RFC 7591 §3.2.1).</summary>
    /// <param name="clientId">The id.</param>
    /// <param name="secret">The secret, told this once; null for methods without one.</param>
    /// <param name="issuedAt">The time.</param>
    public byte[] ToJson(string clientId, string? secret, DateTimeOffset issuedAt) => JsonText.Write(json =>
    {
        json.WriteString("client_id", clientId);
        json.WriteNumber("client_id_issued_at", issuedAt.ToUnixTimeSeconds());
        if (secret is not null)
        {
            json.WriteString("client_secret", secret);
            json.WriteNumber("client_secret_expires_at", 0);
        }
        WriteTo(json);
    });

    private void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStrings("redirect_uris", RedirectUris);
        json.WriteString("token_endpoint_auth_method", AuthMethod);
        json.WriteStrings("grant_types", GrantTypes);
        json.WriteStrings("response_types", RedirectUris.Count > 0 ? ["code"] : []);
        json.WriteIfGiven("client_name", Name);
        json.WriteIfGiven("client_uri", ClientUri);
        json.WriteIfGiven("scope", Scopes?.ToString());
        json.WriteIfGiven("application_type", ApplicationType);
        json.WriteIfGiven("jwks_uri", JwksUri);
        json.WriteIfGiven("software_id", SoftwareId);
        json.WriteIfGiven("software_version", SoftwareVersion);
        json.WriteBoolean("dpop_bound_access_tokens", RequiresDpop);
        json.WriteBoolean("require_pushed_authorization_requests", RequiresPushedRequests);
        if (IsTest)
        {
            json.WriteBoolean("test_mode", true);
        }
        if (AuthorizationDetailsTypes.Count > 0)
        {
            json.WriteStrings("authorization_details_types", AuthorizationDetailsTypes);
        }
        if (Keys is not null)
        {
            json.WritePropertyName("jwks");
            json.WriteRawValue(Keys.ToJson());
        }
    }
}
